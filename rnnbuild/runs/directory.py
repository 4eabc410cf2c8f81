"""A run's folder: its files. Nothing else knows its layout.

config.yaml         the config as written, with overrides applied
resolved.yaml       the same with every default and size
facts.json          what the model needs to know of its data: labels, sizes
codec.json          how input becomes numbers: vocabulary, labels
data.json           fingerprints of the data files, and the folder they are relative to
environment.json    versions, machine, threads, determinism
history.jsonl       a line per epoch and evaluation; equal for equal runs
timings.jsonl       wall times, which differ between equal runs
resumptions.jsonl   a line each time the run was resumed: where, and what had changed
metrics.json        final scores with intervals, and those of the baselines
model.keras         the trained model, for plain Keras
checkpoints/        what a resumed run needs to be the same run
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
    """Paths of the files in a run's folder; they need not exist."""

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
    """A new run in a new folder `<parent>/<name>-<n>`; `latest` points to it.

    Raises RunError where the folder cannot be created.
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
            f"cannot create a run folder in {parent}: {error.strerror}",
            "choose another folder with `--run-dir`",
        ) from None
    return RunDirectory(path)


def run_at(path: Path) -> RunDirectory:
    """A new run in exactly this folder, which must not exist or be empty.

    Raises RunError where it is not empty or cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        occupied = any(path.iterdir())
    except OSError as error:
        raise RunError(f"cannot use {path} as a run folder: {error.strerror}") from None
    if occupied:
        raise RunError(
            f"{path} is not empty, and a run is never overwritten",
            f"choose another folder, or continue that run: rnnbuild resume {path}",
        )
    return RunDirectory(path)


def run_as_asked(path: Path | None, name: str) -> RunDirectory:
    """A new run in the folder `path`, else in `runs/<name>-<n>`. Raises RunError."""
    return run_at(path) if path else new_run(Path("runs"), name)


def open_run(path: Path) -> RunDirectory:
    """An existing run. Raises RunError where there is none; suggests a run with a similar name."""
    run = RunDirectory(path)
    if run.resolved.is_file():
        return run
    if run.config.is_file():
        raise RunError(
            f"{path} was stopped before training started: there is nothing to resume",
            f"start again: rnnbuild train {run.config}",
        )
    if path.exists():
        raise RunError(
            f"{path} is not a run: it has no {run.resolved.name}",
            "`rnnbuild runs` lists the runs here",
        )
    names = [str(other.path) for other in runs_in(path.parent)]
    raise RunError(
        f"there is no run {path}{did_you_mean(str(path), names)}",
        "`rnnbuild runs` lists the runs here",
    )


def runs_in(parent: Path) -> list[RunDirectory]:
    """The runs in a folder, oldest first, without the link `latest`."""
    if not parent.is_dir():
        return []
    runs = [
        RunDirectory(path)
        for path in parent.iterdir()
        if not path.is_symlink() and (path / "resolved.yaml").is_file()
    ]
    return sorted(runs, key=lambda run: (run.resolved.stat().st_mtime_ns, run.path.name))


@contextmanager
def locked(run: RunDirectory) -> Iterator[None]:
    """Locks a run, so that no other process writes to it; the lock ends with the process.

    Raises RunError where another process holds the lock, or the run cannot be written.
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
            "a run writes to its own folder: copy it to a writable place",
        ) from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise RunError(
                f"{run.path} is in use by another process (PID {stream.read().strip()})",
                "wait for it to end, or stop it",
            ) from None
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def in_use(run: RunDirectory) -> bool:
    """Whether a process holds the run's lock; the lock is not taken."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        with run.lock.open("r") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # The lock was never taken, or its file cannot be read.
        return False
    return False


def _number(folder: str, name: str) -> int:
    """The n of `<name>-<n>`, 0 for a folder of another name."""
    digits = folder.removeprefix(f"{name}-")
    return int(digits) if digits.isdigit() and digits != folder else 0


def _point_latest_to(path: Path) -> None:
    link = path.parent / f".{LATEST}.{os.getpid()}"
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(path.name, target_is_directory=True)
        link.replace(path.parent / LATEST)
    except OSError:
        # Some systems let only administrators create links: `latest` is a convenience.
        link.unlink(missing_ok=True)
