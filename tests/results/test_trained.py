"""What a training run leaves, in Python."""

from pathlib import Path

import pytest

from rnnbuild.errors import RunError
from rnnbuild.results.trained import Trained
from rnnbuild.runs.directory import open_run
from rnnbuild.runs.metrics_file import read_metrics
from tests.cli.command import rnnbuild


@pytest.fixture
def trained(classify_run: Path) -> Trained:
    run = open_run(classify_run)
    metrics = read_metrics(run)
    assert metrics is not None
    return Trained(run, metrics)


def test_it_shows_its_scores_as_the_command_does(trained: Trained) -> None:
    printed = rnnbuild("evaluate", str(trained.folder), columns=100).lines
    table = printed[: printed.index("")]
    assert repr(trained).splitlines()[: len(table)] == table
    assert repr(trained).splitlines()[-1] == f"run: {trained.folder}"


def test_it_opens_to_answer(trained: Trained) -> None:
    (answer,) = trained.open().predict(["a fine plot"])
    assert answer.prediction in ("good", "bad")


def test_a_run_whose_folder_has_gone_is_a_run_error(trained: Trained, tmp_path: Path) -> None:
    run = open_run(trained.folder)
    gone = Trained(type(run)(tmp_path / "gone"), trained.metrics)
    with pytest.raises(RunError):
        gone.open()
