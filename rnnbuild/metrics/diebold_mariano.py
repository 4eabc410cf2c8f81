"""Whether two forecasts' errors differ by chance, where errors depend on their neighbours.

The mean difference of the losses, row by row in order of time, is tested against its standard
error, which depends on how they follow one another: Diebold and Mariano, "Comparing Predictive
Accuracy", 1995. The error is estimated from their slowest waves, with the critical values that go
with it: Lazarus, Lewis, Stock and Watson, "HAR Inference: Recommendations for Practice", 2018. In
simulations of equal forecasts it alarms in 3 to 6 % (`tests/metrics/test_diebold_mariano.py`).
"""

from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.dependence import LEAST_ESTIMATE, NEEDED, STRONGEST
from rnnbuild.metrics.metric import FloatArray
from rnnbuild.metrics.seeds import ROUNDING, t_below, t_quantile

LEAST_WAVES = 2
"""From fewer the standard error is not known well enough to show any difference."""


@dataclass(frozen=True)
class MeanInTime:
    """The mean of values that depend on their neighbours, and what is known of it."""

    mean: float
    error: float
    """Its standard error, above 0."""
    degrees: int
    """Of freedom, of Student's t."""

    @property
    def p(self) -> float:
        """Probability of a mean as far from 0 if it is 0 in truth."""
        return 2 * t_below(self.degrees, -abs(self.mean) / self.error)

    @property
    def margin(self) -> float:
        """From the mean to either end of its 95 % interval."""
        return t_quantile(self.degrees, 0.975) * self.error


def mean_in_time(values: FloatArray, reach: int) -> MeanInTime | str:
    """The mean of values (rows,) in order of time, or the reason why nothing is known of it.

    Values less than `reach` rows apart are of forecasts that overlap.
    """
    from scipy.fft import dct

    rows = len(values)
    if rows < NEEDED:
        return f"{rows:,} examples are too few: it needs {NEEDED} independent ones"
    mean = float(values.mean())
    spread = values - mean
    variance = float(spread.var())
    if not np.isfinite(variance) or np.ptp(values) <= ROUNDING * np.abs(values).max():
        return "no other choice of these examples changes it"
    alike = carried_over(spread)
    # Waves of 0.4 rows^(2/3) balance size and power; of values that depend on others some rows
    # away, those alone say how the mean varies that are much longer than that.
    waves = int(min(0.4 * rows ** (2 / 3), rows / (2 * reach), rows / (3 * alike)))
    slow = dct(spread)[1 : waves + 1] / 2 * np.sqrt(2 / rows)
    in_time = float((slow**2).mean()) if waves else np.inf
    independent = rows / max(1.0, alike, in_time / variance)
    if waves < LEAST_WAVES or independent < LEAST_ESTIMATE:
        worth = min(independent, rows / reach)
        return (
            f"{rows:,} examples whose errors follow one another are worth about "
            f"{max(1, round(worth))} independent ones, and it needs {NEEDED}"
        )
    return MeanInTime(mean, float(np.sqrt(in_time / rows)), waves)


def carried_over(spread: FloatArray) -> float:
    """How many times as much the mean varies as that of independent values: 1 or more.

    `spread` (rows,) is the values less their mean. Only the first autocorrelation is estimated, as
    if each value carried on a part of the one before.
    """
    rows = len(spread)
    first = (spread[1:] * spread[:-1]).sum() / (spread**2).sum()
    # Kendall's correction: the estimate is too small.
    first = np.clip(first + (1 + 3 * first) / rows, 0, STRONGEST)
    return float((1 + first) / (1 - first))
