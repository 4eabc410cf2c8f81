"""Intervals by resampling, against SciPy and exact ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rnnbuild.metrics import bootstrap
from rnnbuild.metrics.bootstrap import bootstrap_weights, percentile_interval
from rnnbuild.metrics.classification import ACCURACY, MACRO_F1, Classified
from rnnbuild.metrics.forecasting import MAE, RMSE, Forecasts
from rnnbuild.metrics.scoring import evaluate, tabulate
from rnnbuild.metrics.tasks import scores


def accuracy(right, resamples=1000, seed=0):
    targets = np.zeros(len(right), dtype=int)
    answers = Classified(targets, np.where(right, 0, 1), ("a", "b"))
    return evaluate([ACCURACY], tabulate([ACCURACY], answers), resamples, seed)["accuracy"]


@given(st.integers(1, 50), st.integers(0, 9), st.integers(1, 60))
@settings(deadline=None, max_examples=50)
def test_each_resample_draws_as_many_examples_as_there_are(examples, resamples, block):
    weights = [row for rows in bootstrap_weights(examples, resamples, 0, block) for row in rows]
    assert len(weights) == resamples
    for row in weights:
        assert row.shape == (examples,)
        assert row.sum() == examples


def test_the_same_seed_gives_the_same_interval_however_many_are_drawn_at_once(monkeypatch):
    answers = Forecasts(np.zeros((50, 1)), np.arange(50.0)[:, None] ** 2)
    together = scores(answers, seed=7)
    monkeypatch.setattr(bootstrap, "WEIGHTS_AT_ONCE", 1)
    assert scores(answers, seed=7) == together
    assert scores(answers, seed=8)["mae"].low != together["mae"].low


def test_the_interval_of_an_accuracy_is_the_binomial_one():
    # Resampled hits of n are binomial by definition, so quantiles are known exactly.
    for hits, rows in ((80, 100), (27, 50), (390, 400)):
        score = accuracy(np.arange(rows) < hits, resamples=4000)
        low, high = stats.binom.ppf([0.025, 0.975], rows, hits / rows) / rows
        assert score.value == hits / rows
        assert score.low == pytest.approx(low, abs=1.01 / rows)
        assert score.high == pytest.approx(high, abs=1.01 / rows)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(3)
    covered = []
    for seed in range(300):
        score = accuracy(generator.random(100) < 0.75, resamples=200, seed=seed)
        covered.append(score.low <= 0.75 <= score.high)
    # 300 trials of a 95 % interval: 0.95 give or take 0.04 is three standard errors.
    assert 0.90 <= np.mean(covered) <= 0.99


def test_intervals_agree_with_scipys_bootstrap():
    generator = np.random.default_rng(5)
    errors = generator.gamma(2.0, size=80)
    answers = Forecasts(np.zeros((80, 1)), errors[:, None])
    found = evaluate([MAE, RMSE], tabulate([MAE, RMSE], answers), resamples=4000)
    for name, statistic in (
        ("mae", lambda x, axis: np.abs(x).mean(axis)),
        ("rmse", lambda x, axis: np.sqrt((x**2).mean(axis))),
    ):
        expected = stats.bootstrap(
            (errors,), statistic, n_resamples=4000, method="percentile", rng=1
        ).confidence_interval
        width = expected.high - expected.low
        assert found[name].low == pytest.approx(expected.low, abs=0.05 * width)
        assert found[name].high == pytest.approx(expected.high, abs=0.05 * width)


def test_forecast_intervals_cover_where_errors_follow_each_other_and_single_draws_would_not():
    generator = np.random.default_rng(11)
    covered = {"runs": 0, "single": 0}
    for seed in range(100):
        shocks = generator.normal(size=450)
        errors = np.zeros(450)
        for step in range(1, 450):
            errors[step] = 0.8 * errors[step - 1] + shocks[step]
        # Mean absolute value of a normal with the variance of this process.
        truth = np.sqrt(1 / (1 - 0.8**2)) * np.sqrt(2 / np.pi)
        answers = Forecasts(np.zeros((400, 1)), errors[50:, None], horizon=20)
        runs = scores(answers, resamples=200, seed=seed)["mae"]
        single = evaluate([MAE], tabulate([MAE], answers), 200, seed, block=1)["mae"]
        for name, score in (("runs", runs), ("single", single)):
            covered[name] += score.low <= truth <= score.high
    assert covered["single"] < 80 < covered["runs"]


def test_undefined_resamples_are_skipped_and_none_left_is_no_interval():
    assert percentile_interval(np.array([np.nan, 1.0, np.nan, 3.0])) == pytest.approx((1.05, 2.95))
    assert percentile_interval(np.full(3, np.nan)) is None
    assert percentile_interval(np.zeros(0)) is None


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("rows", [2, 20, 3000])
def test_where_all_are_correct_or_none_the_interval_is_the_exact_binomial_one(right, rows):
    score = accuracy(np.full(rows, right))
    exact = stats.binomtest(rows * right, rows).proportion_ci(0.95, method="exact")
    assert (score.low, score.high) == pytest.approx((exact.low, exact.high))


def test_a_score_that_no_resample_changes_has_no_interval_unless_it_is_a_share():
    answers = Classified(np.zeros(20, dtype=int), np.zeros(20, dtype=int), ("no", "yes"))
    score = evaluate([MACRO_F1], tabulate([MACRO_F1], answers))["macro_f1"]
    assert (score.value, score.low, score.high) == (1.0, None, None)


def test_one_example_has_a_value_and_no_interval():
    score = accuracy(np.array([True]))
    assert (score.value, score.low, score.high, score.count) == (1.0, None, None, 1)
