"""A run with folds: every row tested out of fold, and nothing lost whatever stops it."""

import csv
import json
import shutil
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    roc_auc_score,
)

from rnnbuild.config.load import config_of
from rnnbuild.errors import Interrupted, RunError
from rnnbuild.runs.answers_file import LabelAnswers, read_answers
from rnnbuild.runs.directory import RunDirectory, locked, run_at
from rnnbuild.runs.history import read_timings
from rnnbuild.runs.metrics_file import Metrics, read_metrics
from rnnbuild.runs.overview import overview_of
from rnnbuild.runs.paired_runs import paired_runs
from rnnbuild.training.folds import resume_whole, train_whole
from rnnbuild.training.out_of_fold import score_out_of_fold
from rnnbuild.training.progress.observer import Observer, Silence
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.resume import ResumeRequest
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.training.steps.step import StepSums
from rnnbuild.training.train import train
from tests.small_runs import reviews
from tests.training.small_runs import Remarks, assert_same_run, finish, start, write_config

FOLDS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty texts, two of which occur three times, each with a word that no other has."""
    folder = tmp_path_factory.mktemp("folds")
    rows = [(f"{text} only{number}", label) for number, (text, label) in enumerate(reviews(36))]
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("text", "label"), *rows, *rows[:2], *rows[:2]])
    return folder


def values(epochs: int = 2, **split: Any) -> dict[str, Any]:
    return {
        "name": "reviews",
        "data": {"train": "reviews.csv", "split": {"folds": FOLDS, **split}},
        "model": {
            "embedding": {"output_dim": 4},
            "layers": [{"cell": "simple_rnn", "units": 4, "dropout": 0.2}],
        },
        "training": {
            "epochs": epochs,
            "batch_size": 16,
            "optimizer": {"name": "adam", "learning_rate": 0.05},
            "checkpoint_minutes": 1e-6,
        },
    }


def train_in(
    folder: Path,
    run: Path,
    wanted: dict[str, Any],
    observer: Observer | None = None,
    seconds: float | None = None,
) -> Metrics:
    config = config_of(wanted)
    prepared = prepare(config, folder)
    new = lambda: run_at(run)  # noqa: E731
    return train_whole(config, folder, prepared, new, observer or Silence(), seconds).metrics


def resume_in(
    folder: Path,
    run: Path,
    wanted: dict[str, Any],
    observer: Observer | None = None,
    accept_changes: bool = False,
) -> Metrics:
    config = config_of(wanted)
    with locked(RunDirectory(run)):
        request = ResumeRequest(config, folder, accept_changes=accept_changes)
        prepared = prepare(config, folder)
        return resume_whole(RunDirectory(run), request, prepared, observer or Silence()).metrics


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    """A run that nothing disturbed."""
    train_in(folder, folder / "whole", values())
    return folder / "whole"


def assert_same_whole(path: Path, reference: Path) -> None:
    assert_same_run(path, reference)
    for number in range(1, FOLDS + 1):
        assert_same_run(path / "folds" / str(number), reference / "folds" / str(number))


class StopsInFold(Silence):
    """Does something in the third step of the nth training: folds come first, the model last."""

    def __init__(self, training: int, stop: Any):
        self.training, self.stop = training, stop
        self.trainings = 0

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        self.trainings += state.steps == 0

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        if self.trainings == self.training and state.steps == 2:
            self.stop()


def test_the_test_scores_are_those_of_separate_runs_put_together(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    texts, targets, predictions, second = [], [], [], []
    for number in range(1, FOLDS + 1):
        config = config_of(values(fold=number))
        alone = tmp_path / str(number)
        train(config, folder, prepare(config, folder), lambda path=alone: run_at(path), Silence())
        assert_same_run(whole / "folds" / str(number), alone)
        record = read_answers(RunDirectory(alone), "test")
        assert record is not None
        answers = record.answers
        assert isinstance(answers, LabelAnswers)
        assert answers.probabilities is not None
        texts += record.texts
        targets += [answers.labels[label or 0] for label in answers.targets]
        predictions += [answers.labels[label or 0] for label in answers.predictions]
        second += [row[-1] for row in answers.probabilities]
    with (folder / "reviews.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(stream)]
    assert sorted(zip(texts, targets, strict=True)) == sorted(rows)
    metrics = read_metrics(RunDirectory(whole))
    assert metrics is not None
    scores = metrics.scores["test"]
    assert {score.count for score in scores.values()} == {40}
    good = np.array(targets) == "good"
    expected = {
        "accuracy": accuracy_score(targets, predictions),
        "macro_f1": f1_score(targets, predictions, average="macro"),
        "log_loss": log_loss(good, np.array(second, float)),
        "roc_auc": roc_auc_score(good, np.array(second, float)),
    }
    for name, value in expected.items():
        # Probabilities are recorded as they are, in single precision.
        assert scores[name].value == pytest.approx(value, abs=1e-6), name
    assert scores["accuracy"].low is not None


@pytest.fixture(scope="module")
def rare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on forty texts of two labels and one of a third, which one fold's training lacks."""
    folder = tmp_path_factory.mktemp("rare")
    rows = [*reviews(40), ("a lonely text", "mixed")]
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("text", "label"), *rows])
    train_in(folder, folder / "run", values(epochs=1))
    return folder / "run"


