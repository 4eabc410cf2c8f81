"""resumptions.jsonl: a line each time a run was resumed."""

from dataclasses import dataclass

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import append
from rnnbuild.runs.record import RecordFile
from rnnbuild.typed_values import Count


@dataclass(frozen=True, kw_only=True)
class Resumption:
    """Where a run was resumed, and what had changed by then."""

    steps: Count
    """Training steps done by then."""
    changes: tuple[str, ...]
    """A sentence for each changed key, file or setting."""
    command: tuple[str, ...]
    """The command line; empty if the run was resumed from Python."""


RESUMPTIONS = RecordFile(Resumption, "restore it from a copy, or delete it: nothing depends on it")


def append_resumption(run: RunDirectory, resumption: Resumption) -> None:
    """Append a line. Raises OSError."""
    append(run.resumptions, RESUMPTIONS, resumption)


def read_resumptions(run: RunDirectory) -> list[Resumption]:
    """Every whole line; none where there is no file. Raises RunError where one is damaged."""
    return RESUMPTIONS.read_lines(run.resumptions)
