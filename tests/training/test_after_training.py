"""Whatever fails after the last step leaves the model, the other scores and a sentence."""

from pathlib import Path
from typing import Any

import pytest

from rnnbuild.errors import TrainingError
from rnnbuild.runs.directory import open_run
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.training import scoring, train
from tests.cli.command import rnnbuild
from tests.training.small_runs import Remarks, light, resume_here, train_here

PARTS = {
    "baseline_scores": "the trivial answers to test could not be computed",
    "details_of": "the details of the test scores could not be computed",
    "scores": "the test scores could not be computed",
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("error", [MemoryError(), ValueError("what a broken package raises")])
def test_a_score_that_fails_takes_nothing_else_with_it(
    part: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*arguments: Any, **options: Any) -> Any:
        raise error

    remarks, run = Remarks(), tmp_path / "run"
    with monkeypatch.context() as patch:
        if part == "scores":  # the final ones alone, which come with intervals
            true = scoring.scores
            patch.setattr(
                scoring, part, lambda *given, **how: true(*given, **how) if how else failing()
            )
        else:
            patch.setattr(scoring, part, failing)
        metrics = train_here(run, light(epochs=1), remarks).metrics
    (sentence,) = (text for text in remarks.texts if PARTS[part] in text)
    assert type(error).__name__ in sentence
    assert sentence in metrics.remarks
    assert read_metrics(open_run(run)) == metrics
    assert ("test" in metrics.scores) == (part != "scores")
    assert bool(metrics.baselines.get("test")) == (part == "details_of")
    assert ("test" in metrics.details) == (part == "baseline_scores")
    for command in (["evaluate", run], ["predict", run, "good"], ["runs", run], ["resume", run]):
        assert rnnbuild(*command).code == 0, command


def test_one_trivial_method_that_fails_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rnnbuild.data.labelled_text.load.LinearModel.fit",
        lambda *arguments: (_ for _ in ()).throw(RuntimeError("no convergence")),
    )
    remarks = Remarks()
    values = {**light(epochs=1), "data": {"dataset": "reber", "size": 40}}
    metrics = train_here(tmp_path / "run", values, remarks).metrics
    assert list(metrics.baselines["test"]) == ["majority", "naive Bayes"]
    assert any("by TF-IDF linear could not be computed" in text for text in remarks.texts)


def test_a_disk_that_is_full_at_the_scores_leaves_the_model_and_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    run = tmp_path / "run"
    with monkeypatch.context() as patch, pytest.raises(TrainingError, match="No space left"):
        patch.setattr(train, "write_metrics", full)
        train_here(run, light(epochs=1))
    assert rnnbuild("predict", run, "good").code == 0
    assert rnnbuild("evaluate", run).code == 0
    assert resume_here(run, light(epochs=1)).metrics.scores.keys() == {"validation", "test"}
