"""The weights of the best evaluation are the result of a run, and it says which they are."""

import csv
import io
import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.inference.keras_model import load_model
from rnnbuild.models import large_embedding
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HistoryLine, read_history
from rnnbuild.runs.metrics_file import Kept, read_metrics
from rnnbuild.training.progress.checkpoint import Checkpoint, checkpoint_at, last_checkpoint
from tests.cli.command import rnnbuild
from tests.runs.fixture import copy_of_the_run
from tests.training.small_runs import (
    Remarks,
    light,
    resume_here,
    train_here,
    write_config,
)

# One unit at such a rate soon moves away from its best.
RESTLESS: dict[str, Any] = {"epochs": 9, "optimizer": {"name": "sgd", "learning_rate": 3.0}}
METRIC = "token_accuracy"


def weights(checkpoint: Checkpoint | None) -> list[np.ndarray]:
    assert checkpoint is not None
    return [array for name, array in checkpoint.arrays.items() if name.startswith("weight")]


def assert_saved(run: RunDirectory, expected: list[np.ndarray]) -> None:
    for left, right in zip(load_model(run.model).get_weights(), expected, strict=True):
        assert np.array_equal(left, right)


def best_by_hand(run: RunDirectory, metric: str) -> HistoryLine:
    """The first line of the highest score, or of the lowest loss, and of those the lowest loss."""
    sign = 1 if metric == "loss" else -1

    def rank(line: HistoryLine) -> tuple[float, float, int]:
        score, loss = (line.scores("validation")[name] for name in (metric, "loss"))
        assert score is not None and loss is not None
        return sign * score, loss, line.steps

    return min(read_history(run.history), key=rank)


