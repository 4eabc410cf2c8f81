"""Intervals of shares against statsmodels and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.roc_auc import interval_of_area
from rnnbuild.metrics.shares import mean_share_interval
from rnnbuild.metrics.tasks import scores


def classified(correct, rows):
    answers = np.where(np.arange(rows) < correct, 0, 1)
    return Classified(np.zeros(rows, dtype=int), answers, ("a", "b", "c"))


@given(st.integers(2, 5000), st.data())
@settings(deadline=None)
def test_the_interval_of_an_accuracy_is_wilsons_and_exact_where_all_are_alike(rows, data):
    correct = data.draw(st.integers(0, rows))
    score = scores(classified(correct, rows), resamples=1)["accuracy"]
    method = "beta" if correct in (0, rows) else "wilson"
    expected = proportion_confint(correct, rows, method=method)
    assert (score.low, score.high) == pytest.approx(expected, abs=1e-6)


def test_the_mean_of_one_share_has_its_interval_and_more_shares_a_narrower_one():
    expected = proportion_confint(45, 50, method="wilson")
    one = mean_share_interval(np.array([45.0]), np.array([50.0]))
    assert one == pytest.approx(expected, abs=1e-6)
    low, high = mean_share_interval(np.full(4, 45.0), np.full(4, 50.0))
    # The spread of a mean of four is half that of one.
    assert (0.9 - low) == pytest.approx((0.9 - one[0]) / 2)
    assert (high - 0.9) == pytest.approx((one[1] - 0.9) / 2)


def test_the_bounds_of_an_area_are_where_its_distance_is_what_chance_gives():
    # Newcombe 2006, equation of method 5, at both bounds.
    likely = np.r_[np.linspace(0, 0.6, 30), np.linspace(0.4, 1, 20)]
    positive = np.r_[np.zeros(30), np.ones(20)]
    low, high = interval_of_area(np.stack([likely, 1 - positive, positive], axis=1))
    area = stats.mannwhitneyu(likely[30:], likely[:30]).statistic / (30 * 20)
    assert low < area < high
    for bound in (low, high):
        bracket = 1 + ((30 + 20) / 2 - 1) * ((1 - bound) / (2 - bound) + bound / (1 + bound))
        variance = bound * (1 - bound) * bracket / (30 * 20)
        assert abs(area - bound) == pytest.approx(stats.norm.ppf(0.975) * np.sqrt(variance))


def test_an_area_without_a_wrong_pair_has_a_width():
    positive = np.r_[np.zeros(30), np.ones(20)]
    low, high = interval_of_area(np.stack([positive, 1 - positive, positive], axis=1))
    assert 0.8 < low < 0.95
    assert high == 1