def test_a_label_that_a_folds_training_lacks_counts_as_itself(rare: Path) -> None:
    run = RunDirectory(rare)
    targets: list[str] = []
    predictions: list[str] = []
    for number in range(1, FOLDS + 1):
        record = read_answers(run.fold(number), "test")
        assert record is not None
        answers = record.answers
        assert isinstance(answers, LabelAnswers)
        # The fold's model has no number for the label, which one row of the file has.
        targets += ["mixed" if each is None else answers.labels[each] for each in answers.targets]
        predictions += [answers.labels[each or 0] for each in answers.predictions]
    assert (len(targets), targets.count("mixed")) == (41, 1)
    metrics, pooled = read_metrics(run), read_answers(run, "test")
    assert metrics is not None
    assert pooled is not None
    scores = metrics.scores["test"]
    expected = {
        "accuracy": accuracy_score(targets, predictions),
        "balanced_accuracy": balanced_accuracy_score(targets, predictions),
        "macro_f1": f1_score(targets, predictions, average="macro"),
    }
    for name, value in expected.items():
        assert scores[name].value == pytest.approx(value), name
    answers = pooled.answers
    assert isinstance(answers, LabelAnswers)
    assert [answers.labels[each or 0] for each in answers.targets] == targets
    majority = metrics.baselines["test"]["majority"]
    usual = ["good"] * len(targets)
    assert majority["accuracy"] == pytest.approx(accuracy_score(targets, usual))
    assert majority["macro_f1"] == pytest.approx(f1_score(targets, usual, average="macro"))


def test_trivial_methods_are_fitted_on_the_other_folds_too(whole: Path) -> None:
    metrics, counted = read_metrics(RunDirectory(whole)), 0.0
    assert metrics is not None
    for number in range(1, FOLDS + 1):
        alone = read_metrics(RunDirectory(whole).fold(number))
        assert alone is not None
        majority = alone.baselines["test"]["majority"]["accuracy"]
        assert majority is not None
        counted += majority * alone.scores["test"]["accuracy"].count
    assert metrics.baselines["test"]["majority"]["accuracy"] == pytest.approx(counted / 40)


def test_scores_by_fold_are_those_of_the_folds_runs(whole: Path) -> None:
    metrics = read_metrics(RunDirectory(whole))
    assert metrics is not None
    assert metrics.folds is not None
    for number, fold in enumerate(metrics.folds, 1):
        alone = read_metrics(RunDirectory(whole).fold(number))
        assert alone is not None
        assert fold.scores == {name: each.value for name, each in alone.scores["test"].items()}
    assert sum(fold.rows for fold in metrics.folds) == 40


