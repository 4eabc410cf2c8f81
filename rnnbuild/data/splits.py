"""Holding rows out for validation and test where the data has no files of its own for them.

The rule: rows of equal text stay together, so that no row is tested on that was trained on.
Texts are shuffled by the seed; the test split takes each text that still fits into it, then
the validation split, and the rest trains. The numbers asked for are therefore met exactly unless
texts stand in the data many times over, and are never exceeded.

Equal texts are found by 64-bit hashes: among ten million texts, two different ones are taken for
equal once in some 300,000 data sets, and then merely stay together.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.rows import Rows, RowSplits
from rnnbuild.errors import DataError

TRAIN, VALIDATION, TEST, REPLACED = 0, 1, 2, 3
"""The split that a row is in; REPLACED is for the test split where other rows are given for it."""
NUMBERS = 4
SplitNumbers = NDArray[np.int8]
_STEP = 1 << 16


def hold_out(splits: RowSplits, split: SplitConfig) -> RowSplits:
    """The same rows, with those splits that are None taken from `train`, in their order.

    Raises DataError where nothing would be left to train on.
    """
    if splits.validation is not None and splits.test is not None:
        return splits
    train = splits.train
    hashes = np.fromiter(map(hash, train.texts), np.int64, len(train))
    numbers = held_out(hashes, split, splits.validation is None, splits.test is None)

    def taken(number: int) -> Rows:
        return train.take(np.flatnonzero(numbers == number).tolist())

    return replace(
        splits,
        train=replace(taken(TRAIN), notes=train.notes),
        validation=taken(VALIDATION) if splits.validation is None else splits.validation,
        test=taken(TEST) if splits.test is None else splits.test,
    )


def held_out(
    hashes: NDArray[np.int64], split: SplitConfig, validation: bool, test: bool
) -> SplitNumbers:
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
    order = np.argsort(hashes, kind="stable")
    starts = np.flatnonzero(np.diff(hashes[order], prepend=hashes[order[0]] - 1))
    sizes = np.diff(starts, append=rows)
    # By first appearance, since hashes differ from process to process.
    by_appearance = np.argsort(order[starts])
    numbers = np.empty(len(starts), np.int8)
    numbers[by_appearance] = _numbers_of_groups(sizes[by_appearance], validated, tested, split.seed)
    left = np.bincount(numbers, sizes, 3)
    if not left[TRAIN] or (tested and not left[TEST]) or (validated and not left[VALIDATION]):
        raise DataError(
            f"{rows:,} rows hold only {len(starts):,} different texts: rows of equal text "
            "stay together, and too few are left for each split",
            hint="name files of their own with `data.validation` and `data.test`",
        )
    found = np.empty(rows, np.int8)
    found[order] = np.repeat(numbers, sizes)
    return found


def _rows_wanted(asked: float | int, rows: int) -> int:
    if isinstance(asked, int):
        return asked
    return max(1, round(asked * rows)) if asked else 0


def _numbers_of_groups(
    sizes: NDArray[np.int64], validated: int, tested: int, seed: int
) -> SplitNumbers:
    """Which split each group of rows goes to: int8 (groups,)."""
    numbers = np.zeros(len(sizes), np.int8)
    order = np.random.default_rng(seed).permutation(len(sizes))
    for first in range(0, len(order), _STEP):
        groups = order[first : first + _STEP]
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
