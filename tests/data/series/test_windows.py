"""Windows of a series and the steps that follow them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.series.windows import Shape, by_window, cut_windows, origins_of

STEPS = 30
SERIES = np.arange(STEPS)[:, None] + np.array([0, 100])


def batch_of(shape: Shape, origins: list[int], values=SERIES):
    windows = cut_windows((values.astype(float),), np.array(origins), shape)
    return make_batch(windows, np.arange(len(windows)))


def test_a_window_and_the_steps_after_it():
    batch = batch_of(Shape(3, 2, (0, 1), (1,)), [2, 10])
    np.testing.assert_array_equal(batch.inputs[1], [[8, 108], [9, 109], [10, 110]])
    np.testing.assert_array_equal(batch.targets, [[103, 104], [111, 112]])


def test_outputs_are_in_order_step_by_step():
    batch = batch_of(Shape(3, 2, (0, 1), (0, 1)), [2])
    np.testing.assert_array_equal(batch.targets, [[3, 103, 4, 104]])


def test_columns_apart_are_rows_of_their_own():
    batch = batch_of(Shape(3, 2, (0, 1), (0, 1), apart=True), [2, 10])
    np.testing.assert_array_equal(batch.inputs[:, :, 0][1], [100, 101, 102])
    np.testing.assert_array_equal(batch.targets, [[3, 4], [103, 104], [11, 12], [111, 112]])


def test_a_segment_is_read_as_one_step():
    batch = batch_of(Shape(6, 1, (0,), (0,), segment=3), [10])
    np.testing.assert_array_equal(batch.inputs, [[[5, 6, 7], [8, 9, 10]]])
    both = batch_of(Shape(4, 1, (0, 1), (0,), segment=2), [3])
    np.testing.assert_array_equal(both.inputs, [[[0, 100, 1, 101], [2, 102, 3, 103]]])


@pytest.mark.parametrize(("subtract", "base"), [("last", 10.0), ("mean", 9.0)])
def test_what_is_subtracted_from_a_window_is_subtracted_from_its_targets(subtract, base):
    shape = Shape(3, 2, (0,), (0,), subtract=subtract)
    windows = cut_windows((SERIES.astype(float),), np.array([10]), shape)
    batch = make_batch(windows, np.array([0]))
    np.testing.assert_array_equal(batch.inputs[0, :, 0], np.array([8, 9, 10]) - base)
    np.testing.assert_array_equal(batch.targets[0], np.array([11, 12]) - base)
    np.testing.assert_array_equal(windows.subtracted, [[base]])


@settings(deadline=None)
@given(
    st.integers(1, 6),
    st.integers(1, 4),
    st.sampled_from([1, 2, 3]),
    st.sampled_from([None, "last", "mean"]),
    st.booleans(),
    st.integers(0, 3),
    st.integers(5, 20),
)
def test_no_window_sees_past_its_origin_and_no_target_leaves_its_split(
    segments, horizon, segment, subtract, apart, lag, border
):
    shape = Shape(segments * segment, horizon, (0, 1), (0, 1), segment, subtract, apart)
    values = SERIES.astype(float)
    values[:lag] = np.nan
    train = origins_of(shape, (0, border), lag, None)
    test = origins_of(shape, (border, STEPS), lag, None)
    assert (train + horizon < border).all()
    assert (test + 1 >= border).all()
    assert (test + horizon < STEPS).all()
    for origins in (train, test):
        assert (origins - shape.window + 1 >= lag).all()
        for origin in origins[:1]:
            spoilt = values.copy()
            spoilt[origin + 1 :] = -1e6
            seen, other = (batch_of(shape, [origin], table).inputs for table in (values, spoilt))
            assert np.isfinite(seen).all()
            np.testing.assert_array_equal(seen, other)


def test_the_first_step_after_the_border_is_forecast_from_before_it():
    shape = Shape(4, 1, (0,), (0,))
    assert origins_of(shape, (20, STEPS), 0, None).tolist() == list(range(19, STEPS - 1))


def test_filled_steps_are_read_and_never_forecast():
    filled = np.zeros(STEPS, bool)
    filled[10] = True
    origins = origins_of(Shape(3, 2, (0,), (0,)), (0, STEPS), 0, filled).tolist()
    assert origins == [origin for origin in range(2, 28) if origin not in (8, 9)]


def test_targets_that_nobody_knows_yet_are_zero():
    batch = batch_of(Shape(3, 2, (0,), (0,)), [STEPS - 2, STEPS - 1])
    np.testing.assert_array_equal(batch.targets, [[29, 0], [0, 0]])


@pytest.mark.parametrize("apart", [False, True])
def test_outputs_come_back_by_window(apart):
    shape = Shape(3, 4, (0, 1), (0, 1), apart=apart)
    origins = np.array([5, 9])
    windows = cut_windows((SERIES.astype(float),), origins, shape)
    ahead = origins[:, None] + np.arange(1, 5)
    np.testing.assert_array_equal(by_window(windows.targets, shape), SERIES[ahead])
