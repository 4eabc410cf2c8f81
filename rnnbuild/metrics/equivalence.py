"""Whether two variants differ by less than a margin, by one-sided tests at either end.

Schuirmann, "A Comparison of the Two One-Sided Tests Procedure and the Power Approach for Assessing
the Equivalence of Average Bioavailability", 1987. That a difference is not significant proves no
equivalence: few seeds prove nothing.
"""

from rnnbuild.metrics.paired import TTest
from rnnbuild.metrics.sign_test import SignTest


def not_worse_p(test: TTest | SignTest, margin: float) -> float:
    """The p value of the hypothesis that the mean difference is `-margin` or lower."""
    return test.p_above(-margin)


def equivalence_p(test: TTest | SignTest, margin: float) -> float:
    """The p value of the hypothesis that the mean difference is `margin` or more, either way."""
    return max(test.p_above(-margin), test.p_below(margin))
