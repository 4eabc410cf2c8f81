"""A disk that is full or read-only: a sentence, and what was saved before stays."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnbuild.errors import RunError, TrainingError
from rnnbuild.training.observer import Silence
from rnnbuild.training.state import TrainingState
from rnnbuild.training.step import StepSums
from tests.training.small_runs import assert_same_run, resume_here, train_here


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


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
    reference: Path, small_disk: Path
) -> None:
    run, filler = small_disk / "run", FillsTheDisk(small_disk, steps=8)
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


def test_a_folder_that_cannot_be_written_is_refused(small_disk: Path, reference: Path) -> None:
    run = small_disk / "run"
    subprocess.run(["cp", "-r", str(reference), str(run)], check=True)
    (run / "metrics.json").unlink()
    mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(RunError, match="cannot be written: Read-only file system"):
        resume_here(run)
    with pytest.raises(RunError, match="cannot be a run folder: Read-only file system"):
        train_here(small_disk / "new")
