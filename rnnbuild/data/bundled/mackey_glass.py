"""The Mackey-Glass equation: chaos from a delay."""

from pathlib import Path

import numpy as np

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.bundled.card import SHORT_SEED, Card, Dataset, Option
from rnnbuild.data.series.series import BundledSeries, Series, Values

BETA, GAMMA, POWER, DELAY = 0.2, 0.1, 10, 17
"""Constants of dx/dt = BETA x(t - DELAY) / (1 + x(t - DELAY)**POWER) - GAMMA x(t)."""
SUBSTEPS = 10
"""Steps of integration in one unit of time."""
WARM_UP = 500
"""Units of time that are dropped, until the start is forgotten."""


def mackey_glass(size: int, seed: int) -> BundledSeries:
    """`size` values, one per unit of time, of a solution whose start follows from `seed`."""
    # NumPy guarantees the same numbers in all versions for RandomState, and for it alone.
    start = 1.2 + 0.2 * (np.random.RandomState(seed).random_sample() - 0.5)
    values = solution(start, WARM_UP + size)[WARM_UP:]
    return BundledSeries(
        Series(("x",), np.round(values, 6)[:, None]), SplitConfig(validation=0.1, test=0.2)
    )


def solution(start: float, length: int) -> Values:
    """The solution at times 0, 1, ..., length - 1, given `start` at all times before.

    It uses the fourth-order Runge-Kutta method; the delayed term is known already, and its value
    half way between two steps is their mean.
    """
    step = 1 / SUBSTEPS
    lag = DELAY * SUBSTEPS
    x = [start] * (lag + 1)
    for now in range(lag, lag + (length - 1) * SUBSTEPS):
        then, later = _production(x[now - lag]), _production(x[now - lag + 1])
        half = (then + later) / 2
        k1 = then - GAMMA * x[now]
        k2 = half - GAMMA * (x[now] + step / 2 * k1)
        k3 = half - GAMMA * (x[now] + step / 2 * k2)
        k4 = later - GAMMA * (x[now] + step * k3)
        x.append(x[now] + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return np.array(x[lag::SUBSTEPS])


def _production(delayed: float) -> float:
    return BETA * delayed / (1 + delayed**POWER)


MACKEY_GLASS = Dataset(
    Card(
        name="mackey-glass",
        task="forecast",
        level=None,
        title="a chaotic series from a delay equation",
        rows=(2100, 300, 600),
        origin=(
            "generated from `size` and `seed`: dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 "
            "x(t), one value per unit of time, from a start between 1.1 and 1.3, the first 500 "
            "units dropped"
        ),
        licence="MIT, as the package",
        teaches=(
            "deterministic chaos: each value follows from the past without any noise, so a "
            "network that learns the equation gains far beyond a linear map; yet errors grow with "
            "every step ahead"
        ),
        best="0: there is no noise except rounding to six digits",
        reached=(
            "the next 12 steps, by a GRU: RMSE 0.004; persistence 0.21, a linear map of 20 "
            "steps 0.053"
        ),
        paper=(
            "Mackey and Glass 1977, Oscillation and chaos in physiological control systems; as a "
            "benchmark, Jaeger and Haas 2004, Harnessing nonlinearity"
        ),
    ),
    load=mackey_glass,
    sources=(Path(__file__),),
    options={"size": Option(default=3000, least=300, most=100_000), "seed": SHORT_SEED},
)
