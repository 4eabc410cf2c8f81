"""Two variants that were trained with the same seeds: differences seed by seed, and their test.

The same seed gives both the same rows, split and order, so much of what a seed changes is in both
scores and not in their difference.
"""

from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.seeds import BySeed, mean_over_seeds, standard_error, t_below
from rnnbuild.metrics.sign_test import SignTest


@dataclass(frozen=True)
class TTest:
    """What a t test of a mean needs to know of the values."""

    mean: float
    error: float
    """Standard error of the mean, above 0."""
    count: int

    @property
    def deviation(self) -> float:
        """Standard deviation of the values."""
        return float(self.error * np.sqrt(self.count))

    def p(self) -> float:
        """Probability of a mean as far from 0 if it is 0 in truth."""
        return 2 * t_below(self.count - 1, -abs(self.mean) / self.error)

    def p_above(self, bound: float) -> float:
        """Probability of a mean as high or higher if it is `bound` in truth."""
        return t_below(self.count - 1, (bound - self.mean) / self.error)

    def p_below(self, bound: float) -> float:
        """Probability of a mean as low or lower if it is `bound` in truth."""
        return t_below(self.count - 1, (self.mean - bound) / self.error)


@dataclass(frozen=True)
class Paired:
    """Differences, first minus second, over the seeds that both have."""

    difference: Score
    """Their mean; `count` is the number of seeds."""
    test: TTest | SignTest | None
    """The sign test where all are equal; None where fewer than two seeds have both."""


def paired(first: BySeed, second: BySeed) -> Paired:
    """Compares the values of two variants by seed; a seed that only one of them has is left out."""
    seeds = sorted(first.keys() & second.keys())
    if not seeds:
        return Paired(Score(None, None, None, 0, "no seed has a score of both"), None)
    differences = [first[seed] - second[seed] for seed in seeds]
    size = max(abs(values[seed]) for values in (first, second) for seed in seeds)
    difference = mean_over_seeds(differences, size)
    if difference.value is None or difference.count < 2:
        return Paired(difference, None)
    if difference.no_interval:
        return Paired(difference, SignTest(difference.value, difference.count))
    return Paired(
        difference, TTest(difference.value, standard_error(differences), difference.count)
    )
