"""Means over seeds, against SciPy and Student's own data."""

import numpy as np
import pytest
from scipy import stats

from rnnbuild.metrics.seeds import mean_over_seeds

# Student, "The Probable Error of a Mean", 1908: additional hours of sleep by a drug, ten patients.
SLEEP = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)


def test_the_interval_of_students_data_is_that_of_scipy_and_of_his_table():
    score = mean_over_seeds(SLEEP)
    expected = stats.ttest_1samp(SLEEP, 0).confidence_interval(0.95)
    assert (score.low, score.high) == pytest.approx((expected.low, expected.high))
    assert score.value == pytest.approx(2.33)
    assert (score.low, score.high) == pytest.approx((0.898, 3.762), abs=5e-4)
    assert (score.count, score.no_interval) == (10, None)


@pytest.mark.parametrize("count", [2, 3, 5, 30])
@pytest.mark.parametrize("size", [1e-150, 1e-9, 1.0, 1e9, 1e150])
def test_the_interval_is_that_of_scipy_whatever_the_number_of_seeds_and_the_unit(count, size):
    values = np.random.default_rng(count).normal(3, 1, count)
    expected = stats.t.interval(0.95, count - 1, values.mean(), stats.sem(values))
    score = mean_over_seeds(list(size * values))
    assert (score.low / size, score.high / size) == pytest.approx(expected)


def test_no_seed_has_no_mean():
    score = mean_over_seeds([])
    assert (score.value, score.low, score.count) == (None, None, 0)


def test_one_seed_has_a_mean_without_an_interval_and_says_why():
    score = mean_over_seeds([0.5])
    assert (score.value, score.low, score.high) == (0.5, None, None)
    assert score.no_interval == "one seed says nothing of others"


@pytest.mark.parametrize("values", [[0.7] * 5, [0.0] * 5, [0.3, 0.1 + 0.2, 0.3, 0.3, 0.3]])
def test_seeds_that_agree_have_no_interval_and_say_why(values):
    score = mean_over_seeds(values)
    assert score.value == pytest.approx(values[0])
    assert (score.low, score.high) == (None, None)
    assert score.no_interval == "all 5 seeds give the same"
