"""Numbers as small pictures of text: a bar, a curve one line high, two curves in some lines."""

import math
from collections.abc import Sequence

from rnnbuild.formatting import score_text

PARTS = " ▏▎▍▌▋▊▉"
SPARKS = "▁▂▃▄▅▆▇█"
MARKS = ("·", "●")
"""Of the first curve and of the second, which lies above where both meet."""


def bar(share: float, width: int) -> str:
    """A bar of eighths of characters; what is there at all is seen."""
    eighths = max(1, round(share * width * 8))
    full, part = divmod(eighths, 8)
    return "█" * full + PARTS[part].strip()


def sparkline(values: Sequence[float], width: int = 24) -> str:
    """The last values, as many as fit, scaled between their least and greatest."""
    shown = [value for value in values if math.isfinite(value)][-width:]
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    scale = (len(SPARKS) - 1) / (high - low) if high > low else 0.0
    return "".join(SPARKS[round((value - low) * scale)] for value in shown)


def plot(curves: Sequence[Sequence[float | None]], width: int = 60, height: int = 8) -> list[str]:
    """One or two curves over the same steps, as lines of text, with the scale on the left.

    None is a step without a value. Nothing is drawn where no value is finite.
    """
    finite = [
        value for curve in curves for value in curve if value is not None and math.isfinite(value)
    ]
    if not finite:
        return []
    low, high = min(finite), max(finite)
    length = max(map(len, curves))
    columns = min(width, max(2 * length - 1, 1))
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
