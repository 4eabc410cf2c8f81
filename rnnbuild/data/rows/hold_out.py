"""Holding out rows for validation and test when the data has no files for them.

The rule: rows with equal text stay together, so that no training text is tested on. Texts are
shuffled by the seed; the test split takes each text that still fits, then the validation split,
and the rest train. The requested numbers are therefore met exactly unless some texts occur very
often, and are never exceeded.

With `folds`, the test split is one of them (`folds.py`), or empty, and validation is held out of
the rest by the same rule.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.examples.order import Integers, shuffled_order
from rnnbuild.data.rows.folds import fold_of_rows
from rnnbuild.data.rows.groups import ROWS_AT_ONCE, Hashes, distinct, groups_of
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.errors import DataError

TRAIN, VALIDATION, TEST, REPLACED = 0, 1, 2, 3
"""The split of a row; REPLACED is the test split when other rows take its place."""
NUMBERS = 4
SplitNumbers = NDArray[np.int8]


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


def assign_splits(
    hashes: Hashes,
    split: SplitConfig,
    validation: bool,
    test: bool,
    labels: Integers | None = None,
) -> SplitNumbers:
    """TRAIN, VALIDATION or TEST for each row, int8 (rows,); equal texts have equal `hashes`.

    `labels` (rows,) are numbers of the rows' labels, of which each fold has its share.

    A number of rows is taken as it is; a share is of all rows, at least one row if it is over 0. A
    split that is not requested gets no rows. Raises DataError if nothing would be left to train on.
    """
    if split.folds is not None:
        return _with_a_fold_tested(hashes, split, split.folds, validation, labels)
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
    groups = groups_of(hashes)
    numbers = _numbers_of_groups(groups.sizes, validated, tested, split.seed)
    split_of: SplitNumbers = groups.spread(numbers, hashes)
    left = [np.count_nonzero(split_of == number) for number in (TRAIN, VALIDATION, TEST)]
    if not left[TRAIN] or (tested and not left[TEST]) or (validated and not left[VALIDATION]):
        raise DataError(
            f"{rows:,} rows have only {len(numbers):,} different texts: rows with equal text "
            "stay together, and too few are left for each split",
            hint="name separate files with `data.validation` and `data.test`",
        )
    return split_of


def _with_a_fold_tested(
    hashes: Hashes,
    split: SplitConfig,
    folds: int,
    validation: bool,
    labels: Integers | None,
) -> SplitNumbers:
    """`fold` is the test split, if it is stated, and validation is held out of all other rows."""
    numbers = np.full(len(hashes), TEST, np.int8)
    others = fold_of_rows(hashes, folds, split.seed, labels) != split.fold
    alike = split.model_copy(update={"folds": None, "fold": None})
    numbers[others] = assign_splits(hashes[others], alike, validation, test=False)
    return numbers


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
    sought = distinct(np.sort(np.concatenate(list(others.values()))))
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
