"""Dates in the formats that people and programs write.

A whole column is read in one format. Where 03/04/2020 leaves open which number is the month, a
number over 12 anywhere in the column decides, and otherwise the reading with even steps.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE_NAMES = frozenset(
    {"date", "datetime", "time", "timestamp", "ds", "day", "week", "month", "year", "quarter"}
)
"""Usual names of a column of dates, in lower case."""

Parse = Callable[[str], datetime]

_TIME = (
    r"(?:[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(rf"{form}{time}$", re.ASCII)
    for form, time in (
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", _TIME),
        (r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", _TIME),
        (r"(?P<year>\d{4})(?:\.0*)?", ""),
        (r"(?P<year>\d{4})[-/.M](?P<month>\d{1,2})", ""),
        (r"(?P<year>\d{4})[- ]?Q(?P<quarter>[1-4])", ""),
        (r"(?P<year>\d{4})-?W(?P<week>\d{1,2})", ""),
        (r"(?P<first>\d{1,2})[/-](?P<second_part>\d{1,2})[/-](?P<year>\d{4})", _TIME),
        (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", _TIME),
        (rf"(?P<day>\d{{1,2}})[- ]{_NAME}[-, ]+(?P<year>\d{{4}})", _TIME),
        (rf"{_NAME}[- ](?P<day>\d{{1,2}}),? +(?P<year>\d{{4}})", _TIME),
        (rf"{_NAME}[-, ]+(?P<year>\d{{4}})", ""),
        (r"(?P<epoch>\d{10}|\d{13})", ""),
    )
)


def looks_like_a_date(text: str) -> bool:
    """Whether a text has one of the formats and is not just a number."""
    text = text.strip()
    return not re.fullmatch(r"[\d.]+", text) and any(form.match(text) for form in _FORMS)


def readings(texts: list[str], stated: str | None) -> list[Parse]:
    """The ways to read a column of dates, the likelier first; empty if no format fits.

    `stated` is a strptime format.
    """
    if stated is not None:
        return [lambda text: datetime.strptime(text.strip(), stated)]
    first = next((text.strip() for text in texts if text.strip()), "")
    form = next((form for form in _FORMS if form.match(first)), None)
    if form is None:
        return []
    orders = _orders(form, texts) if "first" in form.groupindex else [False]
    return [partial(_read, form, day_first) for day_first in orders]


def _orders(form: re.Pattern[str], texts: Iterable[str]) -> list[bool]:
    """Whether the day comes first, as far as the numbers show: one answer, or both."""
    orders = {True, False}
    for text in texts:
        match = form.match(text.strip())
        if match and int(match["first"]) > 12:
            orders.discard(False)
        if match and int(match["second_part"]) > 12:
            orders.discard(True)
    return sorted(orders)


def _read(form: re.Pattern[str], day_first: bool, text: str) -> datetime:
    """The date, in UTC if it has a zone. Raises ValueError if it has another format."""
    match = form.match(text.strip())
    if match is None:
        raise ValueError("it is not in the format of the first one")
    parts = match.groupdict()
    if parts.get("epoch"):
        seconds = int(parts["epoch"]) / (1000 if len(parts["epoch"]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    year = int(parts["year"])
    if parts.get("week"):
        return datetime.fromisocalendar(year, int(parts["week"]), 1)
    month, day = _month_and_day(parts, day_first)
    hour, minute, second = (int(parts.get(key) or 0) for key in ("hour", "minute", "second"))
    # ISO 8601 allows hour 24 for the end of a day.
    midnight = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta(0)
    date = datetime(year, month, day, hour % 24 if midnight else hour, minute, second) + midnight
    return date - _zone(parts.get("zone"))


def _month_and_day(parts: dict[str, str | None], day_first: bool) -> tuple[int, int]:
    if parts.get("quarter"):
        return 3 * int(parts["quarter"] or 1) - 2, 1
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second_part"] or 0)
        return (second, first) if day_first else (first, second)
    if name := parts.get("name"):
        if name[:3].lower() not in MONTHS:
            raise ValueError(f"there is no month `{name}`")
        month = MONTHS.index(name[:3].lower()) + 1
    else:
        month = int(parts.get("month") or 1)
    return month, int(parts.get("day") or 1)


def _zone(zone: str | None) -> timedelta:
    if zone is None or zone in ("Z", "UTC"):
        return timedelta(0)
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
