"""start.json: the run that training started from, and what was taken over from it."""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Kept
from rnnbuild.runs.record import RecordFile, is_there
from rnnbuild.tasks.facts import Task
from rnnbuild.typed_values import Count

HowStarted = Literal["taken over", "grown", "new"]


@dataclass(frozen=True)
class LayerStart:
    """What a layer started from."""

    layer: str
    """Its name in the model."""
    start: HowStarted
    """`grown`: some rows or columns are the run's, others are new."""
    reason: str
    """Why it is new, or what is; empty where all of it was taken over."""
    weights: Count
    taken: Count
    """Those that are the run's."""


@dataclass(frozen=True, kw_only=True)
class StartRecord:
    """What training started from."""

    run: str
    """The absolute path of the run's folder, which training does not need any more."""
    task: Task
    kept: Kept | None
    """The evaluation whose weights these are; None where there was none."""
    finished: bool
    """Whether the run had finished."""
    layers: tuple[LayerStart, ...]
    """Those with weights, in order."""
    notes: tuple[str, ...] = ()
    """What else differs from that run, in sentences."""
    warnings: tuple[str, ...] = ()
    """Why scores may be too high: test rows that the run was trained on, in sentences."""


START = RecordFile(StartRecord, "restore it from a copy; training goes on without it")


def read_start(run: RunDirectory) -> StartRecord | None:
    """What a run started from; None where from nothing. Raises RunError where it is damaged."""
    return START.read(run.start) if is_there(run.start) else None


def start_and_note(run: RunDirectory) -> tuple[StartRecord | None, str | None]:
    """What a run started from, as far as it can be read; and a note where it cannot."""
    try:
        return read_start(run), None
    except RunError as error:
        return None, f"what the run started from is left out: {error.problems[0].message}"


def write_start(run: RunDirectory, start: StartRecord) -> None:
    """Write the file. Raises OSError."""
    START.write(run.start, start)
