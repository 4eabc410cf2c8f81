"""Rows dealt into folds, each of which is tested on by a model that was trained on the others.

The rule: rows with equal text stay together, so that no training text is tested on. The largest
groups of them are dealt first, and those of equal size label by label, shuffled by the seed; each
goes to the fold with the fewest rows of its label and, of several, to that with the fewest rows.
Where every text occurs once, two folds therefore differ by one row of each label at most, and by
one row in all.
"""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.order import Integers, shuffled_order
from rnnbuild.data.rows.groups import Groups, Hashes, groups_of
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural

Folds = NDArray[np.int64]


def fold_of_rows(hashes: Hashes, folds: int, seed: int, labels: Integers | None = None) -> Folds:
    """The fold of each row, int64 (rows,), from 1; equal texts have equal `hashes`.

    `labels` (rows,) are numbers of the rows' labels. A text that has several counts as its first.
    Raises DataError where there are fewer different texts than folds.
    """
    groups = groups_of(hashes)
    if len(groups) < folds:
        raise DataError(
            f"{plural(len(hashes), 'row')} with {plural(len(groups), 'different text')} cannot be "
            f"divided into {folds:,} folds: rows with equal text stay together",
            hint=f"lower `data.split.folds` to {len(groups)}"
            if len(groups) > 1
            else "name more rows",
        )
    numbers = np.zeros(len(groups), np.int64) if labels is None else labels[groups.led]
    of_row: Folds = groups.spread(_fold_of_groups(groups, numbers, folds, seed), hashes)
    return of_row


def _fold_of_groups(groups: Groups, labels: Integers, folds: int, seed: int) -> Folds:
    order = shuffled_order(len(groups), np.random.default_rng(seed))
    order = order[np.lexsort((labels[order], -groups.sizes[order].astype(np.int64)))]
    rows, fold_of = [0] * folds, np.empty(len(groups), np.int64)
    of_label: dict[int, list[int]] = {}
    for group, label, size in zip(
        order.tolist(), labels[order].tolist(), groups.sizes[order].tolist(), strict=True
    ):
        with_label = of_label.setdefault(label, [0] * folds)
        _, _, fold = min(zip(with_label, rows, range(folds), strict=True))
        with_label[fold] += size
        rows[fold] += size
        fold_of[group] = fold + 1
    return fold_of


def rare_labels(hashes: Hashes, labels: Integers, folds: int) -> dict[int, int]:
    """The labels with fewer different texts than folds, by number, and how many each has."""
    led = groups_of(hashes).led
    numbers, counts = np.unique(labels[led], return_counts=True)
    few = counts < folds
    return dict(zip(numbers[few].tolist(), counts[few].tolist(), strict=True))
