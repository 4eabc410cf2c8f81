"""Numbers: MAE, MSE, RMSE, and MASE against persistence.

Errors of columns in different units are never pooled: scores over several such columns are of
their errors in standard deviations of each, and named so; each has its own (`by_column.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rnnbuild.metrics.dependence import dependence, mean_interval
from rnnbuild.metrics.metric import Array, Bounds, FloatArray, Metric, divide, ratio
from rnnbuild.metrics.scoring import Intervals, Tables
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.tasks.traits import ScoredAs


@dataclass(frozen=True)
class Forecasts:
    """Forecasts in the units that the targets are reported in.

    `targets` and `predictions` (rows, outputs), the rows in order of time. `scale` (outputs,) is
    the `naive_scale` of each output's column, None where MASE is not wanted. `units` names the
    columns where they have several units: outputs are then step by step, each column in turn, and
    `deviation` (outputs,) is the standard deviation of each output's column in training. Raises
    ValueError where shapes do not fit.
    """

    targets: Array
    predictions: Array
    scale: Array | None = None
    units: tuple[str, ...] = ()
    deviation: Array | None = None

    def __post_init__(self) -> None:
        if self.targets.ndim != 2 or self.predictions.shape != self.targets.shape:
            raise ValueError(
                f"targets {self.targets.shape} and predictions {self.predictions.shape} "
                "are both (rows, outputs)"
            )
        for name, values in (("scale", self.scale), ("deviation", self.deviation)):
            if values is not None and values.shape != self.targets.shape[1:]:
                raise ValueError(
                    f"the {name} is {values.shape} and not {self.targets.shape[1:]}: one an output"
                )
        if self.units and (self.deviation is None or self.targets.shape[1] % len(self.units)):
            raise ValueError("columns of several units have a deviation and as many outputs each")

    @property
    def scored_as(self) -> ScoredAs:
        return FORECAST.scored_as(DataFacts(FORECAST.name, units=self.units))

    @property
    def scaled_errors(self) -> FloatArray:
        """The errors by the scale of their column. Raises ValueError where there is no scale."""
        if self.scale is None:
            raise ValueError("these forecasts come without the scale of their training series")
        return divide(self.errors, self.scale)

    @property
    def standardised_errors(self) -> FloatArray:
        """The errors in standard deviations. Raises ValueError where these are not known."""
        if self.deviation is None:
            raise ValueError("these forecasts come without the deviations of their columns")
        return divide(self.errors, self.deviation)

    def of_column(self, number: int) -> "Forecasts":
        """The forecasts of one of the `units` alone."""
        outputs = slice(number, None, len(self.units))
        scale = None if self.scale is None else self.scale[outputs]
        return Forecasts(self.targets[:, outputs], self.predictions[:, outputs], scale)

    @property
    def errors(self) -> FloatArray:
        """Prediction less target: (rows, outputs)."""
        return np.asarray(self.predictions, np.float64) - np.asarray(self.targets, np.float64)


def naive_scale(series: Array, period: int = 1) -> FloatArray:
    """Mean absolute error of the naive forecast on the training series, by column.

    (steps, columns) -> (columns,): the mean of |y[t] - y[t - period]|. A period of 1 is
    persistence; the length of a season makes it the seasonal naive forecast. NaN for a series no
    longer than the period. Hyndman and Koehler, "Another look at measures of forecast accuracy",
    2006.
    """
    series = np.asarray(series, np.float64)
    steps = np.abs(series[period:] - series[:-period])
    return divide(steps.sum(axis=0), np.array(float(len(steps))))


def absolute_errors(answers: Forecasts) -> FloatArray:
    """Sum of absolute errors, and outputs: (rows, 2)."""
    return over_outputs(np.abs(answers.errors))


def squared_errors(answers: Forecasts) -> FloatArray:
    """Sum of squared errors, and outputs: (rows, 2)."""
    return over_outputs(answers.errors**2)


def scaled_errors(answers: Forecasts) -> FloatArray:
    """Sum of absolute errors by their column's scale, and outputs: (rows, 2).

    Raises ValueError where the answers have no scale.
    """
    return over_outputs(np.abs(answers.scaled_errors))


def standardised_absolute_errors(answers: Forecasts) -> FloatArray:
    """Sum of absolute errors in standard deviations, and outputs: (rows, 2)."""
    return over_outputs(np.abs(answers.standardised_errors))


def standardised_squared_errors(answers: Forecasts) -> FloatArray:
    """Sum of squared errors in standard deviations, and outputs: (rows, 2)."""
    return over_outputs(answers.standardised_errors**2)


def over_outputs(errors: FloatArray) -> FloatArray:
    """Row sums beside the number of outputs: (rows, outputs) -> (rows, 2)."""
    return np.stack([errors.sum(axis=1), np.full(len(errors), errors.shape[1])], axis=1)


def root_of_ratio(pooled: FloatArray) -> FloatArray:
    """The square root of a mean."""
    return np.sqrt(ratio(pooled))


ERRORS_OF: Mapping[Callable[..., Array], str] = {
    scaled_errors: "scaled_errors",
    standardised_absolute_errors: "standardised_errors",
    standardised_squared_errors: "standardised_errors",
}
"""The errors that statistics are of, where these are not the plain ones."""


def intervals_of_forecasts(answers: Forecasts, tables: Tables) -> Intervals:
    """Intervals that allow for errors that depend on their neighbours."""

    @cache
    def factor(errors: str) -> float:
        return dependence(getattr(answers, errors))

    def interval(metric: Metric[Any], value: float) -> Bounds | str:
        sums, outputs = tables[metric.statistics].T
        bounds = mean_interval(sums / outputs, factor(ERRORS_OF.get(metric.statistics, "errors")))
        if isinstance(bounds, str):
            return bounds
        low, high = metric.score(np.array([[bound, 1.0] for bound in bounds])).tolist()
        return low, high

    return interval


MAE = Metric("mae", absolute_errors, ratio, higher_is_better=False, unit="target units")
MSE = Metric("mse", squared_errors, ratio, higher_is_better=False, unit="target units squared")
RMSE = Metric("rmse", squared_errors, root_of_ratio, higher_is_better=False, unit="target units")
# Below 1: better than persistence was on train. Undefined where a column never moved on train.
MASE = Metric(
    "mase",
    scaled_errors,
    ratio,
    higher_is_better=False,
    unit="ratio",
    can_score=lambda answers: answers.scale is not None,
)
STANDARDISED_MAE = Metric(
    "standardised_mae",
    standardised_absolute_errors,
    ratio,
    higher_is_better=False,
    unit="ratio",
)
STANDARDISED_MSE = Metric(
    "standardised_mse",
    standardised_squared_errors,
    ratio,
    higher_is_better=False,
    unit="ratio",
)
STANDARDISED_RMSE = Metric(
    "standardised_rmse",
    standardised_squared_errors,
    root_of_ratio,
    higher_is_better=False,
    unit="ratio",
)
