"""Bench times models side by side, with data and without."""

import json

import pytest
from typer.testing import CliRunner

from rnnbuild.cli.app import app

SIZES = ["--set", "data.size=60", "--set", "units=3", "--set", "training.batch_size=8"]


def bench_rows(*arguments: str) -> list[dict[str, float]]:
    result = CliRunner().invoke(app, ["bench", *arguments, "--rounds", "1", "--format", "json"])
    assert result.exit_code == 0, result.output
    rows: list[dict[str, float]] = json.loads(result.stdout)
    return rows


def test_variants_are_timed_side_by_side_on_their_own_data() -> None:
    one, other = bench_rows("amazon", *SIZES, "--vary", "cell=gru,lstm")
    for row in (one, other):
        assert min(row["train_seconds"], row["forward_seconds"]) > 0
        assert 0 <= row["padding"] < 1
        assert 0 < row["share_of_peak"] < 1
    assert one["parameters"] != other["parameters"]


def test_a_config_without_data_is_timed_on_random_examples_of_its_size() -> None:
    (row,) = bench_rows("classic")
    assert row["parameters"] == 671
    assert row["steps"] == 50
    assert row["padding"] == 0


def test_a_layer_that_the_kernels_do_not_know_is_named_with_the_reason() -> None:
    (row,) = bench_rows("classic", "--set", "recurrent_dropout=0.1")
    assert row["left_to_keras"] == {"bidirectional_simple_rnn": "recurrent_dropout"}


def test_the_table_fits_a_terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(app, ["bench", "classic", "--rounds", "1"])
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert "…" not in result.stdout
