"""The dates of all rows of a series, in the reading that fits them best."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnbuild.data.series.dates import Way, ways_to_read
from rnnbuild.data.series.faults import RowFault
from rnnbuild.data.series.frequency import Dates, frequency_of

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$", re.ASCII)
FORMATS_HINT = "`data.date_format: '%d/%m/%Y'` states how they are written"
NOT_DATES_HINT = "`data.date: none` takes each row as one step, and another column may be named"


ONE_FORMAT = f"a column of dates has one format throughout; {FORMATS_HINT}"
NO_STEP = "remove the row, if it is a total or a remark and not a step"
ROUND = "round the dates to microseconds"


@dataclass(frozen=True)
class ReadDates:
    """The dates (rows,), or what is wrong with some of them.

    `order` is that of day, month and year, where the form leaves it open.
    """

    dates: Dates
    order: str | None = None
    faults: tuple[RowFault, ...] = ()


def read_dates(
    texts: Sequence[str], column: str, stated: str | None, order: str | None = None
) -> ReadDates:
    """The dates of all rows. `column` is its name for messages; `stated` a strptime format.

    `order` decides where the dates themselves leave open which number is the month.
    """
    ways = ways_to_read(texts, stated)
    if not ways:
        first = next((row for row, text in enumerate(texts) if text.strip()), 0)
        what = f"`{texts[first][:40]}` in `{column}` is not in a known date format"
        fault = RowFault(first, what, f"{FORMATS_HINT}; {NOT_DATES_HINT}")
        return ReadDates(_NO_DATES, None, (fault,))
    readings = [_read(texts, column, way) for way in ways]
    whole = [reading for reading in readings if not reading.faults]
    if not whole:
        return min(readings, key=lambda reading: len(reading.faults))
    scores = [_unevenness(reading.dates) for reading in whole]
    best = [reading for reading, score in zip(whole, scores, strict=True) if score == min(scores)]
    if len(best) > 1 and order is not None:
        best = [reading for reading in best if reading.order == order] or best
    if any((reading.dates != best[0].dates).any() for reading in best[1:]):
        what = f"`{texts[0][:40]}` in `{column}` leaves open which number is the month"
        hint = "state it: `data.date_format: '%d/%m/%Y'` or '%m/%d/%Y'"
        return ReadDates(_NO_DATES, None, (RowFault(0, what, hint),))
    return best[0]


_NO_DATES: Dates = np.array([], "datetime64[us]")


def _read(texts: Sequence[str], column: str, way: Way) -> ReadDates:
    if way.form is not None and all(map(_ISO.match, texts)):
        try:
            return ReadDates(np.array(texts, "datetime64[us]"), way.order)
        except ValueError:
            pass  # 24:00, or a day that is not in the calendar
    dates = np.empty(len(texts), "datetime64[us]")
    faults = []
    for row, text in enumerate(texts):
        try:
            dates[row] = way.parse(text)
        except (ValueError, OverflowError) as error:
            cell = text.strip()[:40]
            what = f"`{cell}` in `{column}` is not a date: {error}"
            if not cell:
                faults.append(
                    RowFault(row, f"no date in `{column}`", "fill it in, or remove the row")
                )
                continue
            hint = ROUND if "microsecond" in str(error) else ONE_FORMAT
            if not any(map(str.isdigit, cell)):
                hint = NO_STEP
            faults.append(RowFault(row, what, hint))
    return ReadDates(dates, way.order, (*faults, *_zone_faults(texts, column, way)))


def _zone_faults(texts: Sequence[str], column: str, way: Way) -> list[RowFault]:
    """Rows with a zone among dates without one, or the other way round."""
    if way.form is None or not way.form.has("zone"):
        return []
    zoned = [way.form.has_zone(text) for text in texts]
    with_zone = sum(zoned)
    if with_zone in (0, len(texts)):
        return []
    most = 2 * with_zone > len(texts)
    what = "has no time zone, unlike" if most else "has a time zone, unlike"
    return [
        RowFault(
            row,
            f"`{texts[row].strip()[:40]}` in `{column}` {what} most dates",
            "state the zone of all of them, or of none",
        )
        for row, has in enumerate(zoned)
        if has != most
    ]


def _unevenness(dates: Dates) -> tuple[int, float]:
    """Steps that go back, and steps that are missing; infinite where the steps are uneven."""
    if len(dates) < 2:
        return 0, 0
    ordered = dates if dates[-1] > dates[0] else dates[::-1]
    back = int((np.diff(ordered.astype(np.int64)) <= 0).sum())
    frequency = frequency_of(ordered)
    if frequency is None or back:
        return back, math.inf
    position = frequency.position(ordered)
    if (position != np.round(position)).any():
        return back, math.inf
    return back, float(position[-1]) + 1 - len(dates)
