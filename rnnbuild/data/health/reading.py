"""What was odd in the files themselves, as it was told when they were read."""

from collections.abc import Iterable

from rnnbuild.data.corpus.iob import EntityStarts
from rnnbuild.data.health.finding import Finding, warning


def reading(notes: Iterable[str], what: str) -> list[Finding]:
    """A finding for each note."""
    remedy = "Mend the file, unless that is what it should be read as."
    return [warning(what, f"{note}.", remedy) for note in notes]


def entity_starts(found: Iterable[EntityStarts]) -> list[Finding]:
    """Files whose entities begin with I-: IOB1, or tags that BIO does not allow there."""
    return [
        warning(
            "tags",
            f"{starts.note}.",
            "Begin each entity with B- in the file."
            if starts.begin
            else "Nothing need be done, but other programs may read the file another way.",
            file=starts.source,
            inside=starts.inside,
            begin=starts.begin,
        )
        for starts in found
    ]
