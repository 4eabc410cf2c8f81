"""A checkpoint has the lines of its history: whatever becomes of the file, the run goes on."""

import shutil
from pathlib import Path

import pytest

from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.checkpoint import last_checkpoint, read_checkpoint
from tests.training.small_runs import LIGHT, assert_same_run, light, resume_here, train_here


@pytest.mark.parametrize("lost", ["all", "a line", "half a line", "its sense"])
def test_a_history_that_was_lost_is_in_the_checkpoint(
    reference: Path, tmp_path: Path, lost: str
) -> None:
    run = RunDirectory(tmp_path / "run")
    shutil.copytree(reference, run.path)
    run.metrics.unlink()
    timings = run.timings.read_text(encoding="utf-8")
    for path in (run.history, run.timings):
        content = path.read_bytes()
        left = {
            "all": None,
            "a line": content[: content.rindex(b"\n", 0, -1) + 1],
            "half a line": content[:-9],
            "its sense": b"\xff{" + content[2:],
        }[lost]
        path.unlink() if left is None else path.write_bytes(left)
    resume_here(run.path)
    assert_same_run(run.path, reference)
    assert run.timings.read_text(encoding="utf-8") == timings


OLD = Path(__file__).parent / "version_0_1" / "step-000000012.checkpoint"
"""Of LIGHT, three epochs of four steps, as version 0.1 wrote it, without the history's lines."""


@pytest.fixture
def old_run(tmp_path: Path) -> RunDirectory:
    run = RunDirectory(tmp_path / "run")
    train_here(run.path, LIGHT)
    shutil.rmtree(run.checkpoints)
    run.checkpoints.mkdir()
    shutil.copy(OLD, run.checkpoints)
    return run


def test_a_checkpoint_of_version_0_1_goes_on_with_the_lines_of_the_folder(
    old_run: RunDirectory,
) -> None:
    before = old_run.history.read_text(encoding="utf-8")
    old = read_checkpoint(OLD)
    assert old is not None
    assert (old.state.epoch, old.state.steps, old.state.history_lines) == (3, 12, 3)
    assert old.state.history == []
    resume_here(old_run.path, light(epochs=4))
    after = old_run.history.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert len(after.splitlines()) == 4
    new, _ = last_checkpoint(old_run)
    assert new is not None
    assert "".join(new.state.history) == after
    assert "".join(new.state.timings) == old_run.timings.read_text(encoding="utf-8")
    # The older one is still there: which it needs as its best is read out of it.
    assert OLD.name in [path.name for path in old_run.checkpoints.iterdir()]


def test_a_checkpoint_of_version_0_1_does_not_go_on_without_its_lines(
    old_run: RunDirectory,
) -> None:
    lines = old_run.history.read_text(encoding="utf-8").splitlines(keepends=True)
    old_run.history.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(RunError, match="has fewer lines than the last checkpoint needs"):
        resume_here(old_run.path, light(epochs=4))
