"""A run's folder: its files. Nothing else knows its layout.

config.yaml         the config as written, with overrides applied
resolved.yaml       the same with every default and size
facts.json          what the model needs to know of its data: labels, sizes
codec.json          how input becomes numbers: vocabulary, labels
start.json          the run whose weights training started from, if it did
data.json           fingerprints of the data files, and the folder they are relative to
environment.json    versions, machine, threads, determinism
history.jsonl       a line per epoch and evaluation; equal for equal runs
timings.jsonl       wall times, which differ between equal runs
resumptions.jsonl   a line each time the run was resumed: where, and what had changed
metrics.json        final scores with intervals, and those of the baselines
answers-*.json.gz   the answers to the rows of a split that is held out
model.keras         the trained model, for plain Keras
adopted.json        where the model is from, if it was trained elsewhere
checkpoints/        what a resumed run needs to be the same run
tensorboard/        the curves as TensorBoard reads them
folds/              a run for each fold, `1` to `5`, where each is tested on
lock                the number of the process that writes to the run, or last did

A new run writes lock, data.json, config.yaml, the others of its start, and resolved.yaml last: with
that training began. Before that it can begin again, in the same folder. The weights that a run
starts from, if they are another's, are its checkpoint at step 0, which is of its start too.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path
from typing import IO

from rnnbuild.errors import RunError, did_you_mean
from rnnbuild.leftovers import sweep
from rnnbuild.runs.bundle_file import BUNDLE
from rnnbuild.visible import command_text

LATEST = "latest"
FIRST_CHECKPOINT = "step-000000000.checkpoint"
"""The weights that a run starts from, where they are another's."""
FOLDS = "folds"
LISTS = "`rnnbuild runs` lists the runs here"
MOST_NAMED = 5
"""Runs that are named where a folder of runs is not one."""
UNFINISHED = re.compile(r"\..+\.part")
"""Names of files that were not written to their end."""


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
    def start(self) -> Path:
        return self.path / "start.json"

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

    def answers(self, split: str) -> Path:
        """The answers to a split, `validation` or `test`."""
        return self.path / f"answers-{split}.json.gz"

    @property
    def model(self) -> Path:
        return self.path / "model.keras"

    @property
    def adopted(self) -> Path:
        return self.path / "adopted.json"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def tensorboard(self) -> Path:
        return self.path / "tensorboard"

    def fold(self, number: int) -> "RunDirectory":
        """The run that is tested on one of the run's folds, from 1."""
        return RunDirectory(self.path / FOLDS / str(number))

    @property
    def whole(self) -> "RunDirectory":
        """The run that this one tests a fold of; else itself. It is what can be resumed."""
        above = RunDirectory(self.path.parent.parent)
        return above if self.path.parent.name == FOLDS and above.began else self

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def began(self) -> bool:
        """Whether training began: the last file before that is there, damaged or not."""
        return os.path.lexists(self.resolved)


