"""Does a text appear more than once, in more than one split, or with different answers?

Texts are compared by 64-bit hashes, as when rows are held out (`rnnbuild.data.rows.hold_out`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.shares import (
    Share,
    agree,
    figures,
    largest_share,
    of_splits,
    per_split,
    totals_text,
)
from rnnbuild.data.kind.finding import Finding, failure, ok, unchecked, warning

Hashes = NDArray[np.int64]
Row = tuple[SplitName, int]
MANY = 0.1
"""Share of a split that may be repeated texts without a warning."""
FLATTERING = 0.01
"""Share of what is scored that may be known from training without a warning: a score rises by less
than that."""
NO_TEST = 0.5
"""Share of a split from which it tests memory alone, which is a failure."""


def duplicates(hashes: Mapping[SplitName, Hashes], noun: str = "texts") -> Finding:
    """Rows whose text appears earlier in the same split."""
    shares = {
        name: Share(len(texts) - len(np.unique(texts)), len(texts))
        for name, texts in hashes.items()
    }
    numbers = figures(shares)

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        earlier = "an earlier one of the same split"
        if not largest_share(looked_at):
            reason = f"None of {totals_text(looked_at, noun)} repeats {earlier}."
            return ok("duplicates", reason, **numbers)
        repeat = agree(looked_at, "repeats", "repeat")
        reason = f"{per_split(looked_at, noun)} {repeat} {earlier}"
        if largest_share(looked_at) <= MANY:
            return ok("duplicates", f"{reason}.", **numbers)
        return warning(
            "duplicates",
            f"{reason}: each copy counts again.",
            "Keep one copy of each, unless copies are as common in real use.",
            **numbers,
        )

    return of_splits("duplicates", shares, answer)


def leakage(
    hashes: Mapping[SplitName, Hashes],
    noun: str = "texts",
    remedy: str = "",
    weights: Mapping[SplitName, NDArray[np.integer]] | None = None,
    tolerated: float = FLATTERING,
) -> Finding:
    """Rows whose text is in an earlier split too: validation and test are compared as well.

    More than the share that is `tolerated` is a warning, and of training a failure where it is most
    of a split, if any is tolerated. What test shares with validation is not trained on, and yet it
    chooses the weights that are tested. Where words are scored, `weights` are those of each row.
    """
    known = {name: overlap(hashes["train"], hashes[name]) for name in HELD_OUT if name in hashes}
    chosen = {"test": overlap(hashes["validation"], hashes["test"])}
    known_scored, chosen_scored = known, chosen
    if weights is not None:
        known_scored = {
            name: overlap(hashes["train"], hashes[name], weights[name]) for name in known
        }
        chosen_scored = {"test": overlap(hashes["validation"], hashes["test"], weights["test"])}
    numbers = {**figures(known), "test in validation": figures(chosen)["test"]}

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        trained, validated = largest_share(known_scored), largest_share(chosen_scored)
        if not trained and not validated:
            compared = {"train": Share(0, len(hashes["train"])), **looked_at}
            reason = f"None of {totals_text(compared, noun)} appears verbatim in another split."
            return ok("leakage", reason, **numbers)
        reasons = []
        if trained:
            appear = agree(known, "appears", "appear")
            within = f", with {per_split(known_scored, 'words')}" if weights else ""
            flatters = ": their scores flatter the model" if trained > tolerated else ""
            reasons.append(
                f"{per_split(known, noun)} {appear} verbatim in training{within}{flatters}"
            )
        if validated:
            appear = agree(chosen, "appears", "appear")
            reasons.append(
                f"{per_split(chosen, noun)} {appear} verbatim in validation, by which the weights "
                "are chosen"
            )
        if max(trained, validated) <= tolerated:
            return ok("leakage", f"{'; '.join(reasons)}.", **numbers)
        level = failure if tolerated and trained >= NO_TEST else warning
        return level("leakage", f"{'; '.join(reasons)}.", remedy or remedy_for(trained), **numbers)

    return of_splits("leakage", known, answer, noun)


def remedy_for(trained: float) -> str:
    """What to do about held-out rows of which training has this share; a test set may be fixed."""
    if trained < NO_TEST:
        return "Remove these from training, or from what is held out if that is not fixed."
    return (
        "Hold out other rows: with all of them in `data.train`, `data.split` keeps equal ones "
        "together."
    )


def overlap(before: Hashes, after: Hashes, weights: NDArray[np.integer] | None = None) -> Share:
    """Rows of `after` whose text is in `before` too, or what these weigh."""
    again = np.isin(after, before)
    if weights is None:
        return Share(int(again.sum()), len(after))
    return Share(int(weights[again].sum()), int(weights.sum()))


@dataclass(frozen=True)
class Contradictions:
    """How many texts have several answers, in how many rows, and two such rows."""

    texts: int
    rows: int
    first: tuple[Row, Row] | None


def contradictions(
    hashes: Mapping[SplitName, Hashes], answers: Callable[[SplitName, Hashes], NDArray[np.int64]]
) -> Contradictions:
    """Texts that have several answers.

    `answers` gives a number for each of some rows of a split, equal where their answers are. It is
    called only for rows whose text appears more than once.
    """
    flat = np.concatenate(list(hashes.values()))
    ends = np.cumsum([len(texts) for texts in hashes.values()])
    # Equal texts become neighbours, each group in the order of the data.
    order = np.argsort(flat, kind="stable")
    same = flat[order[1:]] == flat[order[:-1]] if len(flat) else np.zeros(0, bool)
    again = np.zeros(len(flat), bool)
    again[1:] |= same
    again[:-1] |= same
    rows = order[again]
    if not len(rows):
        return Contradictions(0, 0, None)
    given = np.empty(len(rows), np.int64)  # the answer of each of `rows`
    for number, (name, end) in enumerate(zip(hashes, ends.tolist(), strict=True)):
        start = int(ends[number - 1]) if number else 0
        here = (rows >= start) & (rows < end)
        given[here] = answers(name, rows[here] - start)
    # A group of equal texts contradicts itself where its answers have two values at least.
    starts = np.flatnonzero(np.diff(flat[rows], prepend=flat[rows[0]] - 1))
    sizes = np.diff(starts, append=len(rows))
    differ = np.minimum.reduceat(given, starts) != np.maximum.reduceat(given, starts)
    if not differ.any():
        return Contradictions(0, 0, None)
    # The first in the order of the data: hashes differ from process to process.
    group = min(np.flatnonzero(differ).tolist(), key=lambda number: rows[starts[number]])
    members = slice(starts[group], starts[group] + sizes[group])
    other = int(np.argmax(given[members] != given[members][0]))
    names = list(hashes)

    def row(place: int) -> Row:
        number = int(np.searchsorted(ends, place, side="right"))
        return names[number], place - (int(ends[number - 1]) if number else 0)

    first = row(int(rows[members][0])), row(int(rows[members][other]))
    return Contradictions(int(differ.sum()), int(sizes[differ].sum()), first)


def contradiction_finding(
    counts: Contradictions, rows: int, describe: Callable[[Row], str]
) -> Finding:
    """Finding on contradictory answers; `describe` says where a row is, for a person to find it."""
    numbers = {"texts": counts.texts, "rows": counts.rows, "of": rows}
    if rows < 2:
        return unchecked("contradictions", f"there are {rows} rows with text", **numbers)
    if counts.first is None:
        reason = f"None of {rows:,} texts appears with two different answers."
        return ok("contradictions", reason, **numbers)
    one, other = map(describe, counts.first)
    return warning(
        "contradictions",
        f"{Share(counts.rows, rows).of('rows')} have a text that appears elsewhere with another "
        f"answer: {one} and {other}.",
        "Fix the labels of these rows: no model can get them all correct.",
        **numbers,
    )
