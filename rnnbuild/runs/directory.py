"""A run's folder: what lies where. Nothing else knows its layout.

config.yaml         the config as it was written, overrides applied
resolved.yaml       the same with every default and size
facts.json          what the model takes from its data: labels, sizes
codec.json          how input becomes numbers: vocabulary, labels
data.json           fingerprints of the data files, and the folder they are relative to
environment.json    versions, machine, threads, determinism
history.jsonl       a line per epoch and evaluation; equal for equal runs
timings.jsonl       the wall times, kept apart for that reason
resumptions.jsonl   a line each time the run was taken up again: where, and what had changed
metrics.json        final scores with intervals, beside the baselines
model.keras         the trained model, for plain Keras
checkpoints/        what a continued run needs to be the same run
tensorboard/        the curves as TensorBoard reads them
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.errors import RunError, did_you_mean

LATEST = "latest"


@dataclass(frozen=True)
class RunDirectory:
    """Where each thing stands in a run's folder; none of it need be there."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "config.yaml"

    @property
    def resolved(self) -> Path:
        return self.path / "resolved.yaml"

    @property
    def facts(self) -> Path:
        return self.path / "facts.json"

    @property
    def codec(self) -> Path:
        return self.path / "codec.json"

    @property
    def data(self) -> Path:
        return self.path / "data.json"

    @property
    def environment(self) -> Path:
        return self.path / "environment.json"

    @property
    def history(self) -> Path:
        return self.path / "history.jsonl"

    @property
    def timings(self) -> Path:
        return self.path / "timings.jsonl"

    @property
    def resumptions(self) -> Path:
        return self.path / "resumptions.jsonl"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics.json"

    @property
    def model(self) -> Path:
        return self.path / "model.keras"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def tensorboard(self) -> Path:
        return self.path / "tensorboard"

    @property
    def lock(self) -> Path:
        return self.path / "lock"


def new_run(parent: Path, name: str) -> RunDirectory:
    """A new folder `<parent>/<name>-<n>` that no run had before; `latest` points to it.

    Raises RunError where the folder cannot be made.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        number = 1 + max((_number(path.name, name) for path in parent.iterdir()), default=0)
        while True:
            path = parent / f"{name}-{number}"
            try:
                path.mkdir()
                break
            except FileExistsError:
                number += 1
        _point_latest_to(path)
    except OSError as error:
        raise RunError(
            f"no run folder can be made in {parent}: {error.strerror}",
            "name another with `--run-dir`",
        ) from None
    return RunDirectory(path)


def run_at(path: Path) -> RunDirectory:
    """A new run in exactly this folder, which must not exist or be empty.

    Raises RunError where it holds anything, or cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        occupied = any(path.iterdir())
    except OSError as error:
        raise RunError(f"{path} cannot be a run folder: {error.strerror}") from None
    if occupied:
        raise RunError(
            f"{path} is not empty; a run is never written over",
            f"name another folder, or continue that run: rnnbuild resume {path}",
        )
    return RunDirectory(path)


def run_as_asked(path: Path | None, name: str) -> RunDirectory:
    """A new run in the folder `path`, or else in `runs/<name>-<n>` here. Raises RunError."""
    return run_at(path) if path else new_run(Path("runs"), name)


def open_run(path: Path) -> RunDirectory:
    """An existing run. Raises RunError where there is none, with the runs there are."""
    run = RunDirectory(path)
    if run.resolved.is_file():
        return run
    if run.config.is_file():
        raise RunError(
            f"{path} was stopped before its training began: there is nothing to go on from",
            f"train it anew: rnnbuild train {run.config}",
        )
    if path.exists():
        raise RunError(
            f"{path} is not a run: it has no {run.resolved.name}",
            "`rnnbuild runs` lists the runs here",
        )
    names = [str(found.path) for found in runs_in(path.parent)]
    raise RunError(
        f"there is no run {path}{did_you_mean(str(path), names)}",
        "`rnnbuild runs` lists the runs here",
    )


def runs_in(parent: Path) -> list[RunDirectory]:
    """The runs of a folder, oldest first; `latest` is not counted twice."""
    if not parent.is_dir():
        return []
    found = [
        RunDirectory(path)
        for path in parent.iterdir()
        if not path.is_symlink() and (path / "resolved.yaml").is_file()
    ]
    return sorted(found, key=lambda run: (run.resolved.stat().st_mtime_ns, run.path.name))


@contextmanager
def locked(run: RunDirectory) -> Iterator[None]:
    """Keeps other processes from writing to the run; the lock goes with the process.

    Raises RunError where another process has it.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    try:
        stream = run.lock.open("a+")
    except OSError as error:
        raise RunError(
            f"{run.path} cannot be written: {error.strerror}",
            "a run writes to its own folder; copy it to where it may",
        ) from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise RunError(
                f"{run.path} is in use by another process (number {stream.read().strip()})",
                "wait until it has ended, or stop it",
            ) from None
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def in_use(run: RunDirectory) -> bool:
    """Whether a process has the run locked just now; the lock is left to it."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        with run.lock.open("r") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # No lock was ever taken, or it cannot be read.
        return False
    return False


def _number(folder: str, name: str) -> int:
    """The n of `<name>-<n>`, 0 for a folder of another name."""
    digits = folder.removeprefix(f"{name}-")
    return int(digits) if digits.isdigit() and digits != folder else 0


def _point_latest_to(path: Path) -> None:
    beside = path.parent / f".{LATEST}.{os.getpid()}"
    beside.unlink(missing_ok=True)
    try:
        beside.symlink_to(path.name, target_is_directory=True)
        beside.replace(path.parent / LATEST)
    except OSError:
        # Some systems let only administrators make links: `latest` is a convenience.
        beside.unlink(missing_ok=True)
