"""Small pictures made of text: a bar, a sparkline, a plot of one or two curves."""

import math
from collections.abc import Sequence

from rnnbuild.formatting import score_text

PARTS = " ▏▎▍▌▋▊▉"
SPARKS = "▁▂▃▄▅▆▇█"
MARKS = ("·", "●")
"""Marks of the first curve and of the second, which is drawn on top."""


def bar(share: float, width: int) -> str:
    """A bar in eighths of a character; at least one eighth, so that it is visible."""
    eighths = max(1, round(share * width * 8))
    full, part = divmod(eighths, 8)
    return "█" * full + PARTS[part].strip()


def sparkline(values: Sequence[float], width: int = 24) -> str:
    """All values, or `width` of them at equal distances, scaled between their minimum and maximum.

    The last value is always among them; those that are not finite are skipped.
    """
    count, columns = len(values), min(width, len(values))
    ends = [(column + 1) * count // columns - 1 for column in range(columns)]
    shown = [values[end] for end in ends if math.isfinite(values[end])]
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    # Halved, so that the distance of two large numbers is finite; it is never 0 where they differ.
    spread = high / 2 - low / 2
    top = len(SPARKS) - 1
    return "".join(
        SPARKS[round((value / 2 - low / 2) / spread * top) if spread else 0] for value in shown
    )


def plot(curves: Sequence[Sequence[float | None]], width: int = 60, height: int = 8) -> list[str]:
    """Lines of text that plot one or two curves over the same steps, with the scale on the left.

    None is a step without a value. Returns no lines if no value is finite.
    """
    finite = [
        value for curve in curves for value in curve if value is not None and math.isfinite(value)
    ]
    if not finite:
        return []
    low, high = min(finite), max(finite)
    length = max(map(len, curves))
    columns = max(1, min(width, 2 * length - 1))
    grid = [[" "] * columns for _ in range(height)]
    for curve, mark in zip(curves, MARKS, strict=False):
        for step, value in enumerate(curve):
            if value is None or not math.isfinite(value):
                continue
            column = round(step * (columns - 1) / max(length - 1, 1))
            share = (value - low) / (high - low) if high > low else 0.5
            grid[height - 1 - round(share * (height - 1))][column] = mark
    labels = [score_text(high), *[""] * (height - 2), score_text(low)]
    margin = max(map(len, labels))
    return [
        f"{label:>{margin}} │{''.join(row)}".rstrip()
        for label, row in zip(labels, grid, strict=True)
    ]
