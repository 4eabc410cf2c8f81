"""The time between the steps of a series, and the season that follows from it."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.formatting import value_text
from rnnbuild.typed_values import Positive

Dates = NDArray[np.datetime64]
"""datetime64[us]."""
Date = Any
"""One datetime64[us]; NumPy has no types for its arithmetic."""

SECOND = 1_000_000
"""Microseconds."""

DAY = 86_400
SEASONS = {("second", 3600): 24, ("second", DAY): 7, ("second", 7 * DAY): 52, ("weekday", 1): 5}
"""Steps of the usual season of a frequency; for months see `season`."""
NAMES = {1: "second", 60: "minute", 3600: "hour", DAY: "day", 7 * DAY: "week"}
LONGEST_FIRST = sorted(NAMES.items(), reverse=True)


@dataclass(frozen=True)
class Frequency:
    """The time of one step: `count` units. A weekday is a day from Monday to Friday."""

    unit: Literal["microsecond", "second", "month", "weekday"]
    count: Positive

    @property
    def season(self) -> int | None:
        """Steps of a season: a day for hours, a week for days, a year for weeks or months."""
        if self.unit == "month":
            return 12 // self.count if self.count < 12 and 12 % self.count == 0 else None
        if self.unit == "second" and self.count < 3600 and DAY % self.count == 0:
            return DAY // self.count
        return SEASONS.get((self.unit, self.count))

    def __str__(self) -> str:
        if self.unit == "weekday":
            return "weekday"
        if self.unit == "month":
            return {1: "month", 3: "quarter", 12: "year"}.get(self.count, f"{self.count} months")
        if self.unit == "microsecond":
            return f"{value_text(self.count / SECOND)} seconds"
        if self.count in NAMES:
            return NAMES[self.count]
        length, name = next(pair for pair in LONGEST_FIRST if self.count % pair[0] == 0)
        return f"{self.count // length} {name}s"

    def position(self, dates: Dates) -> NDArray[np.float64]:
        """Steps since the first date, whole where the dates are regular."""
        if self.unit == "weekday":
            days = dates.astype("datetime64[D]")
            return np.busday_count(days[0], days).astype(np.float64)
        unit = "M" if self.unit == "month" else "us"
        units = dates.astype(f"datetime64[{unit}]").astype(np.int64)
        length = self.count * SECOND if self.unit == "second" else self.count
        return np.asarray((units - units[0]) / length)

    def after(self, date: Date, steps: int) -> Date:
        """The date `steps` steps later; the last day of a month remains the last day."""
        if self.unit in ("second", "microsecond"):
            length: Any = np.timedelta64(self.count, "s" if self.unit == "second" else "us")
            later: Date = date + steps * length
            return later
        day = date.astype("datetime64[D]")
        time = date - day.astype("datetime64[us]")
        if self.unit == "weekday":
            workday: Date = np.busday_offset(day, steps, roll="forward").astype("datetime64[us]")
            return workday + time
        month = day.astype("datetime64[M]")
        length = _month_length(month)
        number = int((day - month.astype("datetime64[D]")).astype(int)) + 1
        later_month = month + np.timedelta64(steps * self.count, "M")
        longest = _month_length(later_month)
        chosen = longest if number == length else min(number, longest)
        moved: Date = (
            later_month.astype("datetime64[D]") + np.timedelta64(chosen - 1, "D")
        ).astype("datetime64[us]")
        return moved + time

    def text_of(self, date: Date) -> str:
        """A date, as precise as the frequency requires."""
        unit = "s"
        if self.unit == "month":
            unit = "Y" if self.count % 12 == 0 else "M"
            if date != date.astype("datetime64[M]").astype(date.dtype):
                unit = "D"
        elif self.unit == "microsecond":
            unit = "us"
        elif self.unit == "weekday" or self.count % DAY == 0:
            unit = "D"
        elif self.count % 60 == 0:
            unit = "m"
        return str(date.astype(f"datetime64[{unit}]")).replace("T", " ")


def plain_text(date: Date) -> str:
    """A date to the second, without a time at midnight."""
    return str(date.astype("datetime64[s]")).replace("T00:00:00", "").replace("T", " ")


def frequency_of(dates: Dates) -> Frequency | None:
    """The most common step of sorted dates; None for fewer than two dates or no step forward.

    Dates that are all on the same day of the month, or all at its end, are months apart.
    """
    if len(dates) < 2:
        return None
    days = dates.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    numbers = (days - months.astype("datetime64[D]")).astype(np.int64)
    last = (months + 1).astype("datetime64[D]") - 1 == days
    time = (dates - days.astype("datetime64[us]")).astype(np.int64)
    if (time == time[0]).all() and (last.all() or (numbers == numbers[0]).all()):
        step = _most_common(np.diff(months.astype(np.int64)))
        return Frequency("month", step) if step else None
    step = _most_common(np.diff(dates.astype("datetime64[us]").astype(np.int64)))
    if not step:
        return None
    if step == DAY * SECOND and np.is_busday(days).all():
        return Frequency("weekday", 1)
    if step % SECOND:
        return Frequency("microsecond", step)
    return Frequency("second", step // SECOND)


def _most_common(differences: NDArray[Any]) -> int:
    steps = differences.astype(np.int64)
    steps = steps[steps > 0]
    if not len(steps):
        return 0
    values, counts = np.unique(steps, return_counts=True)
    return int(values[counts.argmax()])


def _month_length(month: Date) -> int:
    start, end = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
    return int((end - start).astype(int))
