"""Draws languages.tsv.gz from the names in Unicode CLDR, as the Babel package carries them.

    python -m tests.data.bundled.build_languages

A name is kept where it is short, holds a letter and no digit, and stands in one of the languages
only, small and capital letters being the same. The same version of Babel gives the same file.
"""

import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_cldr_version

from rnnbuild.data.bundled.languages import FILE, HELD_OUT

# Mostly languages that have near relatives among the rest: one script alone would give them away.
CODES = (
    *("da", "nb", "sv", "is", "nl", "de", "en"),
    *("fr", "it", "es", "pt", "ca", "ro"),
    *("pl", "cs", "sk", "sl", "hr"),
    *("fi", "et", "hu", "tr"),
    *("ru", "uk", "bg", "sr"),
    *("ar", "fa", "ur", "hi", "mr", "ja", "zh", "el"),
)
LONGEST = 30
"""Characters of the longest name that is kept."""


def build(path: Path = FILE) -> None:
    """Writes the dataset."""
    locales = [Locale.parse(code) for code in CODES]
    lines = [
        f"# Unicode CLDR {get_cldr_version()}, licence Unicode-3.0: split, language, name",
        *("\t".join(row) for row in _rows(locales)),
    ]
    content = "\n".join([*lines, ""]).encode()
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


def _rows(locales: list[Locale]) -> Iterator[tuple[str, str, str]]:
    """(split, language, name), in order of languages and names."""
    spellings: dict[str, dict[str, str]] = defaultdict(dict)
    for locale in locales:
        language = (locale.english_name or locale.language).removesuffix(" Bokmål")
        for name in sorted(_names(locale)):
            spellings[name.casefold()].setdefault(language, name)
    for language, name in sorted(
        next(iter(spelled.items())) for spelled in spellings.values() if len(spelled) == 1
    ):
        yield _split(name), language, name


def _names(locale: Locale) -> set[str]:
    """Short names of territories, languages, scripts, currencies, cities, months and days."""
    tables: list[Any] = [locale.territories, locale.languages, locale.scripts, locale.currencies]
    tables += [widths["wide"] for widths in (*locale.months.values(), *locale.days.values())]
    tables.append(
        {zone: names["city"] for zone, names in locale.time_zones.items() if "city" in names}
    )
    names = {" ".join(name.split()) for table in tables for name in table.values()}
    return {
        name
        for name in names
        if len(name) <= LONGEST and any(map(str.isalpha, name)) and not any(map(str.isdigit, name))
    }


def _split(name: str) -> str:
    """The split that a name is in: it follows from the name alone."""
    number = hashlib.sha256(name.casefold().encode()).digest()[0] % 10
    return HELD_OUT.get(number, "train")


if __name__ == "__main__":
    build()
