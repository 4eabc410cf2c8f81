"""Sums as characters: "535+61" to "596"."""

import random
from pathlib import Path

from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.rows import Rows, RowSplits
from rnnbuild.errors import DataError

MOST_TRIES = 1000
"""Draws in a row that may bring nothing new before there is held to be nothing new."""


def addition(length: int, size: int, seed: int) -> RowSplits:
    """`size` sums of two numbers of up to `length` digits, a tenth each for validation and test.

    No two rows add the same two numbers, in either order. Raises DataError where there are not
    as many sums.
    """
    rows = Rows()
    for one, other in _sums(length, size, seed):
        rows.texts.append(f"{one}+{other}")
        rows.targets.append((str(one + other),))
    held_out = max(1, size // 10)
    trained = size - 2 * held_out
    return RowSplits(
        "translate",
        "character",
        rows.take(range(trained)),
        rows.take(range(trained, trained + held_out)),
        rows.take(range(trained + held_out, size)),
    )


def _sums(length: int, size: int, seed: int) -> list[tuple[int, int]]:
    # Only `random()` is promised to give the same numbers in every version of Python.
    draw = random.Random(seed).random

    def number() -> int:
        digits = 1 + int(draw() * length)
        return int(draw() * 10**digits)

    found: dict[frozenset[int], tuple[int, int]] = {}
    tries = 0
    while len(found) < size:
        one, other = number(), number()
        known = len(found)
        found.setdefault(frozenset((one, other)), (one, other))
        tries = 0 if len(found) > known else tries + 1
        if tries > MOST_TRIES:
            raise DataError(
                f"there are hardly more than {known:,} sums of two numbers of up to {length} "
                f"digits, and {size:,} are asked for",
                hint="lower `data.size`, or raise `data.length`",
            )
    return list(found.values())


ADDITION = Dataset(
    Card(
        name="addition",
        task="translate",
        level="character",
        title="the sum of two numbers, written digit by digit",
        rows=(32_000, 4_000, 4_000),
        origin=(
            "generated from `length` (digits of a number), `size` and `seed`; every number of "
            "digits is as common as any other. No sum of the test split stands in the training "
            "split in either order, so sums cannot be looked up"
        ),
        licence="MIT, as the package",
        teaches="",
        best="1.0: every sum has one answer",
        paper="Zaremba and Sutskever 2014, Learning to Execute",
    ),
    load=addition,
    sources=(Path(__file__),),
    options={
        "length": Option(default=3, least=1, most=9),
        "size": Option(default=40_000, least=10),
        "seed": SEED,
    },
)
