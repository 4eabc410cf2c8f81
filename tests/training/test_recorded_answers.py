"""What `train` and `evaluate` write of a model's answers gives back every score of metrics.json."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.metrics.scoring import evaluate
from rnnbuild.runs.answer_tables import metrics_and_tables
from rnnbuild.runs.answers_file import NumberAnswers, SplitAnswers, read_answers
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Split, read_metrics
from rnnbuild.training import scoring, train
from tests import small_runs
from tests.cli.command import rnnbuild
from tests.training.small_runs import (
    Remarks,
    assert_same_run,
    light,
    resume_here,
    train_here,
)

SPLITS: tuple[Split, ...] = ("validation", "test")


def columns_config(folder: Path) -> Path:
    """A series of two columns in units of their own."""
    generator = np.random.default_rng(1)
    rows = [f"{a:.2f},{b:.1f}" for a, b in generator.normal((3, 900), (1, 50), (150, 2))]
    (folder / "two.csv").write_text("\n".join(["a,b", *rows]), encoding="utf-8")
    data = {"train": "two.csv", "window": 5, "horizon": 3}
    return small_runs.config_file(folder, "two", data, embeds=False)


def many_labels_config(folder: Path) -> Path:
    """Fifteen labels, some of test missing in training."""
    rows = [f"w{number % 15} the plot,label {number % 15}" for number in range(150)]
    (folder / "train.csv").write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    test = [f"w{number % 15} the plot,label {number % 20}" for number in range(60)]
    (folder / "test.csv").write_text("\n".join(["text,label", *test]), encoding="utf-8")
    data = {"train": "train.csv", "test": "test.csv"}
    return small_runs.config_file(folder, "many", data)


CONFIGS: dict[str, Callable[[Path], Path]] = {
    "two labels": small_runs.classify_config,
    "many labels": many_labels_config,
    "several labels": small_runs.labels_config,
    "tags": small_runs.tag_config,
    "texts": small_runs.translate_config,
    "a series": small_runs.series_config,
    "columns in units of their own": columns_config,
    "sequences": small_runs.numbers_config,
}


@pytest.fixture(scope="module", params=CONFIGS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    made = small_runs.trained_run(tmp_path_factory.mktemp("run"), CONFIGS[request.param])
    return RunDirectory(made)


def record_of(run: RunDirectory, split: Split) -> SplitAnswers:
    record = read_answers(run, split)
    assert record is not None
    return record


def test_the_scores_of_a_run_follow_from_its_record_alone(run: RunDirectory) -> None:
    metrics = read_metrics(run)
    assert metrics is not None
    for split in SPLITS:
        record = record_of(run, split)
        again = evaluate(*metrics_and_tables(record))
        saved = metrics.scores[split]
        assert list(again) == list(saved)
        for name, score in saved.items():
            assert again[name].value == score.value, name
            assert again[name].count == score.count
            if not isinstance(record.answers, NumberAnswers):
                # Of forecasts the interval allows for errors that depend on their neighbours.
                assert again[name] == score
        assert record.count == len(record.digests)


def test_evaluate_writes_the_same_record_once_more(run: RunDirectory) -> None:
    before = run.answers("test").read_bytes()
    run.answers("test").unlink()
    assert rnnbuild("evaluate", run.path, "--split", "validation").code == 0
    assert not run.answers("test").exists()
    assert rnnbuild("evaluate", run.path).code == 0
    assert run.answers("test").read_bytes() == before


def test_the_rows_are_those_that_the_data_has(run: RunDirectory) -> None:
    """The mistakes of metrics.json name rows, with their texts and targets."""
    metrics = read_metrics(run)
    assert metrics is not None
    record = record_of(run, "test")
    mistakes = metrics.details["test"].mistakes
    assert mistakes
    for mistake in mistakes:
        assert record.texts[mistake.row - 1] == mistake.text[:240]
    assert len(set(record.digests)) == len(set(zip(record.texts, targets_of(record), strict=True)))


def targets_of(record: SplitAnswers) -> list[Any]:
    return list(map(str, record.answers.targets))


def test_forecasts_have_the_dates_of_the_steps_that_they_forecast(tmp_path: Path) -> None:
    run = RunDirectory(small_runs.trained_run(tmp_path, small_runs.series_config))
    answers = record_of(run, "test").answers
    assert isinstance(answers, NumberAnswers)
    assert answers.dates is not None
    sales = dict(line.split(",") for line in (tmp_path / "sales.csv").read_text().splitlines()[1:])
    for date, target in zip(answers.dates, answers.targets, strict=True):
        assert float(sales[date]) == target[0]


def test_evaluate_on_another_file_leaves_the_record_alone(tmp_path: Path) -> None:
    run = RunDirectory(small_runs.trained_run(tmp_path, small_runs.classify_config))
    before = run.answers("test").read_bytes()
    assert rnnbuild("evaluate", run.path, "--data", tmp_path / "reviews.csv").code == 0
    assert run.answers("test").read_bytes() == before


def test_a_run_that_has_not_finished_has_no_record(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    train_here(run.path, light(epochs=1))
    run.metrics.unlink()
    run.answers("test").unlink()
    assert rnnbuild("evaluate", run.path).code == 0
    assert not run.answers("test").exists()


def test_a_record_that_cannot_be_written_takes_nothing_else_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    remarks, path = Remarks(), tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(scoring, "write_answers", full)
        metrics = train_here(path, light(epochs=1), remarks).metrics
    sentence = "the record of the test answers could not be written: OSError: [Errno 28] No space"
    assert any(text.startswith(sentence) for text in remarks.texts)
    assert any(text.startswith(sentence) for text in metrics.remarks)
    assert metrics.scores.keys() == {"validation", "test"}
    assert rnnbuild("evaluate", path).code == 0
    assert read_answers(RunDirectory(path), "test") is not None


def test_a_run_whose_lock_cannot_be_taken_is_evaluated_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "run"
    train_here(path, light(epochs=1))
    (path / "lock").unlink()
    (path / "lock").mkdir()
    result = rnnbuild("evaluate", path)
    assert result.code == 0
    assert "the test answers were not recorded" in result.err


def test_a_run_that_is_continued_has_the_answers_of_its_last_weights(tmp_path: Path) -> None:
    whole, run = tmp_path / "whole", RunDirectory(tmp_path / "run")
    train_here(whole, light(epochs=2))
    train_here(run.path, light(epochs=1))
    first = run.answers("test").read_bytes()
    resume_here(run.path, light(epochs=2), accept_changes=True)
    assert run.answers("test").read_bytes() == RunDirectory(whole).answers("test").read_bytes()
    assert run.answers("test").read_bytes() != first


class KilledError(BaseException):
    """Ends a run where no `except Exception` sees it."""


@pytest.mark.parametrize("written", range(4))
def test_a_run_that_is_killed_among_its_last_files_is_finished_by_resume(
    written: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the model, the answers to each split, and the scores."""
    whole, path = tmp_path / "whole", tmp_path / "run"
    train_here(whole, light(epochs=1))
    left = written

    def before(write: Any) -> Any:
        def counted(*given: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise KilledError
            return write(*given)

        return counted

    with monkeypatch.context() as patch:
        patch.setattr(train, "save_model", before(train.save_model))
        patch.setattr(scoring, "write_answers", before(scoring.write_answers))
        patch.setattr(train, "write_metrics", before(train.write_metrics))
        with pytest.raises(KilledError):
            train_here(path, light(epochs=1))
    there = {each.name for each in path.iterdir()}
    last = ["model.keras", "answers-validation.json.gz", "answers-test.json.gz", "metrics.json"]
    assert [name for name in last if name in there] == last[:written]
    resume_here(path, light(epochs=1))
    assert_same_run(path, whole)


def test_the_record_is_plain_json_in_gzip(tmp_path: Path) -> None:
    path = tmp_path / "run"
    train_here(path, light(epochs=1))
    document = json.loads(gzip.decompress((path / "answers-test.json.gz").read_bytes()))
    assert document["format"] == 1
    assert document["count"] == len(document["digests"]) == len(document["answers"]["targets"])
