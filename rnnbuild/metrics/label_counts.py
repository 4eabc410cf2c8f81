"""How often each label was predicted correctly, predicted, and meant, row by row."""

import numpy as np

from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.unseen import hits


def label_counts(
    targets: Array, predictions: Array, rows: Array, row_count: int, label_count: int
) -> Array:
    """The counts that `f1.py` works on: (row_count, 3 x (label_count + 1)).

    `targets`, `predictions` and `rows` are aligned: label numbers and the row that each belongs
    to. The last label stands for those unseen in train.
    """
    correct = hits(targets, predictions)
    return count_table(
        (row_count, label_count + 1),
        correct=(rows[correct], targets[correct]),
        predicted=(rows, predictions),
        actual=(rows, targets),
    )


def count_table(
    shape: tuple[int, int],
    correct: tuple[Array, Array],
    predicted: tuple[Array, Array],
    actual: tuple[Array, Array],
) -> Array:
    """Occurrences as a table (rows, 3 x labels), `shape` being (rows, labels).

    Each occurrence is a row and a label number; -1 is the last label, as it is the last place of
    an array. Counts are the smallest integers that fit them: a byte for single answers.
    """
    row_count, label_count = shape
    most = max(int(np.bincount(rows, minlength=1).max()) for rows, _ in (predicted, actual))
    table = np.zeros(row_count * 3 * label_count, dtype=np.min_scalar_type(most))
    for part, (rows, labels) in enumerate((correct, predicted, actual)):
        np.add.at(table, (rows * 3 + part) * label_count + labels % label_count, 1)
    return table.reshape(row_count, 3 * label_count)
