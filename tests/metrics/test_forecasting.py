"""Errors of forecasts against scikit-learn and cases worked by hand."""

import numpy as np
import pytest
import sklearn.metrics as authority
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnbuild.metrics.forecasting import Forecasts, naive_scale
from rnnbuild.metrics.tasks import scores

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.integers(1, 20), st.integers(1, 4), st.data())
@settings(deadline=None)
def test_errors_are_those_of_scikit_learn(rows, outputs, data):
    targets, predictions = (
        data.draw(arrays(np.float64, (rows, outputs), elements=NUMBERS)) for _ in range(2)
    )
    found = scores(Forecasts(targets, predictions), resamples=0)
    assert list(found) == ["rmse", "mae", "mse"]
    squared = authority.mean_squared_error(targets, predictions)
    assert found["mae"].value == pytest.approx(authority.mean_absolute_error(targets, predictions))
    assert found["mse"].value == pytest.approx(squared)
    assert found["rmse"].value == pytest.approx(np.sqrt(squared))


def test_mase_of_a_case_worked_by_hand():
    # Steps on train: |3-1|, |2-3|, |6-2| = 2, 1, 4, mean 7/3. Errors on test: 1 and 3, mean 2.
    scale = naive_scale(np.array([[1.0], [3], [2], [6]]))
    assert scale == pytest.approx([7 / 3])
    answers = Forecasts(np.array([[5.0], [7]]), np.array([[6.0], [4]]), scale)
    assert scores(answers)["mase"].value == pytest.approx(2 / (7 / 3))


def test_each_column_has_its_own_scale_and_a_season_its_own_lag():
    series = np.array([[1.0, 100], [2, 300], [4, 100], [4, 700]])
    assert naive_scale(series) == pytest.approx([1, 1000 / 3])
    assert naive_scale(series, period=2) == pytest.approx([(3 + 2) / 2, (0 + 400) / 2])
    answers = Forecasts(np.zeros((1, 2)), np.array([[1.0, -100]]), naive_scale(series, period=2))
    assert scores(answers)["mase"].value == pytest.approx((1 / 2.5 + 100 / 200) / 2)


def test_persistence_on_train_itself_has_a_mase_of_one():
    series = np.random.default_rng(1).normal(size=(50, 3)).cumsum(axis=0)
    answers = Forecasts(series[1:], series[:-1], naive_scale(series))
    assert scores(answers)["mase"].value == pytest.approx(1)


@pytest.mark.parametrize("series", [np.full((5, 1), 3.0), np.ones((1, 1)), np.ones((0, 1))])
def test_mase_is_undefined_for_a_series_that_never_moved(series):
    answers = Forecasts(np.ones((4, 1)), np.zeros((4, 1)), naive_scale(series))
    found = scores(answers)
    assert found["mase"].value is found["mase"].low is None
    assert found["mae"].value == 1


def test_a_forecast_that_is_not_a_number_leaves_the_scores_undefined():
    found = scores(Forecasts(np.ones((2, 1)), np.array([[1.0], [np.inf]])))
    assert all(score.value is None for score in found.values())


def test_single_precision_is_summed_in_double():
    targets = np.full((100_000, 1), 1e4, dtype=np.float32)
    predictions = targets + np.float32(0.5)
    assert scores(Forecasts(targets, predictions), resamples=0)["mae"].value == 0.5


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"\(rows, outputs\)"):
        Forecasts(np.ones((2, 1)), np.ones((2, 2)))
    with pytest.raises(ValueError, match="one an output"):
        Forecasts(np.ones((2, 3)), np.ones((2, 3)), np.ones(1))
