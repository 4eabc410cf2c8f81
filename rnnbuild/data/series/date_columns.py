"""Which columns of a table hold the dates, and the text of each row's date."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rnnbuild.data.series.dates import forms_of, ways_to_read

NONE = "none"
"""`data.date: none`: there are no dates, and each row is a step."""
DATE_NAMES = frozenset(
    {
        *(
            "date",
            "datetime",
            "date_time",
            "time",
            "timestamp",
            "ds",
            "dt",
            "period",
            "utc",
            "datum",
        ),
        *("day", "week", "month", "year", "quarter", "fecha", "jahr", "año", "année"),
    }
)
"""Usual names of a column of dates, in lower case."""
UNITS: Mapping[str, frozenset[str]] = {
    "year": frozenset({"year", "yr", "yyyy", "jahr", "año", "année"}),
    "month": frozenset({"month", "mon", "mo", "mm", "mnth", "monat", "mes", "mois"}),
    "day": frozenset({"day", "dd", "mday", "day_of_month", "tag", "día", "jour"}),
    "hour": frozenset({"hour", "hr", "hh", "stunde", "hora", "heure"}),
    "minute": frozenset({"minute", "min", "mi"}),
    "second": frozenset({"second", "sec", "ss"}),
}
"""Names of columns that have a part of a date each, the largest part first."""
CLOCK_NAMES = frozenset({"time", "hour", "hr", "hours", "zeit", "uhrzeit", "hora", "heure"})
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d{2}){1,2}(?:[.,]\d+)?(?:\s*[ap]\.?m\.?)?$", re.I | re.ASCII)
_YEAR = re.compile(r"\d{4}(?:\.0*)?$", re.ASCII)
_WHOLE = re.compile(r"\d+(?:\.0*)?$", re.ASCII)

_NUMBER = re.compile(r"[-+]?[\d.,' ]*\d[\d.,' ]*(?:e[-+]?\d+)?%?$", re.I)

Cells = Callable[[str], Sequence[str]]
"""The cells of a column, by its name."""


def recognised(columns: Sequence[str], cells: Cells) -> tuple[str, ...]:
    """The columns that hold the dates; none where nothing looks like dates.

    First a column of whole dates, with its time of day where that is apart; else the columns that
    have a part each (year, month, day); else one with a usual name and numbers that may be dates
    (1949, 20200131, Unix seconds).
    """
    for name in columns:
        if has_dates(cells(name)):
            return (name, *_time_of_day(name, columns, cells))
    parts = tuple(_parts(columns, cells))
    if len(parts) > 1:
        return parts
    for name in columns:
        if _plain_name(name) in DATE_NAMES and has_dates(cells(name), _plain_name(name)):
            return (name, *_time_of_day(name, columns, cells))
    # One that is named so and is not a number either must be meant: its cells are then reported.
    return next(
        (
            (name,)
            for name in columns
            if _plain_name(name) in DATE_NAMES and not any(map(_has_number, cells(name)))
        ),
        (),
    )


def has_dates(cells: Sequence[str], named: str | None = None) -> bool:
    """Whether most cells are dates.

    Numbers may be dates only in a column `named` for them, and only if all of them are: days of
    Excel, five digits, only where the name says `date`.
    """
    filled = [cell for cell in cells if cell.strip()]
    for form in forms_of(filled):
        if form.number and (named is None or (form.has("excel") and "date" not in named)):
            continue
        share = sum(map(form.fits, filled)) / len(filled)
        if share <= 0.5 or (form.number and share < 1):
            continue
        sample = filled[:: max(1, len(filled) // 20)]
        if any(2 * _read(way.parse, sample) >= len(sample) for way in ways_to_read(sample, None)):
            return True
    return False


def _read(parse: Callable[[str], object], cells: Sequence[str]) -> int:
    """How many of the cells are dates."""
    count = 0
    for cell in cells:
        try:
            parse(cell)
            count += 1
        except (ValueError, OverflowError):
            continue
    return count


def _has_number(cell: str) -> bool:
    return _NUMBER.match(cell.strip()) is not None


def _plain_name(name: str) -> str:
    return name.strip().lower()


def _parts(columns: Sequence[str], cells: Cells) -> Iterator[str]:
    """Columns of year, month, day and so on, down to the first part that is missing."""
    for unit, names in UNITS.items():
        column = next((name for name in columns if _plain_name(name) in names), None)
        if column is None or not _all_whole(cells(column), year=unit == "year"):
            return
        yield column


def _all_whole(cells: Sequence[str], year: bool) -> bool:
    if year:
        return all(_WHOLE.match(cell.strip()) and len(cell.strip()) >= 4 for cell in cells)
    return all(_WHOLE.match(cell.strip()) for cell in cells)


def _time_of_day(date: str, columns: Sequence[str], cells: Cells) -> Iterator[str]:
    """The column with the time of day of the dates of another, where there is one."""
    sample = [cell for cell in cells(date)[:20] if cell.strip()]
    if any(":" in cell for cell in sample):
        return
    for name in columns:
        if name == date or _plain_name(name) not in CLOCK_NAMES:
            continue
        times = [cell.strip() for cell in cells(name) if cell.strip()]
        if all(map(_CLOCK.match, times)):
            yield name
            return
        hours = all(_WHOLE.match(time) and float(time) <= 24 for time in times)
        if hours and len(set(cells(date))) < len(times):
            yield name
            return


def date_texts(columns: Sequence[str], cells: Cells) -> list[str]:
    """The date of each row as one text: the column itself, or several joined.

    Columns with the names of parts, or the first of which is a year, are joined as year, month,
    day, hour, minute and second; others as a date and its time of day.
    """
    if len(columns) == 1:
        return list(cells(columns[0]))
    order = _parts_in_order(columns, cells)
    if order is None:
        return [" ".join(part.strip() for part in row) for row in _rows(columns, cells)]
    return [_calendar_text(row) for row in _rows(order, cells)]


def _rows(columns: Sequence[str], cells: Cells) -> Iterator[tuple[str, ...]]:
    yield from zip(*(cells(name) for name in columns), strict=True)


def _parts_in_order(columns: Sequence[str], cells: Cells) -> Sequence[str] | None:
    """Columns with a part of the date each, the largest first; None where one has all of it."""
    places = [
        next((place for place, names in enumerate(UNITS.values()) if _plain_name(name) in names), 9)
        for name in columns
    ]
    if 9 not in places:
        return [name for _, name in sorted(zip(places, columns, strict=True))]
    years = all(_YEAR.match(cell.strip()) for cell in cells(columns[0]))
    return columns if years else None


def _calendar_text(parts: Sequence[str]) -> str:
    """`2010-1-1 0:00` of 2010, 1, 1, 0."""
    plain = [re.sub(r"\.0*$", "", part.strip()) for part in parts]
    day, clock = "-".join(plain[:3]), plain[3:]
    if not clock:
        return day
    return f"{day} " + ":".join([clock[0], *(part.zfill(2) for part in (clock[1:] or ["00"]))])