def test_no_fold_knows_a_word_that_only_its_test_rows_have(whole: Path) -> None:
    every = {f"only{number}" for number in range(36)}
    tested: list[str] = []
    for number in range(1, FOLDS + 1):
        run = RunDirectory(whole).fold(number)
        known = set(json.loads(run.codec.read_text())["words"]) & every
        record = read_answers(run, "test")
        assert record is not None
        own = {text.rpartition(" ")[2] for text in record.texts}
        assert not own & known
        tested += own
    assert sorted(tested) == sorted(every)
    # Of all rows, the saved model has not seen those of validation alone.
    record = read_answers(RunDirectory(whole), "validation")
    assert record is not None
    held_out = {text.rpartition(" ")[2] for text in record.texts}
    known = set(json.loads(RunDirectory(whole).codec.read_text())["words"]) & every
    assert known == every - held_out


def test_mistakes_name_the_line_of_the_file_and_the_row_of_the_record(
    folder: Path, whole: Path
) -> None:
    metrics, record = read_metrics(RunDirectory(whole)), read_answers(RunDirectory(whole), "test")
    assert metrics is not None
    assert record is not None
    lines = (folder / "reviews.csv").read_text(encoding="utf-8").splitlines()
    mistakes = metrics.details["test"].mistakes
    assert mistakes
    for mistake in mistakes:
        assert mistake.source is not None
        assert mistake.text in lines[int(mistake.source.removeprefix("reviews.csv:")) - 1]
        assert record.texts[mistake.row - 1] == mistake.text


