"""Dates in the formats that people and programs write.

A whole column is read in one format: the one that most of its cells have. Where 03/04/2020 leaves
open which number is the month, a number over 12 anywhere in the column decides, and otherwise the
reading with even steps (`date_column.py`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EPOCH = datetime(1970, 1, 1)
EXCEL_DAY_0 = datetime(1899, 12, 30)
"""Day 60 of Excel is a 29 February 1900 that never was; from day 61 on this is day 0."""
YOUNGEST_OF_1900S = 69
"""Years of two digits, as POSIX reads them: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068"""

Parse = Callable[[str], datetime]

# 17:24, 17:24:00.250, 18.00.00, T1724, 5:24 PM, and a zone; the hour alone where columns are joined
_CLOCK = (
    r"(?P<hour>\d{1,2})"
    r"(?:[:.]?(?P<minute>\d{2})(?:[:.]?(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
    r"(?:\s*(?:utc|gmt|\[[a-z_/]+\]))?"
)
_TIME = rf"(?:(?:T|,?\s)\s*{_CLOCK})?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>\d{4})"
_SHORT_YEAR = r"(?P<year>\d{4}|'?\d{2})"


@dataclass(frozen=True)
class Form:
    """One way to write a date. `number`: nothing but the column's name tells it from a number."""

    pattern: re.Pattern[str]
    number: bool = False

    def fits(self, text: str) -> bool:
        return self.pattern.match(text.strip()) is not None

    def has_zone(self, text: str) -> bool:
        """Whether a date of this form states its distance from UTC."""
        match = self.pattern.match(text.strip())
        return bool(match and match["zone"])

    def has(self, *groups: str) -> bool:
        return all(group in self.pattern.groupindex for group in groups)


def _form(pattern: str, number: bool = False) -> Form:
    return Form(re.compile(rf"{pattern}$", re.ASCII | re.IGNORECASE), number)


FORMS = (
    _form(rf"{_YEAR}([-/. ])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_TIME}"),
    _form(rf"{_YEAR}年(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?"),
    _form(rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})", number=True),
    _form(rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})[T ]\s*{_CLOCK}"),
    _form(
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})"
        r"(?P<hour>\d{2})(?:(?P<minute>\d{2})(?P<second>\d{2})?)?",
        number=True,
    ),
    _form(rf"{_YEAR}(?:\.0*)?", number=True),
    _form(rf"{_YEAR}(?:\.(?P<part>\d+))?", number=True),
    _form(rf"{_YEAR}(?P<month>\d{{2}})", number=True),
    _form(rf"{_YEAR}\.(?P<month>\d{{1,2}})", number=True),
    _form(rf"{_YEAR}(?:[-/ ]|-?M)(?P<month>\d{{1,2}})"),
    _form(rf"{_YEAR}[-/. ]{_NAME}(?:[-/. ](?P<day>\d{{1,2}}){_TIME})?"),
    _form(rf"(?P<month>\d{{1,2}})[-/]{_YEAR}"),
    _form(rf"{_YEAR}-(?P<ordinal>\d{{3}})"),
    _form(rf"{_YEAR}[-:/ ]?[HS](?P<half_year>[12])"),
    _form(rf"{_YEAR}[-:/ ]?Q(?P<quarter>[1-4])"),
    _form(rf"Q(?P<quarter>[1-4])[-:/ ]*{_SHORT_YEAR}"),
    _form(rf"(?P<quarter>[1-4])Q[-/ ]?{_SHORT_YEAR}"),
    _form(rf"{_YEAR}[- ]?W(?P<week>\d{{1,2}})(?:-?(?P<weekday>[1-7]))?"),
    _form(rf"(?P<one>\d{{1,2}})([-/ ])(?P<two>\d{{1,2}})\2{_YEAR}{_TIME}"),
    _form(rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}{_TIME}"),
    _form(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{2}}){_TIME}"),
    _form(rf"(?P<one>\d{{1,2}})([-/])(?P<two>\d{{1,2}})\2(?P<three>\d{{2}}){_TIME}"),
    _form(rf"{_WEEKDAY}(?P<day>\d{{1,2}})[-/. ]*{_NAME}[-/., ]*{_SHORT_YEAR}{_TIME}"),
    _form(
        rf"{_WEEKDAY}{_NAME}[-/ ](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:, *| +|[-/]){_YEAR}{_TIME}"
    ),
    _form(rf"{_NAME}[-/., ]*{_SHORT_YEAR}"),
    _form(r"(?P<epoch>\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:\.(?P<part>\d*))?", number=True),
    _form(r"(?P<excel>[1-9]\d{4}(?:\.\d*)?)", number=True),
)


