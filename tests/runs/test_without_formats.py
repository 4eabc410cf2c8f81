"""A run written before formats can be listed, scored, used for predictions and resumed."""

import json
from pathlib import Path

import pytest

from rnnbuild.runs.directory import RunDirectory
from tests.cli.command import rnnbuild
from tests.runs.fixture import WITHOUT_FORMATS, copy_of_the_run


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return copy_of_the_run(tmp_path / "runs" / "small-1")


@pytest.fixture
def metrics() -> dict[str, object]:
    """As that version wrote them."""
    document: dict[str, object] = json.loads(WITHOUT_FORMATS.metrics.read_text(encoding="utf-8"))
    return document


def test_it_is_listed_and_shown(run: RunDirectory, metrics: dict[str, object]) -> None:
    (row,) = rnnbuild("runs", run.path.parent, "--format", "json").json
    assert row["status"] == "finished"
    shown = rnnbuild("runs", run.path, "--format", "json").json
    assert shown["metrics"] == {"format": 2, **metrics}
    assert [line["steps"] for line in shown["history"]] == [2, 3, 4, 6]
    assert "token accuracy" in rnnbuild("runs", run.path).out


def test_evaluate_scores_it(run: RunDirectory, metrics: dict[str, object]) -> None:
    result = rnnbuild("evaluate", run.path, "--format", "json")
    assert result.code == 0, result.err
    assert result.json["scores"]["test"].keys() == metrics["scores"]["test"].keys()  # type: ignore[index]
    accuracy = result.json["scores"]["test"]["token_accuracy"]["value"]
    assert accuracy == pytest.approx(0.9477124183006536)
    assert result.json["details"]["test"].keys() == metrics["details"]["test"].keys()  # type: ignore[index]


def test_predict_answers_with_it(run: RunDirectory) -> None:
    result = rnnbuild("predict", run.path, "the amazon is long", "--format", "json")
    assert result.code == 0, result.err
    tokens = result.json[0]["tokens"]
    assert [token["token"] for token in tokens] == ["the", "amazon", "is", "long"]
    assert {token["prediction"] for token in tokens} <= {"COMPANY", "O", "RIVER"}


def test_resume_continues_it_and_keeps_its_history_to_the_byte(run: RunDirectory) -> None:
    before = run.history.read_bytes()
    # The machine and the versions are not those that it was trained with.
    arguments = ("--epochs", "3", "--accept-changes", "--quiet")
    result = rnnbuild("resume", run.path, *arguments)
    assert result.code == 0, result.err
    after = run.history.read_bytes()
    assert after.startswith(before)
    steps = [json.loads(line)["steps"] for line in after[len(before) :].splitlines()]
    assert steps == [8, 9]
    assert json.loads(run.metrics.read_bytes())["epochs"] == 3
    (resumption,) = run.resumptions.read_text(encoding="utf-8").splitlines()
    assert json.loads(resumption)["command"][1] == "resume"
    assert json.loads(run.environment.read_bytes())["format"] == 1


def test_a_finished_one_is_not_changed(run: RunDirectory) -> None:
    before = run.metrics.read_bytes()
    result = rnnbuild("resume", run.path, "--accept-changes", "--format", "json")
    assert result.code == 0, result.err
    assert "is finished after 2 epochs" in result.err
    assert run.metrics.read_bytes() == before
