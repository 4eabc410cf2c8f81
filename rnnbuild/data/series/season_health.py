"""Does the series repeat with a season that its transforms leave in?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import SeasonalDifference
from rnnbuild.data.kind.finding import Finding, ok, unchecked, warning
from rnnbuild.data.series.series import Values
from rnnbuild.formatting import score_text

STRONG = 0.64
"""Seasonal strength from which on a seasonal difference is advised, as by R's `nsdiffs`."""
GAIN = 0.9
"""The advice holds only where it takes the error of no change below this share of what it was."""
CYCLES = 3
"""Seasons that training needs."""

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Season:
    """A season that is strong enough to be removed, and the evidence: RMSE of no change."""

    column: int
    strength: float
    last: float
    """The last value as a forecast."""
    before: float
    """The value a season before, moved by the change of the level since if `level_moves`."""
    level_moves: bool


def strong_seasons(
    train: Values, targets: Sequence[int], horizon: int, season: int | None
) -> list[Season]:
    """The targets whose season would be better removed, the strongest first."""
    if season is None or season < 2 or len(train) < CYCLES * season + horizon:
        return []
    strong = []
    for target in targets:
        strength = seasonal_strength(train[:, target], season)
        last, before, moved = errors_of_no_change(train[:, target], season, horizon)
        if strength > STRONG and min(before, moved) < GAIN * last:
            level_moves = moved <= before
            strong.append(Season(target, strength, last, min(before, moved), level_moves))
    return sorted(strong, key=lambda each: -each.strength)


def seasonal_transform(train: Values, data: DataConfig, season: int | None) -> list[Any] | None:
    """`data.transform` that removes the season of a series, if it is strong enough."""
    strong = strong_seasons(train, range(train.shape[1]), data.horizon, season)
    if not strong or season is None or 2 * len(strong) < train.shape[1]:
        return None
    return transform_with(data, season, strong[0].level_moves)


def seasons(
    train: Values,
    names: Sequence[str],
    targets: Sequence[int],
    data: DataConfig,
    season: int | None,
) -> Finding:
    """A warning where a seasonal difference would leave less to learn; `train` in its own units."""
    if any(isinstance(step, SeasonalDifference) for step in data.transform):
        return ok("season", "`data.transform` removes the season.")
    if season is None or season < 2:
        return unchecked("season", "the dates suggest none, and `data.season` states none")
    if len(train) < CYCLES * season + data.horizon:
        return unchecked("season", f"training has fewer than {CYCLES} seasons of {season:,} steps")
    strong = strong_seasons(train, targets, data.horizon, season)
    figures = {"season": season, "columns": [names[each.column] for each in strong]}
    if not strong:
        reason = f"No season of {season:,} steps is strong enough to be removed."
        return ok("season", reason, **figures)
    first = strong[0]
    moved = ", moved by the change of the level since," if first.level_moves else ""
    steps = transform_with(data, season, first.level_moves)
    transform = "[" + ", ".join(f"{step}".replace("'", "") for step in steps) + "]"
    return warning(
        "season",
        f"`{names[first.column]}` repeats every {season:,} steps (seasonal strength "
        f"{first.strength:.2f} of 1): in training the value a season before{moved} has an RMSE of "
        f"{score_text(first.before)} as a forecast, the last value {score_text(first.last)}.",
        f"Remove the season: `data.transform: {transform}`.",
        **figures,
        strength=first.strength,
        rmse={"last value": first.last, "a season before": first.before},
    )


def seasonal_strength(values: Column, season: int) -> float:
    """From 0, no season, to 1: 1 - var(remainder) / var(season + remainder), without the trend.

    Wang, Smith and Hyndman, "Characteristic-based clustering for time series data", 2006, on a
    classical decomposition: the trend is the moving average over a season, the season the mean of
    each of its steps.
    """
    half = season // 2
    weights = np.ones(season) if season % 2 else np.r_[0.5, np.ones(season - 1), 0.5]
    trend = np.convolve(values, weights / season, mode="valid")
    detrended = values[half : half + len(trend)] - trend
    steps = (np.arange(len(detrended)) + half) % season
    means = np.bincount(steps, detrended, season) / np.bincount(steps, minlength=season)
    variance = float(detrended.var())
    return max(0.0, 1 - float((detrended - means[steps]).var()) / variance) if variance else 0.0


def errors_of_no_change(values: Column, season: int, horizon: int) -> tuple[float, float, float]:
    """RMSE over all steps ahead of three forecasts: the last value, that of a season before, and
    the latter moved by the change of the level since."""
    squares = np.zeros(3)
    count = 0
    for ahead in range(1, horizon + 1):
        back = season * -(-ahead // season) - ahead
        origins = np.arange(season * -(-ahead // season) + season, len(values) - ahead)
        actual, last = values[origins + ahead], values[origins]
        before, base = values[origins - back], values[origins - back - ahead]
        forecasts = (last, before, before + last - base)
        squares += [float(((actual - each) ** 2).sum()) for each in forecasts]
        count += len(origins)
    last, seasonal, moved = np.sqrt(squares / max(count, 1)).tolist()
    return last, seasonal, moved


def transform_with(data: DataConfig, season: int, level_moves: bool) -> list[Any]:
    """`data.transform` with a seasonal difference, and a difference where the level moves."""
    names = [name for name in data.transform if isinstance(name, str)]
    steps: list[Any] = [name for name in names if name == "log"]
    if "difference" in names or (level_moves and data.subtract is None):
        steps.append("difference")
    steps.append({"seasonal_difference": season})
    return steps + [name for name in names if name == "standardise"]