def new_run(parent: Path, name: str) -> RunDirectory:
    """A new run in a new folder `<parent>/<name>-<n>`; `latest` points to it.

    Raises RunError where the folder cannot be created.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        path = next_free(parent, name)
        while True:
            try:
                path.mkdir()
                break
            except FileExistsError:
                path = next_free(parent, name)
        point_latest_to(path)
    except OSError as error:
        raise RunError(
            f"cannot create a run folder in {parent}: {error.strerror}",
            "choose another folder with `--run-dir`",
        ) from None
    return RunDirectory(path)


def next_free(parent: Path, name: str) -> Path:
    """The folder `<parent>/<name>-<n>` of the next run. Raises OSError."""
    used = (_number(path.name, name) for path in parent.iterdir()) if parent.is_dir() else ()
    return parent / f"{name}-{1 + max(used, default=0)}"


def run_at(path: Path) -> RunDirectory:
    """A new run in exactly this folder, which must not exist, be empty, or contain a run that was
    stopped before training began.

    Raises RunError where it contains anything else or cannot be created.
    """
    run = RunDirectory(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        free = not any(path.iterdir()) or never_began(run)
    except OSError as error:
        raise RunError(f"cannot use {path} as a run folder: {error.strerror}") from None
    if not free:
        another = "choose another folder"
        if run.began:
            another += f", or continue that run: {command_text('resume', path)}"
        raise RunError(f"{path} is not empty, and a run is never overwritten", another)
    return run


def never_began(run: RunDirectory) -> bool:
    """Whether a run was stopped before training began: it has nothing but files of its start.

    A run's first file is its lock, so that no config of the user's own is taken for that of a run.
    Raises OSError where the folder cannot be read.
    """
    at_start = (run.lock, run.data, run.config, run.facts, run.codec, run.environment, run.start)
    names = (path.name for path in run.path.iterdir())
    there = {name for name in names if not UNFINISHED.fullmatch(name)}
    if has_start_alone(run.checkpoints):
        there.discard(run.checkpoints.name)
    return run.lock.name in there and there <= {path.name for path in at_start}


def has_start_alone(checkpoints: Path) -> bool:
    """Whether a folder of checkpoints has none but the one at step 0. Raises OSError."""
    if not checkpoints.is_dir():
        return False
    names = {path.name for path in checkpoints.iterdir()}
    return {name for name in names if not UNFINISHED.fullmatch(name)} <= {FIRST_CHECKPOINT}


def run_as_asked(path: Path | None, name: str) -> RunDirectory:
    """A new run in the folder `path`, else in `runs/<name>-<n>`. Raises RunError."""
    return run_at(path) if path else new_run(Path("runs"), name)


def open_run(path: Path) -> RunDirectory:
    """An existing run. Raises RunError where there is none; suggests a run with a similar name."""
    run = RunDirectory(path)
    if run.began:
        return run
    if path.is_dir():
        raise RunError(*what_it_is_instead(run))
    if os.path.lexists(path):
        raise RunError(f"{path} is not a run: it is not a folder", LISTS)
    names = [str(other.path) for other in runs_in(path.parent)]
    raise RunError(f"there is no run {path}{did_you_mean(str(path), names)}", LISTS)


def open_run_to_resume(path: Path) -> RunDirectory:
    """As `open_run`, or a run that was stopped before training began, if it can begin now."""
    run = RunDirectory(path)
    return run if path.is_dir() and can_begin(run) else open_run(path)


def can_begin(run: RunDirectory) -> bool:
    """Whether a run never began, and says what is to be trained, on which data."""
    return never_began(run) and run.config.is_file() and run.data.is_file()


def what_it_is_instead(run: RunDirectory) -> tuple[str, str]:
    """What is wrong with a folder in which no training began, and how to go on."""
    trained = os.path.lexists(run.checkpoints) and not has_start_alone(run.checkpoints)
    if trained or os.path.lexists(run.history):
        return f"{run.resolved} is missing", "restore it from a copy, or train again"
    try:
        stopped = never_began(run)
    except OSError as error:
        return f"{run.path} cannot be read: {error.strerror}", LISTS
    if (run.path / BUNDLE).is_file():
        answers = f"`{command_text('predict', run.path)}` and its run.py answer with it"
        return f"{run.path} is an exported model, not a run", answers
    if not stopped:
        # As a study has them, or any folder whose name was meant to go on.
        inside = runs_in(run.path) or runs_in(run.path / "runs")
        names = [str(other.path) for other in inside[:MOST_NAMED]]
        others = f", and {len(inside) - MOST_NAMED:,} more" if len(inside) > MOST_NAMED else ""
        hint = f"name one of its runs: {', '.join(names)}{others}" if inside else LISTS
        return f"{run.path} is not a run: it has no {run.resolved.name}", hint
    what = f"{run.path} was stopped before training began"
    if in_use(run):
        return f"{run.path} is being started: training has not begun", "wait for it"
    if can_begin(run):
        return what, f"begin now: {command_text('resume', run.path)}"
    return what, "run the same `rnnbuild train` command again: nothing is lost"


def runs_in(parent: Path) -> list[RunDirectory]:
    """The runs in a folder, oldest first, without the link `latest`."""
    if not parent.is_dir():
        return []
    runs = [RunDirectory(path) for path in parent.iterdir() if not path.is_symlink()]
    began = [run for run in runs if run.began]
    return sorted(began, key=lambda run: (run.resolved.lstat().st_mtime_ns, run.path.name))


@contextmanager
def locked(run: RunDirectory) -> Iterator[None]:
    """Locks a run, so that no other process writes to it; the lock ends with the process.

    What a killed process left unfinished in the run is deleted.

    Raises RunError where another process holds the lock, or the run cannot be written.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    try:
        stream = open_lock(run, "a+")
    except OSError as error:
        raise RunError(
            f"{run.lock} cannot be written: {error.strerror}",
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
        sweep(run.path.glob(".*.part*"))
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
        with open_lock(run, "r") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # The lock was never taken, or its file cannot be read.
        return False
    return False


def open_lock(run: RunDirectory, mode: str) -> IO[str]:
    """The lock's file. Raises OSError, for a pipe too, which would be waited for."""
    if os.path.lexists(run.lock) and not run.lock.is_file():
        raise OSError(EINVAL, "it is not a file")
    return run.lock.open(mode, encoding="utf-8", errors="replace")


def _number(folder: str, name: str) -> int:
    """The n of `<name>-<n>`, 0 for a folder of another name."""
    digits = folder.removeprefix(f"{name}-")
    return int(digits) if digits.isdigit() and digits != folder else 0


def point_latest_to(path: Path) -> None:
    """Make `latest` beside a run the name of it. Raises OSError."""
    link = path.parent / f".{LATEST}.{os.getpid()}"
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(path.name, target_is_directory=True)
        link.replace(path.parent / LATEST)
    except OSError:
        # Some systems let only administrators create links: `latest` is a convenience.
        link.unlink(missing_ok=True)