def forms_of(texts: Sequence[str]) -> list[Form]:
    """The forms that most of the cells have, blank ones aside; empty if none fits any."""
    cells = [cell for text in texts if (cell := text.strip())]
    if not cells:
        return []
    sample = cells[:: max(1, len(cells) // 20)]
    counts = {form: sum(map(form.fits, cells)) for form in FORMS if any(map(form.fits, sample))}
    most = max(counts.values(), default=0)
    return [form for form, count in counts.items() if count == most]


@dataclass(frozen=True)
class Way:
    """A way to read a column. `order` is that of day, month and year, where the form has several"""

    parse: Parse
    order: str | None = None
    form: Form | None = None


ORDERS = {"day/month/year": (0, 1, 2), "month/day/year": (1, 0, 2), "year/month/day": (2, 1, 0)}
"""Where the day, the month and the year are among three numbers."""


def ways_to_read(texts: Sequence[str], stated: str | None) -> list[Way]:
    """The ways to read a column of dates, the likelier first; empty if no form fits.

    `stated` is a strptime format.
    """
    if stated is not None:
        return [Way(lambda text: _naive(datetime.strptime(text.strip(), stated)))]
    return list(_ways(texts))


def _ways(texts: Sequence[str]) -> Iterator[Way]:
    for form in forms_of(texts):
        if not form.has("one"):
            yield Way(partial(read_date, form, None), None, form)
            continue
        possible = [order for order in ORDERS if form.has("three") or order[0] != "y"]
        decided = _orders(form, texts, possible)
        for order in decided or possible:
            yield Way(partial(read_date, form, order), order, form)


def _orders(form: Form, texts: Sequence[str], possible: list[str]) -> list[str]:
    """The orders in which no number is out of range."""
    largest = [0, 0, 0]
    for text in texts:
        if match := form.pattern.match(text.strip()):
            numbers = [int(match["one"]), int(match["two"]), 0]
            if form.has("three"):
                numbers[2] = int(match["three"])
            largest = list(map(max, largest, numbers))
    return [
        order
        for order in possible
        if largest[ORDERS[order][0]] <= 31 and largest[ORDERS[order][1]] <= 12
    ]


def read_date(form: Form, order: str | None, text: str) -> datetime:
    """The date, in UTC if it has a zone. Raises ValueError or OverflowError if it is none."""
    match = form.pattern.match(text.strip())
    if match is None:
        raise ValueError("it is written otherwise than most of the column")
    parts = match.groupdict()
    if epoch := parts.get("epoch"):
        return _from_epoch(epoch, parts.get("part") or "")
    if excel := parts.get("excel"):
        return EXCEL_DAY_0 + timedelta(seconds=round(float(excel) * 86_400))
    if parts.get("part"):
        return _from_decimal_year(parts)
    if ordinal := parts.get("ordinal"):
        return datetime.strptime(f"{match['year']} {ordinal}", "%Y %j")
    if parts.get("week"):
        weekday = int(parts.get("weekday") or 1)
        return datetime.fromisocalendar(int(match["year"]), int(match["week"]), weekday)
    year, month, day = _calendar(parts, order)
    hour, minute, second = _clock(parts)
    # ISO 8601 allows hour 24 for the end of a day.
    midnight = (hour, minute, second) == (24, 0, 0)
    date = datetime(year, month, day, 0 if midnight else hour, minute, second)
    date += timedelta(days=int(midnight), microseconds=_microseconds(parts.get("fraction") or ""))
    return date - _zone(parts.get("zone"))


def _calendar(parts: dict[str, str | None], order: str | None) -> tuple[int, int, int]:
    if order is not None:
        written = [parts["one"], parts["two"], parts.get("three") or parts.get("year")]
        day, month, year = (str(written[place]) for place in ORDERS[order])
        return _year(year), int(month), int(day)
    year = str(parts["year"])
    if quarter := parts.get("quarter"):
        return _year(year), 3 * int(quarter) - 2, 1
    if half := parts.get("half_year"):
        return _year(year), 6 * int(half) - 5, 1
    if name := parts.get("name"):
        number = MONTHS.index(name[:3].lower()) + 1
    else:
        number = int(parts.get("month") or 1)
    return _year(year), number, int(parts.get("day") or 1)


def _year(text: str) -> int:
    digits = text.lstrip("'")
    if len(digits) > 2:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= YOUNGEST_OF_1900S else 2000)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int]:
    hour, minute, second = (int(parts.get(key) or 0) for key in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(f"there is no hour {hour} {half}")
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return hour, minute, second


def _microseconds(digits: str) -> int:
    """The digits after a second's point. Raises ValueError for what is finer."""
    if digits[6:].strip("0"):
        raise ValueError("it is finer than a microsecond")
    return int(digits[:6].ljust(6, "0"))


def _from_epoch(digits: str, after: str) -> datetime:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, by their number of digits."""
    power = 3 * ((len(digits) - 9) // 3)
    number = digits + after
    places = power + len(after)
    whole, fraction = (number[:-places], number[-places:]) if places else (number, "")
    return EPOCH + timedelta(seconds=int(whole), microseconds=_microseconds(fraction))


def _from_decimal_year(parts: dict[str, str | None]) -> datetime:
    """1949.0833 as the month that it lies in: February. Two hundredths of a month are rounding."""
    month = int(12 * float(f"0.{parts['part']}") + 0.02)
    return datetime(int(parts["year"] or 0), month + 1, 1)


def _zone(zone: str | None) -> timedelta:
    if zone is None or zone[0] not in "+-":
        return timedelta(0)
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))


def _naive(date: datetime) -> datetime:
    """A date without a zone, in UTC if it has one."""
    offset = date.utcoffset()
    return date if offset is None else date.replace(tzinfo=None) - offset
