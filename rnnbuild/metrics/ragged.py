"""Rows of differing length laid end to end: row i is values[offsets[i]:offsets[i + 1]].

Nothing is padded, so nothing has to be masked.
"""

from collections.abc import Iterable

import numpy as np

from rnnbuild.metrics.metric import Array, FloatArray


def check_offsets(offsets: Array, total: int) -> None:
    """Raises ValueError unless offsets rise from 0 to the total, never falling."""
    if offsets.ndim != 1 or not len(offsets):
        raise ValueError("offsets are one more than there are rows, and there are none")
    if offsets[0] != 0 or offsets[-1] != total or np.any(np.diff(offsets) < 0):
        raise ValueError(f"offsets rise from 0 to the {total} values, and these do not")


def row_numbers(offsets: Array) -> Array:
    """The row that each value belongs to: (rows + 1,) -> (total,)."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def rows_at(values: Array, offsets: Array, rows: Iterable[int]) -> list[Array]:
    """The values of each of some rows."""
    return [values[offsets[row] : offsets[row + 1]] for row in rows]


def row_sums(values: Array, offsets: Array) -> FloatArray:
    """The sum of each row's values: (total,), (rows + 1,) -> (rows,)."""
    sums = np.bincount(row_numbers(offsets), weights=values, minlength=len(offsets) - 1)
    return sums.astype(np.float64)
