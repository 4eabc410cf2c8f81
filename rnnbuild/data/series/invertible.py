"""Transforms of a series' values, and their inverses, in NumPy alone.

Every transform looks back only: the value at a step follows from that step and earlier ones. The
inverse therefore needs the values before a forecast, as they were just before the transform.
An exported model has a copy of this file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Steps = NDArray[np.int64]


class Step(Protocol):
    """One transform; `lag` steps at the start of a series have no value after it."""

    @property
    def lag(self) -> int: ...

    @property
    def name(self) -> str: ...

    def forward(self, values: Values) -> Values:
        """(steps, columns) -> the same shape, NaN in the first `lag` steps."""

    def back(self, forecasts: Values, before: Values, columns: Steps) -> Values:
        """The inverse transform: (rows, horizon, n) -> the same shape.

        `before` (rows, lag, n) are the last values before each forecast, before this transform;
        `columns` (n,) are the numbers of these columns in the series.
        """


@dataclass(frozen=True)
class Log:
    """The natural logarithm."""

    name = "log"
    lag = 0

    def forward(self, values: Values) -> Values:
        # Values without a logarithm have been refused by their place, in a file or in training.
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(values)

    def back(self, forecasts: Values, before: Values, columns: Steps) -> Values:
        # A forecast that diverges becomes a large number, not a warning.
        with np.errstate(over="ignore"):
            return np.exp(forecasts)


@dataclass(frozen=True)
class Difference:
    """Each value minus the one `lag` steps before."""

    lag: int = 1

    @property
    def name(self) -> str:
        return "difference" if self.lag == 1 else f"seasonal_difference {self.lag}"

    def forward(self, values: Values) -> Values:
        changes = np.full_like(values, np.nan)
        changes[self.lag :] = values[self.lag :] - values[: -self.lag]
        return changes

    def back(self, forecasts: Values, before: Values, columns: Steps) -> Values:
        known = np.concatenate([before, forecasts], axis=1)
        # Beyond the first `lag` steps, a forecast adds to an earlier forecast.
        for step in range(self.lag, known.shape[1]):
            known[:, step] += known[:, step - self.lag]
        return known[:, self.lag :]


@dataclass(frozen=True, eq=False)
class Standardise:
    """Minus the mean, over the standard deviation, of the training steps; (columns,) each."""

    mean: Values
    deviation: Values
    name = "standardise"
    lag = 0

    def forward(self, values: Values) -> Values:
        return (values - self.mean) / self.deviation

    def back(self, forecasts: Values, before: Values, columns: Steps) -> Values:
        return forecasts * self.deviation[columns] + self.mean[columns]


def inverted(
    steps: Sequence[Step],
    forecasts: Values,
    stages: Sequence[Values],
    origins: Steps,
    columns: Steps,
) -> Values:
    """Forecasts (rows, horizon, n) in the original unit.

    `stages` are the values of the series before the first of `steps`, after it, ..., and after the
    last; row r forecasts the steps after `origins[r]` of its `columns` (n,). Nothing after an
    origin is read.
    """
    for step, before in zip(reversed(steps), reversed(stages[:-1]), strict=True):
        places = origins[:, None] + np.arange(1 - step.lag, 1)
        history = before[places[:, :, None], columns]
        forecasts = step.back(forecasts, history, columns)
    return forecasts
