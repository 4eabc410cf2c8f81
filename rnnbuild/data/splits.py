"""Holding rows out for validation and test where the data has no files of its own for them.

The rule: rows of equal text stay together, so that no row is tested on that was trained on.
Texts are shuffled by the seed; the test split takes each text that still fits into it, then
the validation split, and the rest trains. The numbers asked for are therefore met exactly unless
texts stand in the data many times over, and are never exceeded.
"""

from dataclasses import replace

import numpy as np

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.rows import RowSplits
from rnnbuild.errors import DataError


def hold_out(splits: RowSplits, split: SplitConfig) -> RowSplits:
    """The same rows, with those splits that are None taken from `train`.

    A number of rows is taken as it is, a share is of all rows in `train`, and at least one row
    where it is over 0. Raises DataError where nothing would be left to train on.
    """
    train = splits.train
    tested = _rows_wanted(split.test, len(train)) if splits.test is None else 0
    validated = _rows_wanted(split.validation, len(train)) if splits.validation is None else 0
    if tested + validated >= len(train):
        raise DataError(
            f"of {len(train):,} rows, {validated:,} would be held out for validation and "
            f"{tested:,} for test: none would be left to train on",
            hint="lower `data.split.validation` and `data.split.test`, or name more rows",
        )
    if splits.validation is not None and splits.test is not None:
        return splits
    rest, validation, test = _divide(train.texts, validated, tested, split.seed)
    return replace(
        splits,
        train=replace(train.take(rest), notes=train.notes),
        validation=train.take(validation) if splits.validation is None else splits.validation,
        test=train.take(test) if splits.test is None else splits.test,
    )


def _rows_wanted(asked: float | int, rows: int) -> int:
    if isinstance(asked, int):
        return asked
    return max(1, round(asked * rows)) if asked else 0


def _divide(
    texts: list[str], validated: int, tested: int, seed: int
) -> tuple[list[int], list[int], list[int]]:
    """Row numbers for training, validation and test, each in the order of the file."""
    rows_of: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        rows_of.setdefault(text, []).append(row)
    groups = list(rows_of.values())
    rest: list[int] = []
    validation: list[int] = []
    test: list[int] = []
    for number in np.random.default_rng(seed).permutation(len(groups)).tolist():
        rows = groups[number]
        if len(test) + len(rows) <= tested:
            test += rows
        elif len(validation) + len(rows) <= validated:
            validation += rows
        else:
            rest += rows
    if not rest or (tested and not test) or (validated and not validation):
        raise DataError(
            f"{len(texts):,} rows hold only {len(groups):,} different texts: rows of equal text "
            "stay together, and too few are left for each split",
            hint="name files of their own with `data.validation` and `data.test`",
        )
    return sorted(rest), sorted(validation), sorted(test)