@pytest.mark.parametrize("training", [2, pytest.param(FOLDS + 1, marks=pytest.mark.torture)])
def test_a_run_that_was_killed_goes_on_to_the_same_bits(
    folder: Path, whole: Path, tmp_path: Path, training: int
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    run = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train_in(folder, run, values(), StopsInFold(training, die))
    finished = [run / "folds" / str(number) / "metrics.json" for number in range(1, training)]
    before = [path.stat().st_mtime_ns for path in finished]
    heard = Remarks()
    resume_in(folder, run, values(), heard)
    assert_same_whole(run, whole)
    assert [path.stat().st_mtime_ns for path in finished] == before
    assert not any(text.startswith("fold 1 of") for text in heard.texts)
    model = "begins" if training == 2 else "goes on at step 3, in epoch 1"
    assert heard.texts[0] == (
        f"{run} goes on: {training - 1} of 2 folds are tested, and those that have not finished "
        f"come first; then its own model {model}"
    )


@pytest.mark.torture
def test_ctrl_c_in_a_fold_names_the_whole_run_to_continue(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    with pytest.raises(Interrupted) as caught:
        train_in(folder, run, values(), StopsInFold(2, lambda: signal.raise_signal(signal.SIGINT)))
    assert str(caught.value).splitlines() == [
        f"{run} contains everything trained so far",
        f"  hint: continue with: rnnbuild resume {run}",
    ]
    heard = Remarks()
    resume_in(folder, run, values(), heard)
    assert "fold 2 of 2: training begins" not in heard.texts
    assert any(text.startswith("fold 2 of 2: ") and "goes on at" in text for text in heard.texts)
    assert_same_whole(run, whole)


def test_the_time_of_a_run_is_that_of_all_its_models(whole: Path) -> None:
    run = RunDirectory(whole)
    models = [run, *(run.fold(number) for number in range(1, FOLDS + 1))]
    own = [overview_of(model).seconds for model in models]
    last = [read_timings(model.timings)[-1].seconds for model in models]
    assert own[0] >= sum(last) > last[0]
    # A checkpoint's time is not rounded, that of an evaluation is.
    assert own[0] == pytest.approx(sum(last), abs=0.1)


def test_runs_on_other_folds_have_the_same_rows_but_not_the_same_models(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    train_in(folder, other, values(epochs=1, seed=7))
    with pytest.raises(RunError) as caught:
        paired_runs([whole, other])
    assert str(caught.value).splitlines() == [
        f"{whole} and {other} were scored on the same 40 test rows, but in other folds, by models "
        "that were trained on other rows",
        "  hint: compare runs with the same folds; the configs differ in `data.split.seed`",
    ]


@pytest.mark.torture
def test_more_epochs_are_trained_by_folds_and_model_alike(folder: Path, tmp_path: Path) -> None:
    train_in(folder, tmp_path / "short", values(epochs=1))
    resume_in(folder, tmp_path / "short", values(epochs=2))
    train_in(folder, tmp_path / "long", values(epochs=2))
    assert_same_whole(tmp_path / "short", tmp_path / "long")


def test_a_finished_run_is_left_as_it_is(folder: Path, whole: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*.json*")}
    heard = Remarks()
    resume_in(folder, whole, values(), heard)
    assert "is finished after 2 epochs" in heard.texts[0]
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("*.json*")} == before


def test_changed_data_is_refused_before_anything_is_trained(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(whole, moved / "run")
    shutil.rmtree(moved / "run" / "folds" / "2")
    rows = (folder / "reviews.csv").read_text(encoding="utf-8").splitlines()
    (moved / "reviews.csv").write_text("\n".join([*rows, rows[1]]), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in moved.rglob("*.json*")}
    with pytest.raises(RunError) as caught:
        resume_in(moved, moved / "run", values(), accept_changes=True)
    assert "the data file reviews.csv was " in str(caught.value)
    assert "rows that it was trained on may now be among those that it is tested on" in str(
        caught.value
    )
    assert {path: path.stat().st_mtime_ns for path in moved.rglob("*.json*")} == before


@pytest.mark.torture
def test_a_fold_whose_folder_was_lost_is_trained_again(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    shutil.rmtree(run / "folds" / "2")
    resume_in(folder, run, values())
    assert_same_whole(run, whole)


@pytest.mark.torture
def test_limited_time_is_shared_by_all_models_and_all_are_tested(
    folder: Path, tmp_path: Path
) -> None:
    heard, run = Remarks(), tmp_path / "run"
    metrics = train_in(folder, run, values(epochs=100_000), heard, seconds=4.0)
    assert metrics.folds is not None
    assert len(metrics.folds) == FOLDS
    over = [text for text in heard.texts if "the time is up after" in text]
    assert len(over) == FOLDS + 1
    assert all(text.endswith(f"; continue with: rnnbuild resume {run}") for text in over)


def test_without_the_scores_of_a_fold_none_are_called_out_of_fold(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    (run / "folds" / "2" / "metrics.json").unlink()
    prepared, heard = prepare(config_of(values()), folder), Remarks()
    with pytest.raises(RunError) as caught:
        score_out_of_fold(RunDirectory(run), prepared.data, lambda rows: None, heard.remarked)
    assert str(caught.value).splitlines() == [
        f"not all of 2 folds of {run} have test scores",
        f"  hint: continue it: rnnbuild resume {run}",
    ]


@pytest.mark.torture
@pytest.mark.parametrize("place", ["folds/2", ""])
def test_sigkill_and_resume_on_the_command_line_give_the_same_bits(
    folder: Path, tmp_path: Path, place: str
) -> None:
    config = write_config(folder / "reviews.yaml", values())
    waiting = f"""
import time
from rnnbuild.training import loop
save_or_raise = loop.save_or_raise
def waiting(run, session, state):
    save_or_raise(run, session, state)
    if state.steps >= 2 and run.path.as_posix().endswith({f"run/{place}".rstrip("/")!r}):
        print("here", flush=True)
        time.sleep(600)
loop.save_or_raise = waiting
"""
    run = tmp_path / "run"
    process = start("train", config, "--run-dir", run, "--quiet", before=waiting)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.kill()
    assert finish(process).returncode == -signal.SIGKILL
    assert finish(start("resume", run, "--quiet")).returncode == 0
    whole = tmp_path / "whole"
    assert finish(start("train", config, "--run-dir", whole, "--quiet")).returncode == 0
    assert_same_whole(run, whole)
