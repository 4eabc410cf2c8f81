"""The transforms of a series before a model sees it, fitted on its training steps, and inverses.

Every transform looks back only: the value at a step follows from that step and earlier ones. The
inverse therefore needs the values before a forecast, as they were just before the transform.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.series import SeasonalDifference, Transform
from rnnbuild.data.series.series import Series, Values
from rnnbuild.errors import DataError, Problem
from rnnbuild.formatting import value_text

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


@dataclass(frozen=True, eq=False)
class Transforms:
    """All transforms in order."""

    steps: tuple[Step, ...]

    @property
    def lag(self) -> int:
        """Steps at the start of a series that have no value after all transforms."""
        return sum(step.lag for step in self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps)

    def stages(self, series: Series) -> tuple[Values, ...]:
        """The values before the first transform, after it, ..., and after the last.

        Raises DataError for a logarithm of what is not above 0, by its place.
        """
        stages = [series.values]
        for step in self.steps:
            if isinstance(step, Log):
                _refuse_log(stages[-1], series)
            stages.append(step.forward(stages[-1]))
        return tuple(stages)

    def back(
        self, forecasts: Values, stages: Sequence[Values], origins: Steps, columns: Steps
    ) -> Values:
        """Forecasts (rows, horizon, n) in the original unit.

        `stages` are those of the series; row r forecasts the steps after `origins[r]` of its
        `columns` (n,). Nothing after an origin is read.
        """
        for step, before in zip(reversed(self.steps), reversed(stages[:-1]), strict=True):
            places = origins[:, None] + np.arange(1 - step.lag, 1)
            history = before[places[:, :, None], columns]
            forecasts = step.back(forecasts, history, columns)
        return forecasts


def fit_transforms(transforms: Sequence[Transform], series: Series, train: int) -> Transforms:
    """The transforms of a config, fitted on the first `train` steps of the series.

    Raises DataError for a logarithm of what is not above 0, by its place, and where the training
    steps are too few for the differences.
    """
    steps: list[Step] = []
    values = series.values
    for transform in transforms:
        step = _fit_step(transform, values, train, series)
        steps.append(step)
        values = step.forward(values)
    lag = sum(step.lag for step in steps)
    if lag >= train:
        raise DataError(
            f"the differences take {lag:,} steps, and there are only {train:,} to train on",
            hint="shorten `data.transform`, or train on more",
        )
    return Transforms(tuple(steps))


def _fit_step(transform: Transform, values: Values, train: int, series: Series) -> Step:
    if isinstance(transform, SeasonalDifference):
        return Difference(transform.seasonal_difference)
    if transform == "difference":
        return Difference()
    if transform == "log":
        _refuse_log(values, series)
        return Log()
    return standardise(values[:train])


def standardise(values: Values) -> Standardise:
    """Mean and deviation of each column, over the steps that have a value.

    The deviation of a constant column is 1. Raises DataError if no step has a value.
    """
    known = values[~np.isnan(values).any(axis=1)]
    if not len(known):
        raise DataError("there are no steps to train on")
    deviation = known.std(axis=0)
    return Standardise(known.mean(axis=0), np.where(deviation > 0, deviation, 1.0))


def _refuse_log(values: Values, series: Series) -> None:
    with np.errstate(invalid="ignore"):
        wrong = np.argwhere(values <= 0)
    if len(wrong):
        step, column = wrong[0].tolist()
        raise DataError(
            Problem(
                f"there is no logarithm of {value_text(float(values[step, column]))}, the value of "
                f"`{series.names[column]}` at {series.at(step)} when `log` is applied",
                series.place(step),
                "leave `log` out of `data.transform`, or put it before the differences",
            )
        )


def step_as_json(step: Step) -> dict[str, Any]:
    """A fitted step as plain values."""
    match step:
        case Log():
            return {"name": "log"}
        case Difference():
            return {"name": "difference", "lag": step.lag}
        case Standardise():
            return {
                "name": "standardise",
                "mean": step.mean.tolist(),
                "deviation": step.deviation.tolist(),
            }
    raise TypeError(f"no JSON is known for {type(step).__name__}")
