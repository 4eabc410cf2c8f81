"""Holding rows out for validation and test where the data has no files of its own for them.

The rule: rows of equal text stay together, so that no row is tested on that was trained on.
Texts are shuffled by the seed; the test split takes each text that still fits into it, then
the validation split, and the rest trains. The numbers asked for are therefore met exactly unless
texts stand in the data many times over, and are never exceeded.

Equal texts are found by 64-bit hashes: among ten million texts, two different ones are taken for
equal once in some 300,000 data sets, and then merely stay together.
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
"""The split that a row is in; REPLACED is for the test split where other rows are given for it."""
NUMBERS = 4
SplitNumbers = NDArray[np.int8]
Hashes = NDArray[np.int64]
ROWS_AT_ONCE = 1 << 16


def hold_out(splits: RowSplits, split: SplitConfig) -> RowSplits:
    """The same rows, with those splits that are None taken from `train`, in their order.

    Raises DataError where nothing would be left to train on.
    """
    if splits.validation is not None and splits.test is not None:
        return splits
    train = splits.train
    hashes = np.fromiter(map(hash, train.texts), np.int64, len(train))
    numbers = assign_splits(hashes, split, splits.validation is None, splits.test is None)

    def taken(number: int) -> Rows:
        return train.take(np.flatnonzero(numbers == number).tolist())

    return replace(
        splits,
        train=replace(taken(TRAIN), notes=train.notes),
        validation=taken(VALIDATION) if splits.validation is None else splits.validation,
        test=taken(TEST) if splits.test is None else splits.test,
    )


def assign_splits(hashes: Hashes, split: SplitConfig, validation: bool, test: bool) -> SplitNumbers:
    """TRAIN, VALIDATION or TEST for each row, int8 (rows,); `hashes` are equal where texts are.

    A number of rows is taken as it is, a share is of all rows, and at least one row where it is
    over 0; none for a split that is not asked for. Raises DataError where nothing would be left
    to train on.
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
    found = np.empty(rows, np.int8)
    found[groups.led] = numbers
    for first, places, which in _repeats(hashes, groups.repeated):
        found[first + places] = numbers[groups.of_repeated[which]]
    left = [np.count_nonzero(found == number) for number in (TRAIN, VALIDATION, TEST)]
    if not left[TRAIN] or (tested and not left[TEST]) or (validated and not left[VALIDATION]):
        raise DataError(
            f"{rows:,} rows hold only {len(numbers):,} different texts: rows of equal text "
            "stay together, and too few are left for each split",
            hint="name files of their own with `data.validation` and `data.test`",
        )
    return found


@dataclass(frozen=True, eq=False)
class _Groups:
    """Rows of equal text, numbered by first appearance, since hashes differ in every process.

    Most texts stand in the data once: only of the others are groups looked up by their hash.

    led:         bool (rows,), the first row of each group
    sizes:       (groups,), how many rows, as `row_type` has them
    repeated:    int64 (r,), the hashes that stand more than once, rising
    of_repeated: int64 (r,), the group of each
    """

    led: NDArray[np.bool_]
    sizes: Integers
    repeated: Hashes
    of_repeated: NDArray[np.int64]


def _groups_of(hashes: Hashes) -> _Groups:
    repeated = _repeated(hashes)
    led = np.ones(len(hashes), bool)
    counts = np.zeros(len(repeated), np.int64)
    of_repeated = np.full(len(repeated), -1)
    groups, reached = 0, 0
    for first, places, which in _repeats(hashes, repeated):
        np.add.at(counts, which, 1)
        led[first + places] = False
        values, firsts = np.unique(which, return_index=True)
        fresh = of_repeated[values] < 0
        led[first + places[firsts[fresh]]] = True
        groups += int(np.count_nonzero(led[reached:first]))
        before = np.cumsum(led[first : first + ROWS_AT_ONCE])
        of_repeated[values[fresh]] = groups + before[places[firsts[fresh]]] - 1
        reached = first
    sizes = np.ones(np.count_nonzero(led), row_type(len(hashes)))
    sizes[of_repeated] = counts
    return _Groups(led, sizes, repeated, of_repeated)


def _repeated(hashes: Hashes) -> Hashes:
    """Those that stand there more than once, rising."""
    ordered = np.sort(hashes)
    return _once(ordered[1:][ordered[1:] == ordered[:-1]])


def _once(ordered: Hashes) -> Hashes:
    """Each of rising hashes once; np.unique takes a hash table for it, of many times the memory."""
    kept = np.ones(len(ordered), bool)
    kept[1:] = ordered[1:] != ordered[:-1]
    return ordered[kept]


def _repeats(
    hashes: Hashes, repeated: Hashes
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """For some rows at a time: the first row, which have a repeated hash, and which hash."""
    if not len(repeated):
        return
    for first in range(0, len(hashes), ROWS_AT_ONCE):
        found = hashes[first : first + ROWS_AT_ONCE]
        which = np.minimum(np.searchsorted(repeated, found), len(repeated) - 1)
        places = np.flatnonzero(repeated[which] == found)
        yield first, places, which[places]


def _rows_wanted(asked: float | int, rows: int) -> int:
    if isinstance(asked, int):
        return asked
    return max(1, round(asked * rows)) if asked else 0


def _numbers_of_groups(sizes: Integers, validated: int, tested: int, seed: int) -> SplitNumbers:
    """Which split each group of rows goes to: int8 (groups,)."""
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
    """Of VALIDATION and TEST, how many rows have a text that stands in the training split too.

    Training is looked through part by part, for the texts of the others.
    """
    others = {number: hashes[split_of == number] for number in (VALIDATION, TEST)}
    asked = _once(np.sort(np.concatenate(list(others.values()))))
    if not len(asked):
        return {}
    seen = np.zeros(len(asked), bool)
    for first in range(0, len(hashes), ROWS_AT_ONCE):
        here = slice(first, first + ROWS_AT_ONCE)
        # In their order they are found in half of the time.
        trained = np.sort(hashes[here][split_of[here] == TRAIN])
        places = np.minimum(np.searchsorted(asked, trained), len(asked) - 1)
        seen[places[asked[places] == trained]] = True
    return {
        number: int(np.count_nonzero(seen[np.searchsorted(asked, found)]))
        for number, found in others.items()
    }
