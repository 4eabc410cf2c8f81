"""Does every date have a step, and every step a value?"""

from collections.abc import Iterator

import numpy as np

from rnnbuild.data.health.reading import reading
from rnnbuild.data.health.shares import Share, agree, and_list
from rnnbuild.data.kind.finding import Finding, limited, ok, warning
from rnnbuild.data.series.gaps import Gaps
from rnnbuild.data.series.series import Series


def gaps(series: Series, rule: Gaps) -> Iterator[Finding]:
    """The steps of the series and where their dates are from, and the notes of reading it.

    Where `data.gaps` refuses missing steps, a series that has any is not read at all.
    """
    yield _steps(series, rule)
    yield from reading(series.notes, "reading")


def _steps(series: Series, rule: Gaps) -> Finding:
    filled = 0 if series.filled is None else int(series.filled.sum())
    figures = {"steps": len(series), "dates": list(series.date_columns), "filled": filled}
    if series.dates is None:
        return ok(
            "steps",
            f"The series has {len(series):,} steps without dates, one for each row.",
            **figures,
        )
    span = f"from {series.at(0)} to {series.at(len(series) - 1)}"
    if series.date_columns:
        span += f" by {and_list([f'`{name}`' for name in series.date_columns])}"
    if rule == "ignore" and (uneven := _uneven(series)).count:
        return warning(
            "steps",
            f"{uneven.of('steps')} {agree(uneven.count, 'is', 'are')} not at the usual distance "
            f"from the one before, {span}.",
            "Set `data.gaps: forward` to fill them, if the time between steps matters.",
            **figures,
            uneven=uneven.count,
        )
    every = f", one for each {series.frequency}" if series.frequency else ""
    whole = not filled and not any("missing" in note.text for note in series.notes)
    none = ", and none is missing" if whole else ""
    finding = ok("steps", f"The series has {len(series):,} steps {span}{every}{none}.", **figures)
    if series.frequency is None and len(series) > 1:
        return limited(finding, {"gaps": "no distance between dates is the usual one"})
    return finding


def _uneven(series: Series) -> Share:
    if series.frequency is None or series.dates is None:
        return Share(0, len(series))
    position = series.frequency.position(series.dates)
    return Share(int((np.diff(position) != 1).sum()), len(series))
