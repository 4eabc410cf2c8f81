"""What is drawn of curves and texts that are longer than a page has room for."""

from collections.abc import Sequence
from typing import TypeVar

from rnnbuild.reports.plots.curves import Curve

Item = TypeVar("Item")

MOST_POINTS = 4000
"""Points of all curves of a plot together."""
MOST_OF_A_CURVE = 300
LONGEST_TEXT = 1000
"""Characters of an example."""


def evenly(items: Sequence[Item], most: int) -> list[Item]:
    """At most `most` of some items at even distances, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    last = len(items) - 1
    return [items[round(number * last / (most - 1))] for number in range(most)]


def points_of_each(curves: int) -> int:
    """How many points each of so many curves may have."""
    return max(2, min(MOST_OF_A_CURVE, MOST_POINTS // curves))


def thinned(curves: Sequence[Curve]) -> list[Curve]:
    """Curves at the same places, at even distances, and the last point of each.

    At the same places, so that the mean of several is that of as many as there are.
    """
    places = sorted({x for curve in curves for x, _ in curve})
    most = points_of_each(len(curves)) if curves else 0
    if len(places) <= most:
        return list(curves)
    kept = set(evenly(places, most))
    return [
        [point for point in curve if point[0] in kept or point == curve[-1]] for curve in curves
    ]


def cut(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} ..."
