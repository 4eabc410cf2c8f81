"""A run's folder: its number, `latest` and its lock."""

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnnbuild.errors import RunError
from rnnbuild.runs.directory import (
    LATEST,
    RunDirectory,
    in_use,
    locked,
    new_run,
    open_run,
    open_run_to_resume,
    run_at,
    runs_in,
)

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from rnnbuild.runs.directory import RunDirectory, locked
with locked(RunDirectory(Path(sys.argv[1]))):
    print("locked", flush=True)
    sys.stdin.read()
"""


def make(path: Path) -> RunDirectory:
    """A folder with the first file of a run."""
    path.mkdir(parents=True)
    run = RunDirectory(path)
    run.resolved.write_text("")
    return run


def test_runs_are_numbered_from_one_above_the_highest_of_their_name(tmp_path: Path) -> None:
    parent = tmp_path / "deep" / "runs"
    assert [new_run(parent, "a").path.name for _ in range(2)] == ["a-1", "a-2"]
    for other in ("a-9", "a-b-40", "b-70", "a-x", "a", "a-", "a--80"):
        (parent / other).mkdir()
    assert new_run(parent, "a").path.name == "a-10"
    assert new_run(parent, "a-b").path.name == "a-b-41"


def test_a_number_is_not_reused_while_a_higher_one_exists(
    tmp_path: Path,
) -> None:
    first, second = new_run(tmp_path, "a"), new_run(tmp_path, "a")
    first.path.rmdir()
    assert new_run(tmp_path, "a").path.name == "a-3"
    assert second.path.is_dir()


def test_runs_that_begin_together_get_folders_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        runs = list(threads.map(lambda _: new_run(tmp_path, "a").path.name, range(40)))
    assert sorted(runs) == sorted(f"a-{number}" for number in range(1, 41))


def test_latest_points_to_the_newest_run_and_moves_with_the_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run = new_run(tmp_path / "runs", name)
        link = tmp_path / "runs" / LATEST
        assert link.resolve() == run.path.resolve()
    (tmp_path / "runs").rename(tmp_path / "moved")
    assert (tmp_path / "moved" / LATEST).resolve() == (tmp_path / "moved" / "b-1").resolve()
    assert {path.name for path in (tmp_path / "moved").iterdir()} == {"a-1", "b-1", LATEST}


def test_a_file_in_place_of_the_folder_of_runs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(RunError, match="cannot create a run folder in "):
        new_run(tmp_path / "runs", "a")


def hint_of(error: pytest.ExceptionInfo[RunError]) -> str:
    return error.value.problems[0].hint or ""


def test_a_run_is_never_overwritten(tmp_path: Path) -> None:
    run = run_at(tmp_path / "mine")
    assert run_at(run.path) == run  # still empty
    run.config.write_text("")  # a config of the user's own: no run locked this folder
    with pytest.raises(RunError, match="is not empty") as caught:
        run_at(run.path)
    assert "resume" not in hint_of(caught)
    run.resolved.write_text("")
    with pytest.raises(RunError, match="is not empty") as caught:
        run_at(run.path)
    assert f"continue that run: rnnbuild resume {run.path}" in hint_of(caught)


AT_START = ("lock", "data.json", "config.yaml", "facts.json", "codec.json", "environment.json")


@pytest.mark.parametrize("count", range(len(AT_START) + 1))
@pytest.mark.parametrize("unfinished", [False, True])
def test_a_run_that_was_stopped_before_it_began_can_begin_again(
    tmp_path: Path, count: int, unfinished: bool
) -> None:
    path = tmp_path / "my 'run'"
    path.mkdir()
    for name in AT_START[:count]:
        (path / name).write_text("")
    if unfinished and count:
        (path / ".next.json.123.part").write_text("")
    run = run_at(path)
    assert runs_in(tmp_path) == []
    if count < 3:
        with pytest.raises(RunError) as caught:
            open_run_to_resume(path)
        again = "run the same `rnnbuild train` command again: nothing is lost"
        assert hint_of(caught) == again if count else "is not a run" in str(caught.value)
    else:
        assert open_run_to_resume(path) == run
        with pytest.raises(RunError, match="was stopped before training began") as caught:
            open_run(path)
        _, _, command = hint_of(caught).partition("begin now: ")
        assert shlex.split(command) == ["rnnbuild", "resume", str(path)]
        with locked(run), pytest.raises(RunError, match="is being started"):
            open_run(path)
    (path / "notes.txt").write_text("")
    with pytest.raises(RunError, match="is not empty"):
        run_at(path)


def test_a_run_that_lacks_its_last_file_of_the_start_is_damaged(tmp_path: Path) -> None:
    run = make(tmp_path / "run")
    run.resolved.unlink()
    run.checkpoints.mkdir()
    (run.checkpoints / "step-000000008.checkpoint").write_bytes(b"")
    for opened in (open_run, open_run_to_resume):
        with pytest.raises(RunError, match=r"resolved\.yaml is missing"):
            opened(run.path)


@pytest.mark.skipif(os.name != "posix", reason="locks and named pipes are those of POSIX systems")
def test_a_lock_that_is_not_a_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    run = make(tmp_path / "run")
    os.mkfifo(run.lock)
    assert not in_use(run)
    with pytest.raises(RunError, match="lock cannot be written: it is not a file"), locked(run):
        pass


def test_a_folder_that_is_not_a_run_and_a_missing_run_are_different_errors(tmp_path: Path) -> None:
    run = make(tmp_path / "reviews-1")
    assert open_run(run.path) == run
    with pytest.raises(RunError, match=r"there is no run .*reviews-2 \(did you mean .*reviews-1"):
        open_run(tmp_path / "reviews-2")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RunError, match=r"is not a run: it has no resolved\.yaml"):
        open_run(tmp_path / "empty")
    with pytest.raises(RunError) as caught:
        open_run(tmp_path)
    assert f"name one of its runs: {run.path}" in str(caught.value)
    # A study has them in a folder.
    study = tmp_path / "study" / "runs"
    for number in range(7):
        os.utime(make(study / f"seed-{number}").resolved, (number, number))
    with pytest.raises(RunError) as caught:
        open_run(study.parent)
    assert f"runs: {study / 'seed-0'}, {study / 'seed-1'}, " in str(caught.value)
    assert f"{study / 'seed-4'}, and 2 more" in str(caught.value)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="file is not a run: it is not a folder"):
        open_run(tmp_path / "file")


def test_runs_are_listed_oldest_first_without_latest_and_other_folders(tmp_path: Path) -> None:
    for number, name in enumerate(("c", "a", "b")):
        run = make(tmp_path / name)
        os.utime(run.resolved, (number, number))
    (tmp_path / LATEST).symlink_to("b")
    (tmp_path / "other").mkdir()
    (tmp_path / "file").write_text("")
    assert [run.path.name for run in runs_in(tmp_path)] == ["c", "a", "b"]
    assert runs_in(tmp_path / "none") == []


def test_the_process_that_locks_a_run_is_named_and_its_end_releases_the_lock(
    tmp_path: Path,
) -> None:
    run = make(tmp_path / "run")
    assert not in_use(run)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(run.path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    assert in_use(run)
    refusal = rf"in use by another process \(PID {process.pid}\)"
    with pytest.raises(RunError, match=refusal), locked(run):
        pass
    process.kill()
    process.wait()
    assert not in_use(run)
    with locked(run):
        assert in_use(run)
    assert not in_use(run)


def test_an_error_within_a_lock_releases_it(tmp_path: Path) -> None:
    run = make(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt), locked(run):
        raise KeyboardInterrupt
    assert not in_use(run)


def test_a_run_that_cannot_be_written_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be written"), locked(RunDirectory(tmp_path / "no")):
        pass
