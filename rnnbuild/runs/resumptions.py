"""resumptions.jsonl: a line each time that a run was continued."""

from dataclasses import dataclass

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import append
from rnnbuild.runs.record import Count, RecordFile


@dataclass(frozen=True, kw_only=True)
class Resumption:
    """Where a run was taken up again, and in what it may differ from before."""

    steps: Count
    """Of training, done by then."""
    changes: tuple[str, ...]
    """A sentence for each key, file or setting that had changed."""
    command: tuple[str, ...]
    """As it was typed; empty where Python was the caller."""


RESUMPTIONS = RecordFile(Resumption, "restore it from a copy, or delete it: nothing depends on it")


def append_resumption(run: RunDirectory, resumption: Resumption) -> None:
    """Raises OSError."""
    append(run.resumptions, RESUMPTIONS, resumption)


def read_resumptions(run: RunDirectory) -> list[Resumption]:
    """Every whole line; none where there is no file. Raises RunError where one is damaged."""
    return RESUMPTIONS.read_lines(run.resumptions)
