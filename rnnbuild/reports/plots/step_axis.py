"""Axes of steps, with ticks at points of the data: numbers, or dates that say what a step is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.reports.plots.marks import field

Date = Any
"""One datetime64[us]; NumPy has no types for its arithmetic."""
Dates = NDArray[np.datetime64]
MOST_TICKS = 8
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
SECONDS = (
    *(1, 2, 5, 10, 15, 30, *(each * _MINUTE for each in (1, 2, 5, 10, 15, 30))),
    *(*(each * _HOUR for each in (1, 2, 3, 6, 12)), *(each * _DAY for each in (1, 2, 7))),
)
"""Periods that may have a tick each."""
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
"""Longer ones, in months."""


def date_field(name: str, dates: Sequence[Date]) -> dict[str, Any]:
    """The encoding of a field by its dates, in UTC, so that no zone of a reader moves them."""
    ordered: Dates = np.unique(np.array(dates, "datetime64[us]"))
    form = tick_format(ordered)
    axis = {
        "format": form,
        "values": [json_date(date) for date in ticks(ordered)],
        "labelOverlap": "greedy",
        "labelFlush": False,
    }
    years = np.unique(ordered.astype("datetime64[Y]")[[0, -1]]).astype(str)
    title = None if "%Y" in form else " to ".join(years)
    return field(name, "temporal", title=title, axis=axis, scale={"type": "utc", "nice": False})


def number_field(name: str, numbers: Sequence[int]) -> dict[str, Any]:
    """The encoding of a field by whole numbers that count, such as steps and years."""
    powers = (factor * 10**power for power in range(18) for factor in (1, 2, 5))
    span = max(numbers) - min(numbers)
    distance = next(each for each in powers if span < MOST_TICKS * each)
    axis = {"format": "d", "values": [each for each in numbers if each % distance == 0]}
    return field(name, title="step", axis=axis, scale={"nice": False, "zero": False})


def json_date(date: Date) -> int:
    """Milliseconds since 1970, which scales of dates take as they are."""
    return int(date.astype("datetime64[ms]").astype(np.int64))


def ticks(dates: Dates) -> Dates:
    """The first dates (ticks,) of the shortest periods of which there are few enough."""
    starts = np.array([0])
    for period in _periods(dates):
        starts = np.flatnonzero(np.diff(period)) + 1
        if len(starts) < MOST_TICKS:
            break
    # The first date begins a period as well where these are steps.
    every = len(starts) == len(dates) - 1
    return dates if every else dates[starts] if len(starts) > 1 else dates[[0, -1]]


def _periods(dates: Dates) -> list[Any]:
    seconds = dates.astype("datetime64[s]").astype(np.int64)
    months = dates.astype("datetime64[M]").astype(np.int64)
    since_monday = seconds + 3 * _DAY  # 1970 began on a Thursday
    return [*(since_monday // each for each in SECONDS), *(months // each for each in MONTHS)]


def tick_format(dates: Dates) -> str:
    """How ticks are written: years, months, days or times, by the distance between the dates."""
    days, months = dates.astype("datetime64[D]"), dates.astype("datetime64[M]")
    of_month = days - months.astype("datetime64[D]")
    to_next = (months + 1).astype("datetime64[D]") - days
    same_time, same_day, same_end = (
        len(np.unique(each)) == 1 for each in (dates - days, of_month, to_next)
    )
    if same_time and (same_day or same_end):
        return "%b %Y" if (np.diff(months).astype(np.int64) % 12).any() else "%Y"
    if (dates == days).all():
        return "%d %b %Y"
    if (dates == dates.astype("datetime64[m]")).all():
        return "%d %b %H:%M"
    return "%d %b %H:%M:%S"
