"""Draws dates.tsv.gz: dates as the locales of Unicode CLDR write them, through the Babel package.

    python -m tests.data.bundled.build_dates

A form is kept where it is the form of one date only: "3/4/98" is in March in English and in April
in Spanish, and left out. The same version of Babel gives the same file.
"""

import gzip
import hashlib
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from babel.core import get_cldr_version
from babel.dates import format_date

from rnnbuild.data.bundled.dates import FILE, HELD_OUT

CODES = ("en", "de", "fr", "es", "it", "nl", "pt", "sv")
STYLES = ("short", "medium", "long", "full")
FIRST, DAYS = date(1950, 1, 1), 36_525
"""A hundred years, to the end of 2049: two digits of a year then tell it."""

ROWS = 20_000
SEED = 1


def build(path: Path = FILE) -> None:
    """Writes the dataset."""
    lines = [
        f"# Unicode CLDR {get_cldr_version()}, licence Unicode-3.0: split, language, form, date",
        *("\t".join(row) for row in _rows()),
    ]
    content = "\n".join([*lines, ""]).encode()
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


def forms_of(code: str, style: str) -> list[str]:
    """How a language writes each of the days."""
    days = (FIRST + timedelta(day) for day in range(DAYS))
    return [" ".join(format_date(day, style, code).split()) for day in days]


def _rows() -> Iterator[tuple[str, str, str, str]]:
    """(split, language, form, date in ISO form), each form once."""
    tables = {(code, style): forms_of(code, style) for code in CODES for style in STYLES}
    ambiguous = ambiguous_forms(list(tables.values()))
    draw = random.Random(SEED).random
    taken: set[str] = set()
    while len(taken) < ROWS:
        code = CODES[int(draw() * len(CODES))]
        style = STYLES[int(draw() * len(STYLES))]
        day = int(draw() * DAYS)
        form = tables[code, style][day]
        if form in ambiguous or form in taken:
            continue
        taken.add(form)
        iso = (FIRST + timedelta(day)).isoformat()
        yield _split(iso), code, form, iso


def ambiguous_forms(tables: list[list[str]]) -> set[str]:
    """The forms that stand for two days or more; a table holds the form of each day."""
    day_of: dict[str, int] = {}
    return {
        form
        for table in tables
        for day, form in enumerate(table)
        if day_of.setdefault(form, day) != day
    }


def _split(iso: str) -> str:
    """The split that a date is in: it follows from the date alone."""
    number = hashlib.sha256(iso.encode()).digest()[0] % 10
    return HELD_OUT.get(number, "train")


if __name__ == "__main__":
    build()
