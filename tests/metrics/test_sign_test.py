"""The sign test of equal values, against SciPy's binomial test of their signs."""

import pytest
from scipy import stats

from rnnbuild.metrics.sign_test import SignTest, seeds_for_sign_test


@pytest.mark.parametrize("count", [2, 5, 6, 10])
@pytest.mark.parametrize("mean", [0.0245, -3.0])
def test_p_values_are_those_of_the_binomial_test(mean, count):
    above = count if mean > 0 else 0
    test = SignTest(mean, count)
    assert test.p() == pytest.approx(stats.binomtest(above, count).pvalue)
    one_sided = stats.binomtest(count, count, alternative="greater").pvalue
    assert test.p_above(mean - 1) == pytest.approx(one_sided)
    assert test.p_below(mean + 1) == pytest.approx(one_sided)
    assert (test.p_above(mean + 1), test.p_below(mean - 1)) == (1.0, 1.0)


def test_a_difference_of_nothing_shows_nothing():
    assert SignTest(0.0, 100).p() == 1.0


@pytest.mark.parametrize("level", [0.05, 0.05 / 3, 0.001])
def test_the_number_of_seeds_is_the_least_that_is_enough(level):
    enough = seeds_for_sign_test(level)
    assert SignTest(1.0, enough).p() <= level < SignTest(1.0, enough - 1).p()
