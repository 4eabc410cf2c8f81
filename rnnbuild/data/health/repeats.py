"""Do texts stand in the data more than once, across splits, or with other answers?

Texts are compared by 64-bit hashes, as holding out does (see `rnnbuild.data.rows.hold_out`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import Share, Split, figures, largest_share, per_split
from rnnbuild.data.kind.finding import Finding, failure, ok, warning

Hashes = NDArray[np.int64]
Row = tuple[SplitName, int]
MANY = 0.1
"""Share of a split that may be repeated texts without a warning."""
NO_TEST = 0.5
"""Share of a split from which on it is a test of memory, and that a failure."""


def duplicates(hashes: Mapping[SplitName, Hashes], noun: str = "texts") -> Finding:
    """Rows whose text stood in the same split before."""
    shares = {
        name: Share(len(found) - len(np.unique(found)), len(found))
        for name, found in hashes.items()
    }
    numbers = figures(shares)
    if not largest_share(shares):
        return ok("duplicates", f"No split holds one of its {noun} twice.", **numbers)
    reason = f"Repeated within their split are {per_split(shares)}"
    if largest_share(shares) <= MANY:
        return ok("duplicates", f"{reason}.", **numbers)
    return warning(
        "duplicates",
        f"{reason}: they count again each time.",
        f"Keep each of the {noun} once, unless it is asked as often in use.",
        **numbers,
    )


def leakage(known: Mapping[Split, Share], noun: str = "texts") -> Finding:
    """Rows of other splits whose text was trained on."""
    numbers = figures(known)
    if not largest_share(known):
        return ok(
            "leakage",
            f"None of the {noun} of training stands letter for letter in another split.",
            **numbers,
        )
    level = failure if largest_share(known) >= NO_TEST else warning
    return level(
        "leakage",
        f"In training too stand, letter for letter, the {noun} of {per_split(known)}: their "
        "scores flatter the model.",
        f"Take these {noun} out of training, or let `data.split` hold rows out, which keeps equal "
        "ones together.",
        **numbers,
    )


@dataclass(frozen=True)
class Contradictions:
    """Texts that stand with several answers, the rows that they stand in, and two of those."""

    texts: int
    rows: int
    first: tuple[Row, Row] | None


def contradictions(
    hashes: Mapping[SplitName, Hashes], answers: Callable[[SplitName, Hashes], NDArray[np.int64]]
) -> Contradictions:
    """`answers` tells numbers for rows of a split that are equal where their answers are.

    It is asked for rows alone whose text stands more than once.
    """
    flat = np.concatenate(list(hashes.values()))
    ends = np.cumsum([len(found) for found in hashes.values()])
    order = np.argsort(flat, kind="stable")
    same = flat[order[1:]] == flat[order[:-1]] if len(flat) else np.zeros(0, bool)
    again = np.zeros(len(flat), bool)
    again[1:] |= same
    again[:-1] |= same
    rows = order[again]
    if not len(rows):
        return Contradictions(0, 0, None)
    given = np.empty(len(rows), np.int64)
    for number, (name, end) in enumerate(zip(hashes, ends.tolist(), strict=True)):
        start = int(ends[number - 1]) if number else 0
        here = (rows >= start) & (rows < end)
        given[here] = answers(name, rows[here] - start)
    starts = np.flatnonzero(np.diff(flat[rows], prepend=flat[rows[0]] - 1))
    sizes = np.diff(starts, append=len(rows))
    differ = np.minimum.reduceat(given, starts) != np.maximum.reduceat(given, starts)
    if not differ.any():
        return Contradictions(0, 0, None)
    # The first by where it stands in the data: hashes differ from process to process.
    group = min(np.flatnonzero(differ).tolist(), key=lambda found: rows[starts[found]])
    members = slice(starts[group], starts[group] + sizes[group])
    other = int(np.argmax(given[members] != given[members][0]))
    names = list(hashes)

    def row(place: int) -> Row:
        number = int(np.searchsorted(ends, place, side="right"))
        return names[number], place - (int(ends[number - 1]) if number else 0)

    first = row(int(rows[members][0])), row(int(rows[members][other]))
    return Contradictions(int(differ.sum()), int(sizes[differ].sum()), first)


def contradiction_finding(found: Contradictions, rows: int, shown: Callable[[Row], str]) -> Finding:
    """`shown` tells a row as a person finds it again."""
    share = Share(found.rows, rows)
    numbers = {"texts": found.texts, "rows": found.rows, "of": rows}
    if found.first is None:
        return ok("contradictions", "No text stands in the data with two answers.", **numbers)
    one, other = map(shown, found.first)
    return warning(
        "contradictions",
        f"{share} rows hold a text that stands elsewhere with another answer: {one} and {other}.",
        "Mend the labels of these rows: no model can answer them all.",
        **numbers,
    )
