"""Intervals by resampling, against those of SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rnnbuild.metrics import bootstrap
from rnnbuild.metrics.bootstrap import bootstrap_weights, percentile_interval
from rnnbuild.metrics.classification import ACCURACY, MACRO_F1, Classified
from rnnbuild.metrics.scoring import evaluate, tabulate
from rnnbuild.metrics.tagging import TOKEN_ACCURACY, Tagged
from rnnbuild.metrics.tasks import scores


@given(st.integers(1, 50), st.integers(0, 9))
@settings(deadline=None, max_examples=50)
def test_each_resample_draws_as_many_examples_as_there_are(examples, resamples):
    weights = [row for rows in bootstrap_weights(examples, resamples) for row in rows]
    assert len(weights) == resamples
    for row in weights:
        assert row.shape == (examples,)
        assert row.sum() == examples


def test_the_same_seed_gives_the_same_interval_however_many_are_drawn_at_once(monkeypatch):
    draw = np.random.default_rng(0)
    answers = Classified(draw.integers(3, size=50), draw.integers(3, size=50), ("a", "b", "c"))
    together = scores(answers, seed=7)
    monkeypatch.setattr(bootstrap, "WEIGHTS_AT_ONCE", 1)
    assert scores(answers, seed=7) == together
    assert scores(answers, seed=8)["macro_f1"].low != together["macro_f1"].low


def test_intervals_agree_with_scipys_bootstrap_at_percentiles_for_few_examples():
    generator = np.random.default_rng(5)
    correct = generator.random((80, 12)) < generator.beta(8, 2, size=(80, 1))
    answers = Tagged(np.zeros(960, int), 1 - correct.ravel(), np.arange(0, 961, 12), ("a", "b"))
    score = evaluate([TOKEN_ACCURACY], tabulate([TOKEN_ACCURACY], answers), 4000)["token_accuracy"]
    # Student's t for the normal distribution, and the spread of n by n - 1.
    level = 2 * stats.norm.cdf(stats.t.ppf(0.975, 79) * np.sqrt(80 / 79)) - 1
    expected = stats.bootstrap(
        (correct.mean(axis=1),),
        np.mean,
        confidence_level=level,
        n_resamples=4000,
        method="percentile",
        rng=1,
    ).confidence_interval
    # The ends of two times 4,000 resamples differ by chance.
    width = expected.high - expected.low
    assert score.low == pytest.approx(expected.low, abs=0.05 * width)
    assert score.high == pytest.approx(expected.high, abs=0.05 * width)


def test_undefined_resamples_are_skipped_and_none_left_is_no_interval():
    two, many = np.array([np.nan, 1.0, np.nan, 3.0]), 10**9
    assert percentile_interval(two, many) == pytest.approx((1.05, 2.95))
    assert percentile_interval(np.full(3, np.nan), many) is None
    assert percentile_interval(np.zeros(0), many) is None


def test_a_score_that_no_resample_changes_has_no_interval_unless_it_is_a_share():
    answers = Classified(np.zeros(20, dtype=int), np.zeros(20, dtype=int), ("no", "yes"))
    score = evaluate([MACRO_F1], tabulate([MACRO_F1], answers))["macro_f1"]
    assert (score.value, score.low, score.high) == (1.0, None, None)
    assert score.no_interval == "no other choice of these examples changes it"


def test_one_example_has_a_value_and_no_interval():
    answers = Classified(np.zeros(1, int), np.zeros(1, int), ("no", "yes"))
    score = evaluate([ACCURACY], tabulate([ACCURACY], answers))["accuracy"]
    assert (score.value, score.low, score.high, score.count) == (1.0, None, None, 1)
    assert score.no_interval == "one example says nothing of others"
