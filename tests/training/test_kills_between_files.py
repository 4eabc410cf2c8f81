"""A new run that is killed before any of its writes is continued, or begun again, to the bit."""

import shutil
import signal
from pathlib import Path

import pytest

from rnnbuild.runs.directory import RunDirectory, can_begin, open_run_to_resume
from tests.training.small_runs import (
    LIGHT,
    Remarks,
    assert_same_run,
    light,
    resume_here,
    rnnbuild,
    train_here,
    write_config,
)

KILL_BEFORE_WRITE = """
import os, signal, sys
folder, left = {folder!r}, {number}
def killing(event, arguments):
    global left
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    else:
        path, writes = (arguments or [None])[0], event in (
            "os.rename", "os.mkdir", "os.symlink", "os.remove", "os.truncate"
        )
    if not writes or not isinstance(path, (str, bytes, os.PathLike)):
        return
    if os.fsdecode(path).startswith(folder):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(killing)
"""
"""Python that runs first in a process, and ends it before its nth change of a folder."""

AT_START = ("data.json", "config.yaml", "facts.json", "codec.json", "environment.json")


@pytest.mark.parametrize("count", [2, 4])
def test_a_run_that_has_its_config_and_data_begins_as_if_it_were_new(
    tmp_path: Path, count: int
) -> None:
    whole, run, heard = tmp_path / "whole", RunDirectory(tmp_path / "run"), Remarks()
    train_here(whole, light(epochs=1))
    run.path.mkdir()
    for name in ("lock", *AT_START[:count]):
        shutil.copy(whole / name, run.path)
    assert open_run_to_resume(run.path) == run
    resume_here(run.path, light(epochs=1), heard)
    assert f"training had not begun in {run.path}: it begins now" in heard.texts
    assert_same_run(run.path, whole)


@pytest.mark.torture
@pytest.mark.parametrize(
    ("named", "starts_from_another"), [(True, False), (False, False), (True, True)]
)
def test_no_moment_between_two_writes_of_a_new_run_is_bad_for_a_kill(
    tmp_path: Path, named: bool, starts_from_another: bool
) -> None:
    config = write_config(tmp_path / "light.yaml", {**LIGHT, "training": {"epochs": 1}})
    whole, other, options = tmp_path / "whole", tmp_path / "other", ("--quiet",)
    if starts_from_another:
        train_here(other, light(epochs=1))
        options = ("--quiet", "--from", str(other))
    assert rnnbuild("train", config, "--run-dir", whole, *options).returncode == 0
    number = began = 0
    while True:
        number += 1
        folder = tmp_path / f"kill-{number}"
        folder.mkdir()
        run = folder / "my run"
        before = KILL_BEFORE_WRITE.format(folder=str(folder) + "/", number=number)
        command = ("train", config, "--run-dir", run, *options)
        died = rnnbuild(*command, before=before)
        if died.returncode == 0:
            break  # it wrote less often
        assert died.returncode == -signal.SIGKILL, died.stderr
        again = command
        if run.is_dir() and (RunDirectory(run).began or (named and can_begin(RunDirectory(run)))):
            again, began = ("resume", run, "--quiet"), began + 1
        elif named:
            refused = rnnbuild("resume", run)
            assert refused.returncode == 2
            assert "resume" not in refused.stderr.partition("hint")[2]
        assert rnnbuild("runs", folder).returncode in (0, 2)
        done = rnnbuild(*again)
        assert done.returncode == 0, (number, done.stderr)
        assert_same_run(run, whole)
        assert not list(run.rglob("*.part")), number
        shutil.rmtree(folder)
    assert began > 10
    assert number > 30
