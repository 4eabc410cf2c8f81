"""Effective numbers of errors, and intervals of mean losses, against SciPy and known processes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from rnnbuild.metrics.dependence import autocovariance, dependence, mean_interval
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.tasks import scores
from tests.metrics.processes import autoregressive, overlapping_windows


def test_autocovariances_are_those_of_their_definition():
    values = np.random.default_rng(0).normal(size=50)
    expected = [(values[lag:] * values[: 50 - lag]).sum() / 50 for lag in range(20)]
    assert autocovariance(values, 19) == pytest.approx(np.array(expected))


@pytest.mark.parametrize("strength", [0.0, 0.5, 0.8, 0.9])
def test_the_effective_number_is_that_of_bayley_and_hammersley(strength):
    rows, draw = 1000, np.random.default_rng(1)
    lags = np.arange(1, rows)
    expected = 1 + 2 * ((1 - lags / rows) * strength ** (2 * lags)).sum()
    estimates = [dependence(autoregressive(draw, rows, strength)) for _ in range(200)]
    # It is estimated a tenth too large rather than too small.
    assert np.median(estimates) == pytest.approx(expected, rel=0.15)


def test_windows_that_overlap_by_a_horizon_are_worth_a_fraction_of_their_number():
    draw = np.random.default_rng(2)
    errors = overlapping_windows(draw, 1000, 12)
    # Sums of 12 shocks: correlations 1 - k / 12, whose squares add up to 1 + 2 * 3.51.
    assert 6 < dependence(errors[:, -1:]) < 12


def test_the_unit_of_errors_changes_nothing():
    errors = autoregressive(np.random.default_rng(3), 200, 0.5)
    factor = dependence(errors)
    expected = mean_interval(errors[:, 0] ** 2, factor)
    for unit in (1e-150, 1e-3, 1e6, 1e60):
        assert dependence(errors * unit) == pytest.approx(factor)
        low, high = mean_interval((errors[:, 0] * unit) ** 2, factor)
        assert (low / unit**2, high / unit**2) == pytest.approx(expected)


def test_the_interval_of_many_normal_errors_is_that_of_their_variance():
    errors = np.random.default_rng(4).normal(size=20_000)
    expected = (errors**2).sum() / stats.chi2.ppf([0.975, 0.025], 20_000)
    # Kurtosis is estimated here and known there: its standard error is 0.035 of 3.
    low, high = mean_interval(errors**2)
    width = expected[1] - expected[0]
    assert low == pytest.approx(expected[0], abs=0.05 * width)
    assert high == pytest.approx(expected[1], abs=0.05 * width)


def test_too_few_errors_have_no_interval_and_the_reason_says_how_many():
    few = scores(Forecasts(np.zeros((19, 1)), np.random.default_rng(5).normal(size=(19, 1))))
    assert few["rmse"].low is few["rmse"].high is None
    assert few["rmse"].no_interval == "19 examples are too few: it needs 20 independent ones"


def test_errors_that_follow_one_another_have_no_interval_and_the_reason_says_what_they_are_worth():
    wave = np.sin(np.arange(60) / 9)[:, None]
    score = scores(Forecasts(np.zeros((60, 1)), wave))["mae"]
    assert score.low is None
    assert score.no_interval == (
        "60 examples whose errors follow one another are worth about 3 independent ones, and it "
        "needs 20"
    )


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        (np.full(40, 3.0), "no other choice of these examples changes it"),
        (np.zeros(40), "no other choice of these examples changes it"),
        (np.r_[np.full(39, 1e-6), 1.0], "a few large errors make up most of it"),
    ],
)
def test_errors_of_one_size_or_one_large_one_have_no_interval(errors, reason):
    score = scores(Forecasts(np.zeros((40, 1)), errors[:, None]))["rmse"]
    assert (score.low, score.high, score.no_interval) == (None, None, reason)


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 20])
def test_any_number_of_rows_is_scored(rows):
    errors = np.random.default_rng(6).normal(size=(rows, 2))
    score = scores(Forecasts(np.zeros((rows, 2)), errors))["rmse"]
    assert (score.value is None) == (rows == 0)
    assert (score.low is None) == (rows < 20)


def test_of_many_outputs_some_stand_for_all(monkeypatch):
    lengths = []
    monkeypatch.setattr(
        "rnnbuild.metrics.dependence.variances",
        lambda errors: lengths.append(len(errors)) or (1.0, 1.0),
    )
    dependence(np.random.default_rng(7).normal(size=(100, 768)))
    assert lengths == [100] * 32


@given(
    st.integers(20, 60).flatmap(
        lambda rows: arrays(
            np.float64, (rows, 2), elements=st.floats(-1e150, 1e150, allow_subnormal=True)
        )
    )
)
@settings(deadline=None, max_examples=60)
def test_bounds_of_any_errors_are_finite_and_around_the_value(errors):
    for score in scores(Forecasts(np.zeros_like(errors), errors)).values():
        assert (score.low is None) == (score.no_interval is not None or score.value is None)
        if score.low is not None:
            assert 0 <= score.low <= score.value <= score.high < np.inf
