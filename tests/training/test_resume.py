"""A run that was killed, stopped or made longer is the run it would have been, to the bit."""

import random
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from rnnbuild.runs.directory import RunDirectory
from tests.training.small_runs import (
    STEPS,
    assert_same_run,
    finish,
    rnnbuild,
    start,
    train_here,
    values_with,
    write_config,
)

PATIENCE_SECONDS = 120


def steps_done(run: Path) -> int:
    """Of the newest checkpoint on the disk."""
    names = [path.stem for path in (run / "checkpoints").glob("step-*")]
    return max((int(name.removeprefix("step-")) for name in names), default=0)


def wait_for(process: subprocess.Popen[str], run: Path, steps: int) -> None:
    """Until the run has come so far, or has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if (run / "resolved.yaml").exists() and steps_done(run) >= steps:
            return
        time.sleep(0.001)


def kill_and_resume(folder: Path, kills: int, seed: int) -> Path:
    """A run killed so many times, the first time before its first checkpoint."""
    draw = random.Random(seed)
    run = folder / "run"
    config = write_config(folder / "small.yaml")
    arguments: tuple[str | Path, ...] = ("train", config, "--run-dir", run)
    killed = 0
    for number in range(kills):
        process = start(*arguments, "--quiet")
        target = 0 if number == 0 else steps_done(run) + draw.randint(1, 2 * STEPS // kills)
        wait_for(process, run, target)
        time.sleep(draw.random() / 50)
        process.kill()
        killed += finish(process).returncode == -signal.SIGKILL
        arguments = ("resume", run)
    done = rnnbuild(*arguments, "--quiet")
    assert done.returncode == 0, done.stderr
    assert killed > kills / 2
    return run


def test_a_run_killed_three_times_ends_as_if_it_never_was(reference: Path, tmp_path: Path) -> None:
    assert_same_run(kill_and_resume(tmp_path, kills=3, seed=1), reference)


@pytest.mark.torture
def test_a_run_killed_twenty_times_ends_as_if_it_never_was(reference: Path, tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    assert_same_run(kill_and_resume(tmp_path, kills=20, seed=seed), reference)


KILL_WHILE_WRITING = """
import os, signal
calls, flush = 0, os.fsync
def killing(descriptor):
    global calls
    calls += 1
    if calls == {number}:
        size = os.fstat(descriptor).st_size
        try:
            os.ftruncate(descriptor, size // 2)
        except OSError:
            pass  # a folder, not a file
        os.kill(os.getpid(), signal.SIGKILL)
    flush(descriptor)
os.fsync = killing
"""


def kill_while_writing(folder: Path, number: int) -> Path:
    """A run whose process dies within its `number`th write to the disk, half of it written."""
    run = folder / "run"
    config = write_config(folder / "small.yaml")
    before = KILL_WHILE_WRITING.format(number=number)
    died = rnnbuild("train", config, "--run-dir", run, "--quiet", before=before)
    assert died.returncode == -signal.SIGKILL
    done = rnnbuild("resume", run, "--quiet")
    assert done.returncode == 0, done.stderr
    return run


# Twelve writes before the first step (six files, their folder after each), two a checkpoint, two
# for the lines of an evaluation before its checkpoint.
@pytest.mark.parametrize("number", [15, 17])
def test_a_kill_while_a_file_is_written_loses_nothing(
    reference: Path, tmp_path: Path, number: int
) -> None:
    assert_same_run(kill_while_writing(tmp_path, number), reference)


@pytest.mark.torture
@pytest.mark.parametrize("number", range(12, 36))
def test_no_write_is_a_bad_moment_for_a_kill(reference: Path, tmp_path: Path, number: int) -> None:
    assert_same_run(kill_while_writing(tmp_path, number), reference)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_saves_and_prints_the_command_that_continues_it(
    reference: Path, tmp_path: Path, number: signal.Signals
) -> None:
    run = tmp_path / "a run"
    config = write_config(tmp_path / "small.yaml")
    process = start("train", config, "--run-dir", run, "--quiet")
    wait_for(process, run, 2)
    process.send_signal(number)
    stopped = finish(process)
    assert stopped.returncode == 128 + number, stopped.stderr
    assert stopped.stdout == ""
    assert "Traceback" not in stopped.stderr
    printed = stopped.stderr.partition("continue with: ")[2].strip()
    program, *arguments = shlex.split(printed)
    assert program == "rnnbuild"
    done = rnnbuild(*arguments, "--quiet")
    assert done.returncode == 0, done.stderr
    assert_same_run(run, reference)


def test_more_epochs_later_are_one_longer_run(reference: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train_here(run, values_with(epochs=4))
    done = rnnbuild("resume", run, "--epochs", "6")
    assert done.returncode == 0, done.stderr
    assert_same_run(run, reference)


def test_a_finished_run_is_left_as_it_is_and_says_how_to_make_it_longer(reference: Path) -> None:
    before = {path.name: path.read_bytes() for path in reference.iterdir() if path.is_file()}
    done = rnnbuild("resume", reference)
    assert done.returncode == 0, done.stderr
    assert f"is finished after 6 epochs ({STEPS} steps)" in done.stderr
    assert f"rnnbuild resume {reference} --epochs 12" in done.stderr
    after = {path.name: path.read_bytes() for path in reference.iterdir() if path.is_file()}
    del before["lock"], after["lock"]
    assert after == before


def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(
    reference: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(reference, run)
    RunDirectory(run).metrics.unlink()
    newest = run / "checkpoints" / f"step-{STEPS:09d}.checkpoint"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    done = rnnbuild("resume", run)
    assert done.returncode == 0, done.stderr
    assert f"{newest} is damaged; the one before it is used" in done.stderr
    assert_same_run(run, reference)


def test_a_second_process_is_kept_off_a_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    config = write_config(tmp_path / "small.yaml", values_with(epochs=10_000))
    first = start("train", config, "--run-dir", run, "--quiet")
    try:
        wait_for(first, run, 1)
        second = rnnbuild("resume", run)
    finally:
        first.kill()
        finish(first)
    assert second.returncode == 2
    assert f"{run} is in use by another process (number {first.pid})" in second.stderr
