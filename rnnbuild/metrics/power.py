"""How many seeds would show a difference, by the noncentral t distribution.

Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, chapter 2. The standard
deviation is what the seeds so far showed, so the number is no more certain than that.
"""

import numpy as np

from rnnbuild.metrics.seeds import t_quantile

POWER = 0.8
MOST_SEEDS = 1000
"""More seeds than these are not counted."""


def power(seeds: int, gap: float, deviation: float, level: float = 0.05) -> float:
    """The probability that a paired t test of so many seeds, two or more, shows a gap.

    `deviation` is the standard deviation of differences by seed, `level` that of the test, which
    has two sides.
    """
    from scipy.special import nctdtr

    degrees = seeds - 1
    shift = abs(gap) / deviation * np.sqrt(seeds)
    critical = t_quantile(degrees, 1 - level / 2)
    # Beyond the other end is the wrong direction: that would not show the gap.
    return float(1 - nctdtr(degrees, shift, critical))


def seeds_to_show(gap: float, deviation: float, level: float = 0.05) -> int | None:
    """The least number of seeds that show a gap with 80 % power; None if more than 1,000."""
    enough = 2
    while power(enough, gap, deviation, level) < POWER:
        if enough >= MOST_SEEDS:
            return None
        enough = min(2 * enough, MOST_SEEDS)
    too_few = enough // 2 if enough > 2 else 1
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if power(middle, gap, deviation, level) < POWER:
            too_few = middle
        else:
            enough = middle
    return enough
