"""Calibration, against scikit-learn's and against what is known of made-up answers."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from rnnbuild.metrics.calibration import calibration_error, reliability


@pytest.fixture
def made() -> tuple[np.ndarray, np.ndarray]:
    """A thousand different probabilities, each as often correct as it says."""
    generator = np.random.default_rng(3)
    confidence = generator.permutation(np.linspace(0.2, 0.999, 1000))
    return confidence, generator.random(1000) < confidence


def test_groups_are_those_of_scikit_learn(made: tuple[np.ndarray, np.ndarray]) -> None:
    confidence, correct = made
    shares, means = calibration_curve(correct, confidence, n_bins=10, strategy="quantile")
    bins = reliability(confidence, correct)
    assert [each.count for each in bins] == [100] * 10
    np.testing.assert_allclose([each.accuracy for each in bins], shares, rtol=1e-12)
    np.testing.assert_allclose([each.confidence for each in bins], means, rtol=1e-12)


def test_intervals_are_those_of_statsmodels(made: tuple[np.ndarray, np.ndarray]) -> None:
    for each in reliability(*made):
        bounds = proportion_confint(round(each.accuracy * each.count), each.count, method="wilson")
        np.testing.assert_allclose((each.low, each.high), bounds, rtol=1e-6)  # 1.959964 is rounded


def test_the_error_is_the_mean_distance(made: tuple[np.ndarray, np.ndarray]) -> None:
    confidence, correct = made
    assert calibration_error(reliability(confidence, correct)) < 0.05
    too_sure = calibration_error(reliability(np.full(1000, 0.9), np.arange(1000) % 10 < 6))
    assert too_sure == pytest.approx(0.3)


def test_fewer_answers_than_groups_are_a_group_each() -> None:
    bins = reliability(np.array([0.9, 0.4, 0.6]), np.array([True, False, True]))
    assert [(each.count, each.confidence, each.accuracy) for each in bins] == [
        (1, 0.4, 0.0),
        (1, 0.6, 1.0),
        (1, 0.9, 1.0),
    ]
    assert reliability(np.array([]), np.array([])) == ()
