"""Paired differences, their tests and equivalence, against SciPy and statsmodels."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW, ttost_paired

from rnnbuild.metrics.equivalence import equivalence_p, not_worse_p
from rnnbuild.metrics.paired import paired
from rnnbuild.metrics.seeds import same_text

# Student, 1908: hours of sleep that two drugs added for the same ten patients.
FIRST = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SECOND = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)


def by_seed(values) -> dict[int, float]:
    return dict(enumerate(map(float, values)))


def test_students_two_drugs_differ_by_1_58_hours_with_p_0_0028():
    pair = paired(by_seed(SECOND), by_seed(FIRST))
    assert pair.difference.value == pytest.approx(1.58)
    assert pair.test.p() == pytest.approx(0.00283, abs=5e-6)
    assert (pair.difference.low, pair.difference.high) == pytest.approx((0.70, 2.46), abs=5e-3)


@pytest.mark.parametrize("count", [2, 3, 5, 40])
def test_the_test_and_its_interval_are_those_of_scipy(count):
    first, second = np.random.default_rng(count).normal(0.8, 0.01, (2, count))
    expected = stats.ttest_rel(first, second)
    interval = expected.confidence_interval(0.95)
    pair = paired(by_seed(first), by_seed(second))
    assert pair.test.p() == pytest.approx(expected.pvalue)
    assert (pair.difference.low, pair.difference.high) == pytest.approx(tuple(interval))
    assert pair.test.deviation == pytest.approx(np.std(first - second, ddof=1))
    assert pair.difference.count == count


@pytest.mark.parametrize("count", [2, 3, 5, 40])
@pytest.mark.parametrize("margin", [1e-4, 0.01, 0.05])
def test_equivalence_is_that_of_statsmodels(count, margin):
    first, second = np.random.default_rng(count).normal(0.8, 0.01, (2, count))
    test = paired(by_seed(first), by_seed(second)).test
    p, (lower, _, _), _ = ttost_paired(first, second, -margin, margin)
    assert equivalence_p(test, margin) == pytest.approx(p)
    assert not_worse_p(test, margin) == pytest.approx(
        DescrStatsW(first - second).ttest_mean(-margin, "larger")[1]
    )
    assert lower == pytest.approx((test.mean + margin) / test.error)


def test_a_seed_that_one_of_them_lacks_is_left_out_of_both():
    first = {1: 0.7, 2: 0.8, 3: 0.9, 5: 0.1}
    second = {5: 0.3, 1: 0.6, 3: 0.85, 4: 0.5}
    expected = stats.ttest_rel([0.7, 0.9, 0.1], [0.6, 0.85, 0.3])
    pair = paired(first, second)
    assert pair.difference.count == 3
    assert pair.test.p() == pytest.approx(expected.pvalue)


@pytest.mark.parametrize(
    ("first", "second", "value", "reason"),
    [
        ({}, {1: 0.5}, None, "no seed has a score of both"),
        ({1: 0.5}, {2: 0.5}, None, "no seed has a score of both"),
        ({1: 0.5, 2: 0.6}, {2: 0.5}, 0.1, "one seed says nothing of others"),
    ],
)
def test_what_cannot_be_tested_has_a_reason_instead_of_a_number(first, second, value, reason):
    pair = paired(first, second)
    assert pair.test is None
    assert pair.difference.value == (None if value is None else pytest.approx(value))
    assert (pair.difference.low, pair.difference.high) == (None, None)
    assert pair.difference.no_interval == reason


@pytest.mark.parametrize(
    ("first", "second", "value", "p"),
    [
        ({1: 1.0, 2: 1.0}, {1: 1.0, 2: 1.0}, 0.0, 1.0),
        # In floating point 0.3 - 0.2, 0.2 - 0.1 and 0.9 - 0.8 are three numbers.
        ({1: 0.3, 2: 0.2, 3: 0.9}, {1: 0.2, 2: 0.1, 3: 0.8}, 0.1, 0.25),
        (dict.fromkeys(range(10), 0.1 + 0.2), dict.fromkeys(range(10), 0.3), 0.0, 1.0),
        (dict.fromkeys(range(10), 0.5), dict.fromkeys(range(10), 0.9), -0.4, 2 / 1024),
    ],
)
def test_differences_that_are_all_equal_have_no_interval_and_the_sign_test(first, second, value, p):
    pair = paired(first, second)
    assert pair.difference.value == pytest.approx(value)
    assert pair.difference.no_interval == same_text(len(first))
    assert pair.test is not None
    assert pair.test.p() == p


def test_differences_far_smaller_than_the_scores_are_still_tested():
    first = {seed: 1e6 + 1e-3 * seed for seed in range(5)}
    second = dict.fromkeys(range(5), 1e6)
    assert paired(first, second).test.mean == pytest.approx(2e-3, rel=1e-6)