@pytest.fixture(scope="module")
def restless(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """A run without early stopping whose best evaluation is not its last."""
    run = RunDirectory(tmp_path_factory.mktemp("restless") / "run")
    train_here(run.path, light(**RESTLESS))
    return run


@pytest.mark.parametrize("early", [None, {"patience": 50}, {"metric": "loss", "patience": 2}])
@pytest.mark.parametrize("restore_best", [True, False])
def test_a_run_ends_with_the_weights_that_the_config_asks_for(
    tmp_path: Path, restore_best: bool, early: dict[str, Any] | None
) -> None:
    run, heard = RunDirectory(tmp_path / "run"), Remarks()
    training = {**RESTLESS, "restore_best": restore_best}
    if early is not None:
        training["early_stopping"] = early
    outcome = train_here(run.path, light(**training), heard)
    last, _ = last_checkpoint(run)
    assert last is not None
    if early == {"metric": "loss", "patience": 2}:
        assert outcome.metrics.epochs < 9
        assert "no improvement in loss for 2 evaluations: training stops early" in heard.texts
    else:
        assert outcome.metrics.epochs == 9
    metric = (early or {}).get("metric", METRIC)
    best = best_by_hand(run, metric)
    assert best.steps < last.state.steps
    assert_saved(run, weights(checkpoint_at(run, best.steps) if restore_best else last))
    score = best.scores("validation")[metric]
    assert read_metrics(run) == outcome.metrics
    assert outcome.metrics.kept == (
        Kept(epoch=best.epoch, steps=best.steps, metric=metric, value=score)
        if restore_best
        else Kept(epoch=outcome.metrics.epochs, steps=last.state.steps)
    )


def test_the_scores_are_those_of_the_best_evaluation(restless: RunDirectory) -> None:
    best, metrics = best_by_hand(restless, METRIC), read_metrics(restless)
    assert metrics is not None
    expected = best.scores("validation")[METRIC]
    assert metrics.scores["validation"][METRIC].value == expected
    result = rnnbuild("evaluate", restless.path, "--split", "validation", "--format", "json")
    assert result.json["scores"]["validation"][METRIC]["value"] == expected


def test_best_marks_what_is_kept_and_the_last_line_says_so(tmp_path: Path) -> None:
    config = write_config(
        tmp_path / "c.yaml", light(**RESTLESS, early_stopping={"metric": "loss", "patience": 50})
    )
    run = RunDirectory(tmp_path / "run")
    result = rnnbuild("train", config, "--run-dir", run.path)
    assert result.code == 0, result.err
    best = best_by_hand(run, "loss")
    loss = best.scores("validation")["loss"]
    last = f"kept the weights of epoch {best.epoch} of 9: validation loss {loss:.4f}"
    assert result.lines[-1] == last
    marked = [line for line in result.err.splitlines() if line.endswith(" best")]
    assert marked[-1].split()[0] == f"{best.epoch}/9"
    shown = rnnbuild("runs", run.path)
    assert last in shown.out
    table = csv.DictReader(io.StringIO(rnnbuild("runs", run.path, "--format", "csv").out))
    assert [row["epoch"] for row in table if row["best"] == "True"] == [str(best.epoch)]
    # A stopped run is listed with the score of the evaluation that would be kept.
    run.metrics.unlink()
    listed = rnnbuild("runs", run.path, "--format", "json").json
    assert listed["score"] == best.scores("validation")[METRIC]


def test_within_an_epoch_and_without_validation_the_last_line_is_true(tmp_path: Path) -> None:
    within = train_here(tmp_path / "within", light(steps=2)).metrics.kept
    assert within is not None
    assert (within.epoch, within.step, within.steps, within.metric) == (1, 2, 2, METRIC)
    rows = "".join(f"good {n},a\nbad {n},b\n" for n in range(20))
    (tmp_path / "data.csv").write_text(f"text,label\n{rows}")
    data = {"train": "data.csv", "split": {"validation": 0, "test": 4}}
    config = write_config(tmp_path / "c.yaml", {**light(), "data": data})
    result = rnnbuild("train", config, "--run-dir", tmp_path / "without")
    assert result.code == 0, result.err
    assert result.lines[-1] == "kept the last weights, of epoch 3 of 3"
    metrics = read_metrics(RunDirectory(tmp_path / "without"))
    assert metrics is not None
    assert metrics.kept == Kept(epoch=3, steps=27)


@pytest.mark.parametrize(("epochs", "said"), [(3, False), (4, True)])
def test_training_stops_early_only_where_epochs_were_left(
    tmp_path: Path, epochs: int, said: bool
) -> None:
    """No accuracy is more than 1 better than the first: patience ends after the third epoch."""
    never = {"min_delta": 1.0, "patience": 2}
    run, heard = tmp_path / "run", Remarks()
    outcome = train_here(run, light(epochs=epochs, early_stopping=never), heard)
    assert outcome.metrics.epochs == 3
    assert any("training stops early" in text for text in heard.texts) == said
    longer = rnnbuild("resume", run, columns=1000).err
    assert "early stopping ended it" in longer
    command = longer.partition("for more: ")[2].splitlines()[0]
    resumed = rnnbuild(*shlex.split(command)[1:], "--format", "json")
    assert resumed.code == 0
    assert resumed.json["epochs"] == (5 if epochs == 3 else 4)


def test_a_longer_run_chooses_among_all_its_evaluations(
    restless: RunDirectory, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    train_here(run, light(**{**RESTLESS, "epochs": 6}))
    heard = Remarks()
    kept = resume_here(run, light(**RESTLESS), heard).metrics.kept
    assert any("from the last weights, not from the best" in text for text in heard.texts)
    whole = read_metrics(restless)
    assert whole is not None
    assert kept == whole.kept
    assert_saved(RunDirectory(run), load_model(restless.model).get_weights())


def test_other_weights_of_a_finished_run_are_saved_when_asked_for(
    restless: RunDirectory, tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path / "run")
    shutil.copytree(restless.path, run.path)
    last, _ = last_checkpoint(run)
    resume_here(run.path, light(**RESTLESS, restore_best=False))
    assert_saved(run, weights(last))
    resume_here(run.path, light(**RESTLESS))
    assert_saved(run, load_model(restless.model).get_weights())


def test_a_damaged_checkpoint_of_the_best_leaves_the_last_weights_and_says_so(
    restless: RunDirectory, tmp_path: Path
) -> None:
    run, heard = RunDirectory(tmp_path / "run"), Remarks()
    shutil.copytree(restless.path, run.path)
    last, _ = last_checkpoint(run)
    assert last is not None
    (run.checkpoints / f"step-{last.state.best.steps:09d}.checkpoint").write_bytes(b"damaged")
    run.metrics.unlink()
    kept = resume_here(run.path, light(**RESTLESS), heard).metrics.kept
    assert kept == Kept(epoch=9, steps=last.state.steps)
    assert_saved(run, weights(last))
    assert any("the last weights are kept" in text for text in heard.texts)


def test_the_best_of_a_large_embedding_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_embedding, "PAYS_FROM", 1)
    run = RunDirectory(tmp_path / "run")
    adam = {"name": "adam", "learning_rate": 1.0}
    training = {"epochs": 6, "optimizer": adam, "early_stopping": {"metric": "loss", "patience": 9}}
    outcome = train_here(run.path, light(**training, speed="kernels"))
    best, last = best_by_hand(run, "loss"), last_checkpoint(run)[0]
    assert last is not None
    assert best.steps < last.state.steps
    assert outcome.metrics.kept is not None
    assert outcome.metrics.kept.steps == best.steps
    assert_saved(run, weights(checkpoint_at(run, best.steps)))


WITH_EARLY_STOPPING = {"patience": 50}


@pytest.mark.parametrize(
    "early", [None, WITH_EARLY_STOPPING, {**WITH_EARLY_STOPPING, "restore_best": False}]
)
def test_a_run_of_version_0_1_keeps_the_weights_that_it_would_have_kept(
    tmp_path: Path, early: dict[str, Any] | None
) -> None:
    run = copy_of_the_run(tmp_path / "run")
    for path, defaults in ((run.config, {}), (run.resolved, {"restore_best": True})):
        text = path.read_text()
        if early is not None:
            block = json.dumps({**defaults, **early})
            text = text.replace("training:\n", f"training:\n  early_stopping: {block}\n")
        path.write_text(text)
    assert rnnbuild("runs", run.path).code == 0
    result = rnnbuild("resume", run.path, "--epochs", "3", "--accept-changes", "--format", "json")
    assert result.code == 0, result.err
    assert (result.json["kept"].get("metric") is None) == (early != WITH_EARLY_STOPPING)
    (resumption,) = run.resumptions.read_text().splitlines()
    assert "restore_best" not in resumption


def test_the_key_of_version_0_1_says_where_it_is_now(tmp_path: Path) -> None:
    config = write_config(tmp_path / "c.yaml", light(early_stopping={"restore_best": False}))
    result = rnnbuild("check", config)
    assert result.code == 2
    assert "unknown key `restore_best` in `training.early_stopping`" in result.err
    assert "`restore_best` is a key of `training`" in result.err
