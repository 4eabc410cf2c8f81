"""What was odd in the files themselves, as noted when they were read."""

from collections.abc import Iterable

from rnnbuild.data.kind.finding import Finding, warning


def reading(notes: Iterable[str], what: str) -> list[Finding]:
    """A finding for each note."""
    remedy = "Fix the file, unless this is how it should be read."
    return [warning(what, f"{note}.", remedy) for note in notes]
