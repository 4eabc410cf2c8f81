"""Large numbers as a person reads them in a narrow column."""

from typing import Any

PREFIXES = ("", "k", "M", "G", "T", "P")


def scaled(value: float, unit: str = "") -> str:
    """Three digits that count: `812`, `7.5 k`, `33.0 k`, `1.26 G`; with a unit: `2.7 kB`."""
    size, prefix = abs(value), 0
    # 999.5 would round to 1000, which is 1.00 of the next.
    while size >= 999.5 and prefix < len(PREFIXES) - 1:
        size, prefix = size / 1000, prefix + 1
    if prefix == 0:
        digits = f"{size:.0f}"
    else:
        digits = f"{size:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
    sign = "−" if value < 0 else ""
    return f"{sign}{digits} {PREFIXES[prefix]}{unit}".rstrip()


def count(value: Any) -> str:
    """A count, exact while it is short: `7,500`, then `1.26 G`."""
    if value is None:
        return ""
    return f"{value:,}" if abs(value) < 1_000_000 else scaled(value)


def data_size(value: Any) -> str:
    """Bytes in decimal units: `2.7 kB`."""
    return "" if value is None else scaled(value, "B")


def plural(number: int, noun: str) -> str:
    """`1 step`, `50 steps`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shape(value: Any) -> str:
    """The shape of one example: `50×10`; a single number is `1`."""
    return "×".join(map(str, value))
