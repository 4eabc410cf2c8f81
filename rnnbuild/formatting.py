"""Numbers as text, for sentences, tables and pictures."""

from math import isfinite
from typing import Any

SMALLEST_PLAIN, LARGEST_PLAIN = 1e-6, 1e15
PREFIXES = ("", "k", "M", "G", "T", "P")


def percent(share: float, digits: int = 1) -> str:
    """`74.5 %`, with a space, as in ISO 31-0."""
    return f"{100 * share:.{digits}f} %"


def value_text(value: Any) -> str:
    """A value as a person reads it: an integer with commas, `33,024`; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        digits, exponent, power = score_text(value).partition("e")
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return f"{digits}{exponent}{power}"
    return str(value)


def rate_text(value: float | None) -> str:
    """A learning rate in three digits, as configs have them: `0.003`, `0.000123`, `1.93e-05`.

    So it is never longer than 8 characters, however far a schedule lowers it.
    """
    return "" if value is None else f"{value:.3g}"


def score_text(value: float | None) -> str:
    """Five digits or all before the point, and four at least where zeros follow it: `0.8120`,
    `20,341.93`, `0.0002314`; empty for None.

    An exponent is left to sizes below 1e-6 and from 1e15 on, where zeros would have to be counted.
    """
    if value is None:
        return ""
    size = abs(value)
    if not isfinite(value) or size == 0:
        return f"{value:.4f}"
    if not SMALLEST_PLAIN <= size < LARGEST_PLAIN:
        return f"{value:.3e}"
    if size < 1:
        # The exponent after rounding to four digits: 0.09999 is 1.000e-01.
        return f"{value:.{max(4, 3 - int(f'{size:.3e}'.partition('e')[2]))}f}"
    before = len(f"{size:.0f}")
    return f"{value:,.{max(2, 5 - before) if before < 7 else 0}f}"


def measured_text(value: float | None) -> str:
    """A measurement, which has no more than four digits: `12,346`, `1.235`; empty for None."""
    if value is None or not isfinite(value):
        return score_text(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else value_text(float(f"{value:.4g}"))


def probability_text(value: float | None) -> str:
    """Four digits behind the point, so that a column of them is even; empty for None."""
    return "" if value is None else f"{value:.4f}"


def written_text(value: float) -> str:
    """A number as a file has it, all of it and without commas: `-9999`, `0.5`."""
    return str(int(value)) if value.is_integer() and abs(value) < LARGEST_PLAIN else repr(value)


def interval_text(low: float | None, high: float | None, reason: str | None = None) -> str:
    """`0.8120–0.8450`; `none` where there is a reason for it, else empty without an interval."""
    if low is None:
        return "none" if reason else ""
    return f"{score_text(low)}–{score_text(high)}"


def scaled_text(value: float, unit: str = "") -> str:
    """Three significant digits: `812`, `7.50 k`, `33.0 k`, `1.26 G`; with a unit: `2.70 kB`."""
    size, prefix = abs(value), 0
    # 999.5 would round to 1000, which is 1.00 with the next prefix.
    while size >= 999.5 and prefix < len(PREFIXES) - 1:
        size, prefix = size / 1000, prefix + 1
    if prefix == 0:
        digits = f"{size:.0f}"
    else:
        digits = f"{size:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
    sign = "−" if value < 0 else ""
    return f"{sign}{digits} {PREFIXES[prefix]}{unit}".rstrip()


def count_text(value: int | None) -> str:
    """A count, exact below a million: `7,500`, `1.26 G`; empty for None."""
    if value is None:
        return ""
    return f"{value:,}" if abs(value) < 1_000_000 else scaled_text(value)


def size_text(value: float | None) -> str:
    """Bytes in decimal units: `2.70 kB`; empty for None."""
    return "" if value is None else scaled_text(value, "B")


UNKNOWN_STEPS = "T"
"""Stands for a number of steps that neither data nor config says."""


def dimension_text(size: object) -> str:
    """One dimension of a shape: its size, or `T`."""
    return UNKNOWN_STEPS if size is None else str(size)


def shape_text(shape: tuple[object, ...]) -> str:
    """The shape of one example: `50×10`, `T×10`; a single number is `1`."""
    return "×".join(map(dimension_text, shape))


def length_text(steps: int | None) -> str:
    """`1 step`, `50 steps`, `T steps`."""
    return f"{UNKNOWN_STEPS} steps" if steps is None else plural(steps, "step")


def plural(number: int, noun: str) -> str:
    """`1 step`, `50 steps`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def capitalised(text: str) -> str:
    """A text that begins a sentence; the rest stays as it is, and so does a path at its start."""
    return text if "/" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def first_few(parts: list[str], shown: int = 3) -> str:
    """The first few parts, and the number of the rest: `a, b, c and 4 more`."""
    more = len(parts) - shown
    return ", ".join(parts[:shown]) + (f" and {more:,} more" if more > 0 else "")


def signed_text(difference: int) -> str:
    """`+1,020`, `−85`; empty for 0."""
    return f"{difference:+,}".replace("-", "−") if difference else ""


def difference_text(value: float | None) -> str:
    """A signed number with three digits or all before the point: `+0.420`, `−12.3`, `+1,234`; with
    an exponent below 1e-4; empty for None."""
    if value is None:
        return ""
    size = abs(value)
    digits = f"{size:,.0f}" if size >= 999.5 else f"{size:#.3g}".rstrip(".")
    return f"{'−' if value < 0 else '+'}{digits}" if size else "0"


def clock(seconds: float) -> str:
    """`1:05:09`, `12:34` or `0:07`."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def duration_text(seconds: float | None) -> str:
    """A time span, below a minute in tenths of a second: `3.2 s`, `12:34`; empty for None."""
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds < 59.95 else clock(round(seconds))


def is_encodable(text: str) -> bool:
    """Whether a text has no lone surrogates, which UTF-8 cannot encode.

    JSON can escape them, and Python stands them for bytes of a name that is not UTF-8.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
