"""Trivial forecasts: the last value, the season before, no change, and a linear map."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnbuild.data.kind.loaded import Baselines
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.invertible import Steps
from rnnbuild.data.series.series import Values
from rnnbuild.data.series.transforms import standardise
from rnnbuild.data.series.windows import CHUNK, Windows


@dataclass(frozen=True, eq=False)
class Past:
    """What a trivial method may learn from: the training windows and the number of their steps."""

    codec: SeriesCodec
    windows: Windows
    train: int

    @cached_property
    def linear(self) -> "LinearMap":
        return self._fit(self.values)

    @cached_property
    def linear_on_logs(self) -> "LinearMap":
        return self._fit(np.log(self.values))

    @property
    def values(self) -> Values:
        """The columns that are forecast, (steps, targets)."""
        return self.windows.stages[0][:, list(self.codec.shape.targets)]

    def _fit(self, values: Values) -> "LinearMap":
        shape = self.codec.shape
        return LinearMap.fit(values, self.train, self.windows.origins, shape.window, shape.horizon)


def trivial_forecasts(past: Past, windows: Windows, season: int | None) -> Baselines:
    """What each trivial method forecasts after the windows, by its name.

    persistence     the last value, repeated
    seasonal (12)   the value a season of 12 steps before
    no change (after transform)   the model's zero, inverted; `training mean` without differences
    linear AR(13)   a linear map of the last 13 values; `log AR(13)` of their logarithms
    """
    codec, shape, origins = past.codec, past.codec.shape, windows.origins
    values = windows.stages[0][:, list(shape.targets)]
    values_by_name = {"persistence": persistence(values, origins, shape.horizon)}
    if season is not None and season > 1 and (origins + 1 >= season).all():
        values_by_name[f"seasonal ({season})"] = seasonal(values, origins, shape.horizon, season)
    zero = np.zeros((len(windows), shape.outputs))
    changes = codec.transforms.lag > 0 or shape.subtract is not None
    unchanged = codec.in_original_unit(windows, zero)
    # Where only the last value is subtracted, no change is persistence, which is there already.
    if not np.allclose(unchanged, values_by_name["persistence"]):
        values_by_name["no change (after transform)" if changes else "training mean"] = unchanged
    values_by_name[f"linear AR({shape.window})"] = past.linear.forecasts(values, origins)
    if "log" in codec.transforms.names:
        with np.errstate(over="ignore"):
            answers = np.exp(past.linear_on_logs.forecasts(np.log(values), origins))
        values_by_name[f"log AR({shape.window})"] = answers
    return {name: codec.forecasts(windows, answer) for name, answer in values_by_name.items()}


def persistence(values: Values, origins: Steps, horizon: int) -> Values:
    """The last value, repeated: (windows, horizon, columns)."""
    return np.repeat(values[origins][:, None], horizon, axis=1)


def seasonal(values: Values, origins: Steps, horizon: int, season: int) -> Values:
    """Each step as it was a season before, or more seasons where that is still ahead."""
    ahead = np.arange(1, horizon + 1)
    back = season * -(-ahead // season)
    answers: Values = values[origins[:, None] + ahead - back]
    return answers


@dataclass(frozen=True, eq=False)
class LinearMap:
    """One linear map from a window to the horizon, shared by the columns, by least squares.

    `weights` are (window + 1, horizon), the constant in the last row; columns are standardised by
    their training steps first. With one column this is an autoregression for each step ahead.
    """

    mean: Values
    deviation: Values
    weights: Values

    @property
    def window(self) -> int:
        return len(self.weights) - 1

    @classmethod
    def fit(
        cls, values: Values, train: int, origins: Steps, window: int, horizon: int
    ) -> "LinearMap":
        """Least squares over the training windows that end at `origins`, and those before them.

        The latter are included although the model's differences leave no room for them.
        """
        units = standardise(values[:train])
        scaled = units.forward(values)
        first = np.arange(window - 1, origins[0]) if len(origins) else origins
        origins = np.concatenate([first, origins]).astype(np.int64)
        # Normal equations: their size is that of a window, however long the series.
        squares, products = np.zeros((window + 1, window + 1)), np.zeros((window + 1, horizon))
        for chunk in _chunks(origins):
            inputs = _with_constant(_windows(scaled, chunk, window))
            targets = _windows(scaled, chunk + horizon, horizon)
            squares += inputs.T @ inputs
            products += inputs.T @ targets
        weights, *_ = np.linalg.lstsq(squares, products, rcond=None)
        return cls(units.mean, units.deviation, np.asarray(weights, np.float64))

    def forecasts(self, values: Values, origins: Steps) -> Values:
        """Forecasts in the original unit: (windows, horizon, columns)."""
        scaled = (values - self.mean) / self.deviation
        parts = [
            _with_constant(_windows(scaled, chunk, self.window)) @ self.weights
            for chunk in _chunks(origins)
        ]
        answers = np.concatenate(parts).reshape(len(origins), values.shape[1], -1)
        return np.asarray(answers.transpose(0, 2, 1) * self.deviation + self.mean)


def _windows(values: Values, origins: Steps, window: int) -> Values:
    """The windows of every column that end at `origins`: (windows · columns, window)."""
    places = origins[:, None] + np.arange(1 - window, 1)
    return np.asarray(values[places].transpose(0, 2, 1).reshape(-1, window))


def _chunks(origins: Steps) -> list[Steps]:
    return np.split(origins, range(CHUNK, len(origins), CHUNK))


def _with_constant(rows: Values) -> Values:
    return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
