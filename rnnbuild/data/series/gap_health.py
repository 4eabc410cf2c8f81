"""Is there a step for every date, and a value for every step?"""

from collections.abc import Iterator

import numpy as np

from rnnbuild.data.health.reading import reading
from rnnbuild.data.health.shares import Share
from rnnbuild.data.kind.finding import Finding, ok, warning
from rnnbuild.data.series.gaps import Gaps
from rnnbuild.data.series.series import Series

MISSED = "Get the values that are missing, where there is a way to."


def gaps(series: Series, rule: Gaps) -> Iterator[Finding]:
    """What the notes of reading tell; besides them steps that are uneven because they may be.

    Where `data.gaps` refuses missing steps, a series that has some is not read at all.
    """
    yield from (
        found if series.filled is None else _with_figures(found, series)
        for found in reading(series.notes, "steps")
    )
    if series.dates is None:
        yield ok("steps", f"{len(series):,} steps without dates, each row one.", steps=len(series))
        return
    span = f"from {series.at(0)} to {series.at(len(series) - 1)}"
    apart = series.frequency
    if rule == "ignore" and (uneven := _uneven(series)).count:
        yield warning(
            "steps",
            f"{uneven} steps are not as far from the one before as is usual, {span}.",
            "`data.gaps: forward` fills them, where time is to count.",
            steps=len(series),
            uneven=uneven.count,
        )
    elif not series.notes:
        every = f", each {apart}," if apart else ""
        yield ok(
            "steps",
            f"{len(series):,} steps {span}{every} and none is missing.",
            steps=len(series),
        )


def _with_figures(found: Finding, series: Series) -> Finding:
    filled = 0 if series.filled is None else int(series.filled.sum())
    numbers = {"steps": len(series), "filled": filled}
    return Finding(found.level, found.what, found.reason, MISSED, numbers)


def _uneven(series: Series) -> Share:
    if series.frequency is None or series.dates is None:
        return Share(0, len(series))
    position = series.frequency.position(series.dates)
    return Share(int((np.diff(position) != 1).sum()), len(series))
