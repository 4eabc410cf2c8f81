"""Dates as eight languages write them, to be written in ISO form.

`tests/data/bundled/build_dates.py` writes the file that is read here.
"""

import gzip
from pathlib import Path

from rnnbuild.data.bundled.card import Card, Dataset
from rnnbuild.data.rows.rows import Rows, RowSplits

FILE = Path(__file__).with_name("dates.tsv.gz")

HELD_OUT = {0: "validation", 1: "test"}
"""The parts that are held out, of the ten into which a hash divides the dates."""


def dates() -> RowSplits:
    """All forms, in splits that stay the same and share no date."""
    splits = {"train": Rows(), "validation": Rows(), "test": Rows()}
    with gzip.open(FILE, "rt", encoding="utf-8", newline="\n") as file:
        next(file)
        for line in file:
            split, _, form, iso = line.rstrip("\n").split("\t")
            splits[split].texts.append(form)
            splits[split].targets.append((iso,))
    return RowSplits(
        "translate", "character", splits["train"], splits["validation"], splits["test"]
    )


DATES = Dataset(
    Card(
        name="dates",
        task="translate",
        level="character",
        title="a date as one of eight languages writes it, in ISO form: `3 March 1998`",
        rows=(16030, 2031, 1939),
        origin=(
            "dates from 1950 to 2049 in the short, medium, long and full forms of English, German, "
            "French, Spanish, Italian, Dutch, Portuguese and Swedish in Unicode CLDR, through the "
            "Babel package. Forms that two of the languages read as different dates are omitted. "
            "No date of the test split is in the training split in any form"
        ),
        licence="Unicode-3.0",
        teaches=(
            "an encoder and a decoder: the whole date passes through one vector, and the order of "
            "the output has nothing to do with that of the input. The nearest known date has most "
            "digits correct, and never the date"
        ),
        best="100 %: every form has one reading",
        reached=(
            "99.1 % of the test dates digit for digit (95 % interval 98.6 to 99.5) after 12 "
            "epochs, and every one of those written in more than ten characters: what it misses "
            "are short forms of digits only"
        ),
    ),
    load=dates,
    sources=(FILE,),
)
