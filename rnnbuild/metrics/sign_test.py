"""The sign test of values that are all equal, of which a t test, without a spread, says nothing.

A network that learns a task whole scores the same with every seed, and so may one that cannot. If
the values' distribution were symmetric about a bound, each would be above it as often as below:
that all n are above happens with probability 1/2^n. Conover, "Practical Nonparametric Statistics",
1999, section 3.4.
"""

from dataclasses import dataclass
from math import ceil, log2


@dataclass(frozen=True)
class SignTest:
    """What it needs to know of `count` values that are all `mean`."""

    mean: float
    count: int

    deviation = 0.0
    """Standard deviation of the values."""

    def p(self) -> float:
        """Probability of values that are all as far from 0, on one side, if 0 is their middle."""
        return min(1.0, 2 * min(self.p_above(0.0), self.p_below(0.0)))

    def p_above(self, bound: float) -> float:
        """Probability of values that are all as high or higher if `bound` is their middle."""
        return 0.5**self.count if self.mean > bound else 1.0

    def p_below(self, bound: float) -> float:
        """Probability of values that are all as low or lower if `bound` is their middle."""
        return 0.5**self.count if self.mean < bound else 1.0


def seeds_for_sign_test(level: float) -> int:
    """The least number of equal values that the test tells from 0 at a level with two sides."""
    return ceil(log2(2 / level))
