"""What was odd in the files themselves, as it was told when they were read."""

from collections.abc import Iterable

from rnnbuild.data.kind.finding import Finding, warning


def reading(notes: Iterable[str], what: str) -> list[Finding]:
    """A finding for each note."""
    remedy = "Mend the file, unless that is what it should be read as."
    return [warning(what, f"{note}.", remedy) for note in notes]
