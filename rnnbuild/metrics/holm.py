"""Several tests of the same data: p values that keep the family-wise error.

Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979: whatever the tests have to do
with each other, the probability that any of them alarms falsely stays at the level of one test.
"""

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p values, in the order given: each is to be compared with the level of one test.

    None, a test that could not be made, stays None and counts as one of the family: which tests
    those are depends on the data.
    """
    values = np.array([1.0 if p is None else p for p in p_values])
    order = np.argsort(values, kind="stable")
    remaining = np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(remaining * values[order]))
    return [
        None if p is None else float(value) for p, value in zip(p_values, adjusted, strict=True)
    ]
