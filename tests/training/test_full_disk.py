"""A disk that is full or read-only: a sentence, and what was saved before stays."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnbuild.errors import RunError, TrainingError
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.steps.step import StepSums
from tests.small_disk import mount, small_disk
from tests.training.small_runs import assert_same_run, resume_here, train_here


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    with small_disk(tmp_path / "disk", kilobytes=2048) as folder:
        yield folder


class FillsTheDisk(Silence):
    """Takes all that is left of a disk after some steps."""

    def __init__(self, folder: Path, steps: int):
        self.file, self.steps = folder / "filler", steps

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        if state.steps != self.steps:
            return
        with self.file.open("wb", buffering=0) as stream:
            try:
                while True:
                    stream.write(bytes(512))
            except OSError:
                pass


def test_a_full_disk_ends_the_run_with_a_sentence_and_the_rest_comes_later(
    reference: Path, disk: Path
) -> None:
    run, filler = disk / "run", FillsTheDisk(disk, steps=8)
    with pytest.raises(TrainingError) as caught:
        train_here(run, observer=filler)
    (problem,) = caught.value.problems
    assert "cannot be written" in problem.message
    assert "No space left on device" in problem.message
    assert problem.hint is not None
    assert f"rnnbuild resume {run}" in problem.hint
    filler.file.unlink()
    resume_here(run)
    assert_same_run(run, reference)


def test_a_folder_that_cannot_be_written_is_refused(disk: Path, reference: Path) -> None:
    run = disk / "run"
    subprocess.run(["cp", "-r", str(reference), str(run)], check=True)
    (run / "metrics.json").unlink()
    mount("-o", "remount,ro", str(disk))
    with pytest.raises(RunError, match="cannot be written: Read-only file system"):
        resume_here(run)
    with pytest.raises(RunError, match="as a run folder: Read-only file system"):
        train_here(disk / "new")
