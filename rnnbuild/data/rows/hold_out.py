"""Holding out rows for validation and test when the data has no files for them.

The rule: rows with equal text stay together, so that no training text is tested on. Texts are
shuffled by the seed; the test split takes each text that still fits, then the validation split,
and the rest train. The requested numbers are therefore met exactly unless some texts occur very
often, and are never exceeded.

Equal texts are found by 64-bit hashes: among ten million texts, two different ones are taken for
equal once in some 300,000 datasets, and then merely stay together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.examples.order import Integers, row_type, shuffled_order
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.errors import DataError

TRAIN, VALIDATION, TEST, REPLACED = 0, 1, 2, 3
"""The split of a row; REPLACED is the test split when other rows take its place."""
NUMBERS = 4
SplitNumbers = NDArray[np.int8]
Hashes = NDArray[np.int64]
ROWS_AT_ONCE = 1 << 16


def hold_out(splits: RowSplits, split: SplitConfig) -> RowSplits:
    """The same rows, with each split that is None taken from `train`, in order.

    Raises DataError if nothing would be left to train on.
    """
    if splits.validation is not None and splits.test is not None:
        return splits
    train = splits.train
    hashes = np.fromiter(map(hash, train.texts), np.int64, len(train))
    numbers = assign_splits(hashes, split, splits.validation is None, splits.test is None)

    def part(number: int) -> Rows:
        return train.take(np.flatnonzero(numbers == number).tolist())

    return replace(
        splits,
        train=replace(part(TRAIN), notes=train.notes),
        validation=part(VALIDATION) if splits.validation is None else splits.validation,
        test=part(TEST) if splits.test is None else splits.test,
    )


def assign_splits(hashes: Hashes, split: SplitConfig, validation: bool, test: bool) -> SplitNumbers:
    """TRAIN, VALIDATION or TEST for each row, int8 (rows,); equal texts have equal `hashes`.

    A number of rows is taken as it is; a share is of all rows, at least one row if it is over 0. A
    split that is not requested gets no rows. Raises DataError if nothing would be left to train on.
    """
    rows = len(hashes)
    tested = _rows_wanted(split.test, rows) if test else 0
    validated = _rows_wanted(split.validation, rows) if validation else 0
    if tested + validated >= rows:
        raise DataError(
            f"of {rows:,} rows, {validated:,} would be held out for validation and "
            f"{tested:,} for test: none would be left to train on",
            hint="lower `data.split.validation` and `data.split.test`, or name more rows",
        )
    if not tested + validated:
        return np.zeros(rows, np.int8)
    groups = _groups_of(hashes)
    numbers = _numbers_of_groups(groups.sizes, validated, tested, split.seed)
    split_of = np.empty(rows, np.int8)
    split_of[groups.led] = numbers
    for first, places, which in _repeated_rows(hashes, groups.repeated):
        split_of[first + places] = numbers[groups.of_repeated[which]]
    left = [np.count_nonzero(split_of == number) for number in (TRAIN, VALIDATION, TEST)]
    if not left[TRAIN] or (tested and not left[TEST]) or (validated and not left[VALIDATION]):
        raise DataError(
            f"{rows:,} rows have only {len(numbers):,} different texts: rows with equal text "
            "stay together, and too few are left for each split",
            hint="name separate files with `data.validation` and `data.test`",
        )
    return split_of


@dataclass(frozen=True, eq=False)
class _Groups:
    """Rows of equal text, numbered by first appearance, since hashes differ in every process.

    Most texts occur once: only the groups of the others are looked up by hash.

    led:         bool (rows,), the first row of each group
    sizes:       (groups,), rows of each group, of type `row_type`
    repeated:    int64 (r,), the hashes that occur more than once, rising
    of_repeated: int64 (r,), the group of each
    """

    led: NDArray[np.bool_]
    sizes: Integers
    repeated: Hashes
    of_repeated: NDArray[np.int64]


def _groups_of(hashes: Hashes) -> _Groups:
    repeated = _repeated_hashes(hashes)
    led = np.ones(len(hashes), bool)
    counts = np.zeros(len(repeated), np.int64)
    of_repeated = np.full(len(repeated), -1)
    groups, reached = 0, 0  # groups that begin before the row `reached`
    for first, places, which in _repeated_rows(hashes, repeated):
        # Of the rows with a repeated hash, only the first of each hash leads a group.
        np.add.at(counts, which, 1)
        led[first + places] = False
        values, firsts = np.unique(which, return_index=True)
        fresh = of_repeated[values] < 0
        led[first + places[firsts[fresh]]] = True
        groups += int(np.count_nonzero(led[reached:first]))
        # A new group's number is the number of leading rows before its own.
        before = np.cumsum(led[first : first + ROWS_AT_ONCE])
        of_repeated[values[fresh]] = groups + before[places[firsts[fresh]]] - 1
        reached = first
    sizes = np.ones(np.count_nonzero(led), row_type(len(hashes)))
    sizes[of_repeated] = counts
    return _Groups(led, sizes, repeated, of_repeated)


def _repeated_hashes(hashes: Hashes) -> Hashes:
    """The hashes that occur more than once, rising."""
    ordered = np.sort(hashes)
    return _distinct(ordered[1:][ordered[1:] == ordered[:-1]])


def _distinct(ordered: Hashes) -> Hashes:
    """Rising hashes without repeats; np.unique needs many times the memory, for a hash table."""
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def _repeated_rows(
    hashes: Hashes, repeated: Hashes
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """Block by block: its first row, the rows in it with a repeated hash, and which hash."""
    if not len(repeated):
        return
    for first in range(0, len(hashes), ROWS_AT_ONCE):
        block = hashes[first : first + ROWS_AT_ONCE]
        which = np.minimum(np.searchsorted(repeated, block), len(repeated) - 1)
        places = np.flatnonzero(repeated[which] == block)
        yield first, places, which[places]


def _rows_wanted(amount: float | int, rows: int) -> int:
    if isinstance(amount, int):
        return amount
    return max(1, round(amount * rows)) if amount else 0


def _numbers_of_groups(sizes: Integers, validated: int, tested: int, seed: int) -> SplitNumbers:
    """The split of each group of rows: int8 (groups,)."""
    numbers = np.zeros(len(sizes), np.int8)
    order = shuffled_order(len(sizes), np.random.default_rng(seed))
    for first in range(0, len(order), ROWS_AT_ONCE):
        groups = order[first : first + ROWS_AT_ONCE]
        for group, size in zip(groups.tolist(), sizes[groups].tolist(), strict=True):
            if size <= tested:
                numbers[group] = TEST
                tested -= size
            elif size <= validated:
                numbers[group] = VALIDATION
                validated -= size
        if not tested + validated:
            break
    return numbers


def known_from_training(hashes: Hashes, split_of: SplitNumbers) -> dict[int, int]:
    """Rows of VALIDATION and of TEST whose text is in the training split too.

    The training rows are searched block by block for the texts of the others.
    """
    others = {number: hashes[split_of == number] for number in (VALIDATION, TEST)}
    sought = _distinct(np.sort(np.concatenate(list(others.values()))))
    if not len(sought):
        return {}
    seen = np.zeros(len(sought), bool)
    for first in range(0, len(hashes), ROWS_AT_ONCE):
        here = slice(first, first + ROWS_AT_ONCE)
        # Sorted, they are found in half the time.
        trained = np.sort(hashes[here][split_of[here] == TRAIN])
        places = np.minimum(np.searchsorted(sought, trained), len(sought) - 1)
        seen[places[sought[places] == trained]] = True
    return {
        number: int(np.count_nonzero(seen[np.searchsorted(sought, texts)]))
        for number, texts in others.items()
    }
