"""Are some steps of a series in two splits: does a file contain a part of another?"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.repeats import leakage
from rnnbuild.data.kind.finding import Finding
from rnnbuild.data.series.series import Values

LONG = 20
"""Steps in a row that are no coincidence where they are equal."""


def repeated_steps(values: Values, spans: Mapping[SplitName, tuple[int, int]]) -> Finding:
    """Runs of LONG steps that are in two splits, every column equal in each step.

    `values` (steps, columns) are in their own units; a run that never changes is no repeat.
    """
    runs = run_numbers(values, LONG)
    changes = np.r_[0, np.cumsum((values[1:] != values[:-1]).any(axis=1))]
    moving = changes[LONG - 1 :] > changes[: len(runs)] if len(runs) else np.zeros(0, bool)

    def of_split(first: int, end: int) -> NDArray[np.int64]:
        within = slice(first, max(first, end - LONG + 1))
        return np.asarray(runs[within][moving[within]])

    return leakage(
        {name: of_split(*span) for name, span in spans.items()},
        f"runs of {LONG} steps",
        "See whether a file contains a part of another, or steps were copied to fill a gap.",
        tolerated=0.0,
    )


def run_numbers(values: Values, length: int) -> NDArray[np.int64]:
    """A number for each run of `length` steps, equal where all their values are.

    By doubling: two runs of twice the length are equal where their halves are.
    """
    if len(values) < length:
        return np.zeros(0, np.int64)
    runs = np.unique(values, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        first, second = runs[:-step], runs[step:]
        runs = np.unique(first * len(values) + second, return_inverse=True)[1].astype(np.int64)
        reach += step
    return runs
