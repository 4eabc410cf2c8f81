"""What was odd in the files themselves, as noted when they were read."""

from collections.abc import Iterable

from rnnbuild.data.kind.finding import Finding, ok, warning
from rnnbuild.data.rows.note import Note


def reading(notes: Iterable[Note], what: str) -> list[Finding]:
    """A finding for each note: a warning where there is something to do about it."""
    return [
        warning(what, f"{note}.", note.remedy) if note.remedy else ok(what, f"{note}.")
        for note in notes
    ]
