"""Random choices for the generated datasets, and the division of their words among the splits.

Pairs of things that a generator puts together (an adjective with a noun, a phrase with a verb) fall
into KINDS kinds, and each split has kinds of its own. So every word occurs in training, while the
pairs of the test split were never seen.
"""

import random
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

DRAW = Path(__file__)
"""A source of every generated dataset."""

KINDS = 4
TEST, VALIDATION, TRAIN = (0,), (1,), (2, 3)

MOST_TRIES = 1000
"""Draws in a row without anything new, after which there is taken to be nothing new."""


class Draw:
    """Random choices for one split; they follow from a seed, alike in every version of Python."""

    def __init__(self, seed: int, kinds: tuple[int, ...] = TRAIN):
        self.kinds = kinds
        # Only `random()` is guaranteed to give the same numbers in every version of Python.
        self.random = random.Random(seed * KINDS + kinds[0]).random

    def below(self, number: int) -> int:
        """A whole number from 0 up to, but not including, `number`."""
        return int(self.random() * number)

    def any(self, of: Sequence[T]) -> T:
        return of[self.below(len(of))]

    def chance(self, share: float) -> bool:
        return self.random() < share

    def allows(self, first: int, second: int) -> bool:
        """Whether this split pairs the things with these two numbers."""
        return (first + second) % KINDS in self.kinds

    def partner(self, number: int, of: Sequence[T]) -> T:
        """One of the things that this split pairs with the thing of that number."""
        return of[self.partner_number(number, len(of))]

    def partner_number(self, number: int, many: int) -> int:
        """The number, below `many`, of one that this split pairs with the thing of `number`."""
        return self.any([place for place in range(many) if self.allows(number, place)])


def split_sizes(size: int, together: int = 1) -> tuple[int, int, int]:
    """Rows of train, validation and test: a tenth each is held out, `together` at a time."""
    held_out = max(1, round(size / 10 / together)) * together
    return (size - 2 * held_out) // together * together, held_out, held_out


def generate_splits(
    task: Task,
    rows_of: Callable[[Draw, int], Rows],
    size: int,
    seed: int,
    together: int = 1,
    level: Level = "word",
) -> RowSplits:
    """Three splits of text, each written from its own kinds of pairs.

    `rows_of` writes a given number of rows, `together` at a time.
    """
    train, validation, test = (
        rows_of(Draw(seed, kinds), rows)
        for kinds, rows in zip((TRAIN, VALIDATION, TEST), split_sizes(size, together), strict=True)
    )
    return RowSplits(task, level, train, validation, test, pretokenised=TASKS[task].takes_words)


def draw_distinct(make: Callable[[], H], number: int, what: str) -> list[H]:
    """`number` different things, in the order they were drawn.

    Raises DataError if there are not that many; `what` names them.
    """
    drawn: dict[H, None] = {}
    tries = 0
    while len(drawn) < number:
        before = len(drawn)
        drawn.setdefault(make())
        tries = 0 if len(drawn) > before else tries + 1
        if tries > MOST_TRIES:
            raise DataError(
                f"there are hardly more than {len(drawn):,} {what}, and {number:,} are asked for",
                hint="lower `data.size`, or raise `data.length`",
            )
    return list(drawn)


def deal(task: Task, level: Level, rows: Rows, sizes: Sequence[int]) -> RowSplits:
    """Rows that are all different, in three splits one after the other: train, validation, test."""
    train, validation, _ = sizes
    ends = (0, train, train + validation, sum(sizes))
    parts = (rows.take(range(start, end)) for start, end in pairwise(ends))
    training, validating, testing = parts
    return RowSplits(
        task, level, training, validating, testing, pretokenised=TASKS[task].takes_words
    )


def add_tagged(rows: Rows, words: Sequence[str], tags: Sequence[str]) -> None:
    """Append a sentence whose words each have a tag."""
    rows.texts.append(" ".join(words))
    rows.words.append(tuple(words))
    rows.targets.append(tuple(tags))


def add_labelled(rows: Rows, text: str, label: str) -> None:
    """Append a text with its one label."""
    rows.texts.append(text)
    rows.targets.append((label,))
