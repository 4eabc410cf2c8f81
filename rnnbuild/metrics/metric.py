"""What a metric is: statistics of each example, pooled over a set of examples, then a score.

    statistics(answers)          (examples, k)            what each example contributes
    pool(statistics, weights)    (..., k)                 each example counted weights times
    score(pooled)                (...)                    NaN where the score is undefined

The score of a whole split, of the short sequences only, of a split read in chunks, and of
a thousand bootstrap resamples differ in nothing but the weights. So padding, batches and chunks
cannot change a score: they do not occur here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]
Answers = TypeVar("Answers")

Bounds = tuple[float, float]
"""The ends of an interval."""
Unit = Literal["share", "points", "nats", "bits", "target units", "target units squared", "ratio"]


def points_in(unit: Unit) -> float:
    """How many of what differences are printed in are one unit: shares differ by points."""
    return 100.0 if unit == "share" else 1.0


def range_of(unit: Unit) -> Bounds:
    """The least and the greatest value of a score: none is negative, and shares end at 1."""
    return 0.0, {"share": 1.0, "points": 100.0}.get(unit, float("inf"))


# Statistics are kept in small integers where they are counts, and turned into floats so many
# columns at a time: memory then stays near that of the small integers.
COLUMNS_AT_ONCE = 64


def sums(statistics: Array, weights: FloatArray) -> FloatArray:
    """Weighted sums over examples: (examples, k), (..., examples) -> (..., k)."""
    columns = [
        statistics[:, first : first + COLUMNS_AT_ONCE]
        for first in range(0, statistics.shape[1], COLUMNS_AT_ONCE)
    ]
    # No weight times an infinite error is not a number, and its score undefined: no warning.
    with np.errstate(invalid="ignore"):
        products = [weights @ block.astype(np.float64, copy=False) for block in columns]
    pooled: FloatArray = np.concatenate(products, axis=-1)
    return pooled


@dataclass(frozen=True)
class Metric(Generic[Answers]):
    """A score of `Answers`, composed of three functions (see the module).

    `pool` is `sums` for all but the metrics that compare examples with each other.
    """

    name: str
    statistics: Callable[[Answers], Array]
    score: Callable[[FloatArray], FloatArray]
    pool: Callable[[Array, FloatArray], FloatArray] = sums
    higher_is_better: bool = True
    unit: Unit = "share"
    can_score: Callable[[Answers], bool] = lambda answers: True
    """Whether the answers have what the metric draws on."""
    interval: Callable[[Array], Bounds | str | None] = lambda statistics: None
    """Its 95 % interval from the statistics, or why it has none; None: found by resampling."""
    ratio: tuple[int, int] = (0, 1)
    """Of a score of examples in order of time, the columns of the statistics whose sums it is the
    quotient of, or a rising function of it."""


def divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Element by element; NaN where the denominator is zero: nothing was counted."""
    quotient = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), np.nan)
    np.divide(numerator, denominator, out=quotient, where=np.asarray(denominator) != 0)
    return quotient


def ratio(pooled: FloatArray) -> FloatArray:
    """The first of two sums by the second: a mean, where the second counts. (..., 2) -> (...)."""
    return divide(pooled[..., 0], pooled[..., 1])


def with_ones(values: Array) -> FloatArray:
    """One value an example as the statistics of its mean: (examples,) -> (examples, 2)."""
    return np.stack([values.astype(np.float64), np.ones(len(values))], axis=1)
