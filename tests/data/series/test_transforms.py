"""Transforms of a series against cases worked by hand, and undone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnbuild.config.schema.series import SeasonalDifference
from rnnbuild.data.series.invertible import Difference
from rnnbuild.data.series.saved import SavedStep, step_of
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.transforms import Transforms, fit_transforms, step_as_json
from rnnbuild.errors import DataError
from rnnbuild.typed_values import from_plain

CHOICES = st.sampled_from(["difference", "standardise", SeasonalDifference(seasonal_difference=3)])


def series(values) -> Series:
    table = np.array(values, np.float64)
    return Series(tuple("abcdefg"[: table.shape[1]]), table)


def test_each_transform_of_a_case_worked_by_hand():
    data = series([[1.0], [2], [4], [8], [16]])
    chain = fit_transforms(["log", "difference"], data, 5)
    stages = chain.stages(data)
    np.testing.assert_allclose(stages[-1][1:, 0], np.log(2))
    assert np.isnan(stages[-1][0])
    standard = fit_transforms(["standardise"], series([[2.0], [4], [100]]), 2)
    np.testing.assert_allclose(standard.stages(series([[2.0], [4], [6]]))[-1][:, 0], [-1, 1, 3])


@settings(deadline=None)
@given(
    st.booleans(),
    st.lists(CHOICES, max_size=4),
    st.integers(1, 6),
    arrays(np.float64, (40, 2), elements=st.floats(1, 1000)),
)
def test_what_is_transformed_and_inverted_is_what_it_was(log, transforms, horizon, values):
    data = series(values)
    chain = fit_transforms([*(["log"] if log else []), *transforms], data, 30)
    stages = chain.stages(data)
    origins = np.arange(chain.lag, 40 - horizon)
    ahead = origins[:, None] + np.arange(1, horizon + 1)
    for columns in ([0, 1], [1]):
        forecasts = stages[-1][ahead][:, :, columns]
        undone = chain.back(forecasts, stages, origins, np.array(columns))
        np.testing.assert_allclose(undone, values[ahead][:, :, columns], rtol=1e-6, atol=1e-6)


def test_a_horizon_beyond_the_season_builds_on_its_own_forecasts():
    values = np.arange(10.0)[:, None]
    chain = Transforms((Difference(2),))
    forecasts = np.ones((1, 5, 1))
    undone = chain.back(forecasts, chain.stages(series(values)), np.array([9]), np.array([0]))
    # Each step is one above the step two before: 8, 9 | 9, 10, 10, 11, 11.
    np.testing.assert_allclose(undone[0, :, 0], [9, 10, 10, 11, 11])


@settings(deadline=None)
@given(st.lists(CHOICES, max_size=3), st.integers(15, 38))
def test_neither_a_value_nor_its_way_back_looks_ahead(transforms, origin):
    values = np.random.default_rng(1).uniform(1, 9, size=(40, 2))
    chain = fit_transforms(transforms, series(values), 15)
    spoilt = values.copy()
    spoilt[origin + 1 :] = np.nan
    before, after = chain.stages(series(values)), chain.stages(series(spoilt))
    np.testing.assert_array_equal(before[-1][: origin + 1], after[-1][: origin + 1])
    forecasts = np.ones((1, 4, 2))
    place, columns = np.array([origin]), np.arange(2)
    np.testing.assert_array_equal(
        chain.back(forecasts, before, place, columns), chain.back(forecasts, after, place, columns)
    )


@settings(deadline=None)
@given(st.lists(CHOICES, min_size=1, max_size=3))
def test_fitting_sees_the_training_steps_alone(transforms):
    values = np.random.default_rng(1).uniform(1, 9, size=(40, 1))
    spoilt = values.copy()
    spoilt[25:] *= 1000
    result, other = (
        [step_as_json(step) for step in fit_transforms(transforms, series(table), 25).steps]
        for table in (values, spoilt)
    )
    assert result == other


def test_a_logarithm_of_zero_is_refused_by_its_place():
    data = Series(("sales",), np.array([[1.0], [0]]), places=[("s.csv", 2), ("s.csv", 3)])
    with pytest.raises(
        DataError, match=r"s.csv:3:1: there is no logarithm of 0, the value of `sales`"
    ):
        fit_transforms(["log"], data, 2)


def test_differences_longer_than_the_training_steps_are_refused():
    with pytest.raises(DataError, match="take 12 steps"):
        fit_transforms([SeasonalDifference(seasonal_difference=12)], series([[1.0]] * 20), 10)


def test_a_column_that_never_moves_keeps_its_units():
    chain = fit_transforms(["standardise"], series([[5.0, 1], [5, 3]]), 2)
    np.testing.assert_allclose(chain.stages(series([[7.0, 2]]))[-1], [[2, 0]])


@settings(deadline=None)
@given(st.lists(CHOICES, max_size=3))
def test_transforms_come_back_from_their_json(transforms):
    chain = fit_transforms(
        ["log", *transforms], series(np.random.default_rng(1).uniform(1, 9, (30, 2))), 20
    )
    saved = [step_as_json(step) for step in chain.steps]
    assert [step_as_json(step_of(from_plain(SavedStep, step))) for step in saved] == saved
