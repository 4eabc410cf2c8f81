"""Row numbers in half of NumPy's memory: 32 bits suffice for two billion rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]


def row_type(rows: int) -> type[np.integer[Any]]:
    """The smaller of int32 and int64 that can number, or count, this many rows."""
    return np.int32 if rows <= np.iinfo(np.int32).max else np.int64


def shuffled_order(rows: int, generator: np.random.Generator) -> Integers:
    """0 to `rows` - 1 in the order of `generator.permutation(rows)`, of type `row_type`."""
    order = np.arange(rows, dtype=row_type(rows))
    generator.shuffle(order)
    return order
