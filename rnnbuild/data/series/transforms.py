"""All transforms of a series before a model sees it, fitted on its training steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.config.schema.series import SeasonalDifference, Transform
from rnnbuild.data.series.invertible import (
    Difference,
    Log,
    Standardise,
    Step,
    Steps,
    Values,
    inverted,
)
from rnnbuild.data.series.series import Series
from rnnbuild.errors import DataError, Problem
from rnnbuild.formatting import value_text


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
        """Forecasts (rows, horizon, n) in the original unit; see `inverted`."""
        return inverted(self.steps, forecasts, stages, origins, columns)


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
