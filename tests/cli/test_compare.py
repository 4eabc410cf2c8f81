"""`rnnbuild compare`: variants in order, differences, budgets and notes."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.command import rnnbuild, widest

NOTEBOOK = (
    *("--vary", "cell=simple_rnn,gru,lstm"),
    *("--vary", "bidirectional=false,true"),
    *("--vary", "depth=1,2"),
)


def test_the_notebooks_variants_have_their_known_counts_in_order() -> None:
    shown = rnnbuild("compare", "classic", *NOTEBOOK, "--format", "json").json
    assert [model["parameters"] for model in shown] == [
        *(586, 641, 671, 831),
        *(761, 941, 1021, 1531),
        *(826, 1046, 1151, 1791),
    ]
    assert shown[5]["settings"] == {"cell": "gru", "bidirectional": False, "depth": 2}


def test_differences_are_to_the_first_even_when_sorted() -> None:
    shown = rnnbuild(
        *("compare", "classic", "--vary", "cell=lstm,simple_rnn,gru"),
        *("--sort", "parameters", "--format", "json"),
    ).json
    assert [model["settings"]["cell"] for model in shown] == ["simple_rnn", "gru", "lstm"]
    assert [model["difference"] for model in shown] == [671 - 1151, 1021 - 1151, 0]


@pytest.mark.parametrize(
    ("key", "figure"), [("multiply-adds", "multiply_adds"), ("memory", "training_memory")]
)
def test_every_figure_can_order_the_models(key: str, figure: str) -> None:
    shown = rnnbuild("compare", "classic", *NOTEBOOK, "--sort", key, "--format", "json").json
    figures = [model[figure] for model in shown]
    assert figures == sorted(figures)


def test_eighteen_variants_of_three_keys_fit_eighty_columns() -> None:
    arguments = (
        *("compare", "classic", "--vary", "cell=simple_rnn,gru,lstm"),
        *("--vary", "bidirectional=false,true", "--vary", "depth=1,2,3"),
    )
    narrow, wide = rnnbuild(*arguments), rnnbuild(*arguments, columns=120)
    assert widest(narrow.out) <= 80
    # The memory goes below, beside the keys that say whose it is; the bars are left out.
    keys = [line.split()[:3] for line in wide.lines[3:21]]
    assert len({tuple(key) for key in keys}) == 18
    assert [line.split()[:3] for line in narrow.lines[3:21]] == keys
    assert [line.split()[:3] for line in narrow.lines[23:41]] == keys
    assert len([line for line in wide.lines if "█" in line]) == 18


def test_the_longest_bar_is_that_of_the_largest_model() -> None:
    lines = rnnbuild("compare", "classic", *NOTEBOOK, columns=100).lines
    longest = max(lines, key=lambda line: line.count("█"))
    assert "1,791" in longest


def test_it_says_with_figures_that_the_total_does_not_simply_double() -> None:
    text = " ".join(rnnbuild("compare", "classic", *NOTEBOOK).out.split())
    assert "simple_rnn: 80 to 160" in text
    assert "(61 to 66)" not in text
    assert "does not simply double: 586 to 671, 1.15 times" in text


def test_models_that_all_read_both_ways_need_no_such_remark() -> None:
    assert "double" not in rnnbuild("compare", "classic", "--vary", "units=3,4").out


def test_configs_with_the_same_name_are_called_by_their_arguments(
    tmp_path: Path,
) -> None:
    text = "name: same\nmodel: {embedding: {input_dim: 9, output_dim: 3}, input_length: 4, "
    text += "layers: [{cell: gru, units: 3}], head: {units: 1}}\n"
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text)
    shown = rnnbuild("compare", "a.yaml", "b.yaml", "--format", "json", folder=tmp_path).json
    assert [model["name"] for model in shown] == ["a.yaml", "b.yaml"]
    shown = rnnbuild("compare", "a.yaml", "classic", "--format", "json", folder=tmp_path).json
    assert [model["name"] for model in shown] == ["same", "classic"]


def test_variants_written_in_the_config_are_compared(tmp_path: Path) -> None:
    text = "variants: {cell: [gru, lstm], units: [3, 4]}\n"
    text += "model: {embedding: {input_dim: 9, output_dim: 3}, input_length: 4, "
    text += "layers: [{cell: gru, units: 3}], head: {units: 1}}\n"
    (tmp_path / "config.yaml").write_text(text)
    shown = rnnbuild("compare", "config.yaml", "--format", "json", folder=tmp_path).json
    assert [tuple(model["settings"].values()) for model in shown] == [
        *(("gru", 3), ("gru", 4)),
        *(("lstm", 3), ("lstm", 4)),
    ]


def test_at_equal_parameters_every_model_is_near_the_first() -> None:
    shown = rnnbuild(
        *("compare", "classic", "--set", "units=64", "--vary", "cell=lstm,gru,simple_rnn"),
        *("--equal-parameters", "first", "--format", "json"),
    ).json
    assert shown[0]["units"] == [64]
    assert shown[0]["parameters"] == shown[0]["budget"]
    assert all(abs(model["difference"]) < 0.02 * shown[0]["budget"] for model in shown)
    assert shown[0]["units"] < shown[1]["units"] < shown[2]["units"]


@pytest.mark.parametrize("text", ["20000", "20,000", "20_000"])
def test_a_budget_is_read_as_people_write_it(text: str) -> None:
    shown = rnnbuild("compare", "classic", "--equal-parameters", text, "--format", "json").json
    assert shown[0]["budget"] == 20_000


@pytest.mark.parametrize("text", ["many", "-5", "0", "1e5", ""])
def test_an_invalid_budget_is_an_error_with_its_place(text: str) -> None:
    shown = rnnbuild("compare", "classic", f"--equal-parameters={text}")
    assert shown.code == 2
    assert "takes a number of parameters, or `first`" in shown.err


def test_a_model_far_from_the_budget_is_named() -> None:
    shown = rnnbuild("compare", "classic", "--equal-parameters", "100")
    assert "classic comes no closer than 527 parameters" in " ".join(shown.out.split())


def test_csv_has_a_column_for_every_varied_key() -> None:
    text = rnnbuild("compare", "classic", *NOTEBOOK, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["cell"] == "simple_rnn"
    assert rows[-1]["parameters"] == "1791"


def test_csv_has_no_drawing() -> None:
    head = rnnbuild("compare", "classic", *NOTEBOOK, "--format", "csv").lines[0]
    assert (
        head == "cell,bidirectional,depth,parameters,difference,ratio,multiply_adds,training_memory"
    )


def test_keys_with_the_same_last_part_are_written_in_full() -> None:
    shown = rnnbuild(
        *("compare", "classic", "--vary", "model.layers.0.units=4,5"),
        *("--vary", "model.head.units=1,2", "--format", "markdown"),
    )
    assert "| model.layers.0.units | model.head.units |" in shown.out


def test_a_wrong_alternative_is_shown_on_the_command_line() -> None:
    shown = rnnbuild("compare", "classic", "--vary", "cell=gru,lstn")
    assert shown.code == 2
    assert "command line" in shown.err
    assert "lstm" in shown.err


def test_units_are_varied_or_chosen_but_not_both() -> None:
    varied = ("--vary", "units=8,16", "--vary", "cell=gru,lstm")
    shown = rnnbuild("compare", "classic", *varied, "--equal-parameters", "5000")
    assert shown.code == 2
    assert "--equal-parameters chooses `units`" in " ".join(shown.err.split())
    assert rnnbuild("compare", "classic", *varied).code == 0
