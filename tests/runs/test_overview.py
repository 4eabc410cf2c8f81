"""A run at a glance: its progress, its score, and what is damaged."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rnnbuild.errors import RunError
from rnnbuild.runs.checkpoint_files import Header, checkpoint_path
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.runs.metrics_file import TextSize, read_metrics, write_metrics
from rnnbuild.runs.overview import overview_of, overview_or_damage
from tests.runs.fixture import copy_of_the_run


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return copy_of_the_run(tmp_path / "run")


def test_a_finished_run_has_its_test_score_with_its_interval(run: RunDirectory) -> None:
    overview, metrics = overview_of(run), read_metrics(run)
    assert metrics is not None
    score = metrics.scores["test"]["token_accuracy"]
    assert (overview.status, overview.split) == ("finished", "test")
    assert (overview.score, overview.low, overview.high) == (score.value, score.low, score.high)
    assert (overview.name, overview.task, overview.data) == ("small", "tag", "amazon")
    assert (overview.layers, overview.metric) == ("simple_rnn 2", "token_accuracy")
    assert (overview.epochs, overview.epochs_planned, overview.steps) == (2, 2, 6)
    assert overview.parameters == 285
    assert overview.seconds == 3.083


def test_what_the_tokens_are_is_read_from_the_scores(run: RunDirectory) -> None:
    metrics = read_metrics(run)
    assert metrics is not None
    assert overview_of(run).token == "token"
    size = TextSize(tokens=9, characters=9, token="character")
    write_metrics(run, replace(metrics, text={"test": size}))
    assert overview_of(run).token == "character"


def test_a_stopped_run_has_the_validation_score_of_the_weights_to_be_kept(
    run: RunDirectory,
) -> None:
    run.metrics.unlink()
    shutil.rmtree(run.checkpoints)
    lines = run.history.read_text().splitlines(keepends=True)
    better = lines[1].replace('"token_accuracy": 0.95', '"token_accuracy": 0.99')
    run.history.write_text("".join([lines[0], better, lines[2]]))
    config = run.config.read_text()
    for restore_best, score in (("true", 0.9923809523809523), ("false", 0.9523809523809523)):
        run.config.write_text(f"{config}  restore_best: {restore_best}\n")
        overview = overview_of(run)
        assert (overview.status, overview.split) == ("stopped", "validation")
        assert overview.score == pytest.approx(score)
    assert (overview.low, overview.high, overview.parameters) == (None, None, None)
    assert (overview.epochs, overview.steps) == (1, 4)  # the third line is within an epoch


def test_a_run_that_has_not_been_evaluated_has_no_score(run: RunDirectory) -> None:
    for path in (run.metrics, run.history, run.timings):
        path.unlink()
    overview = overview_of(run)
    assert (overview.status, overview.split, overview.score) == ("stopped", "", None)
    # A checkpoint knows how far it came; one of that version only by its name.
    assert (overview.epochs, overview.steps, overview.seconds) == (0, 6, 0.0)
    line = Header(best_steps=0, epoch=1, seconds=2.5).line()
    checkpoint_path(run, 9).write_bytes(b"0" * 64 + b"\n" + line + b"PK")
    overview = overview_of(run)
    assert (overview.epochs, overview.steps, overview.seconds) == (1, 9, 2.5)
    shutil.rmtree(run.checkpoints)
    assert overview_of(run).steps == 0


def test_a_run_that_is_locked_is_running(run: RunDirectory) -> None:
    with locked(run):
        assert overview_of(run).status == "running"
    assert overview_of(run).status == "finished"


@pytest.mark.parametrize("name", ["facts.json", "metrics.json", "history.jsonl", "timings.jsonl"])
def test_a_damaged_file_is_named_and_is_an_error_for_a_single_run(
    name: str, run: RunDirectory
) -> None:
    (run.path / name).write_text('{"a": \n')
    overview = overview_or_damage(run)
    assert overview.status == "damaged"
    assert f"{name} is damaged" in overview.problem
    with pytest.raises(RunError, match=f"{name} is damaged"):
        overview_of(run)


def test_a_damaged_config_is_named(run: RunDirectory) -> None:
    run.config.write_text("model: [")
    assert overview_or_damage(run).status == "damaged"
