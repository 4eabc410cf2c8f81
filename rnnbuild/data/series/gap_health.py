"""Does every date have a step, and every step a value?"""

from collections.abc import Iterator

import numpy as np

from rnnbuild.data.health.reading import reading
from rnnbuild.data.health.shares import Share, agree
from rnnbuild.data.kind.finding import Finding, ok, warning
from rnnbuild.data.rows.note import FIX, Note
from rnnbuild.data.series.gaps import Gaps
from rnnbuild.data.series.series import Series

MISSED = "Supply the missing values, if you can."


def gaps(series: Series, rule: Gaps) -> Iterator[Finding]:
    """The notes of reading the series, and uneven steps where they are allowed.

    Where `data.gaps` refuses missing steps, a series that has any is not read at all.
    """
    yield from (
        finding if series.filled is None else _with_figures(finding, series)
        for finding in reading([Note(note, FIX) for note in series.notes], "steps")
    )
    if series.dates is None:
        reason = f"The series has {len(series):,} steps without dates, one for each row."
        yield ok("steps", reason, steps=len(series))
        return
    span = f"from {series.at(0)} to {series.at(len(series) - 1)}"
    apart = series.frequency
    if rule == "ignore" and (uneven := _uneven(series)).count:
        yield warning(
            "steps",
            f"{uneven.of('steps')} {agree(uneven.count, 'is', 'are')} not at the usual distance "
            f"from the one before, {span}.",
            "Set `data.gaps: forward` to fill them, if the time between steps matters.",
            steps=len(series),
            uneven=uneven.count,
        )
    elif not series.notes:
        every = f", one for each {apart}" if apart else ""
        yield ok(
            "steps",
            f"The series has {len(series):,} steps {span}{every}, and none is missing.",
            steps=len(series),
        )


def _with_figures(finding: Finding, series: Series) -> Finding:
    filled = 0 if series.filled is None else int(series.filled.sum())
    numbers = {"steps": len(series), "filled": filled}
    return Finding(finding.level, finding.what, finding.reason, MISSED, numbers)


def _uneven(series: Series) -> Share:
    if series.frequency is None or series.dates is None:
        return Share(0, len(series))
    position = series.frequency.position(series.dates)
    return Share(int((np.diff(position) != 1).sum()), len(series))
