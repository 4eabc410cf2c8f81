"""Steps that are in two splits of a series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.series.repeat_health import LONG, repeated_steps, run_numbers

NOISE = np.random.default_rng(3).normal(10, 1, size=(400, 2))
SPANS = {"train": (0, 300), "validation": (300, 350), "test": (350, 400)}


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(1, 9))
def test_runs_have_equal_numbers_where_their_values_are_equal(values, length):
    column = np.array(values, float)[:, None]
    numbers = run_numbers(column, length).tolist()
    runs = [tuple(values[first : first + length]) for first in range(len(values) - length + 1)]
    assert len(numbers) == len(runs)
    assert [[a == b for b in numbers] for a in numbers] == [[a == b for b in runs] for a in runs]


def test_nothing_is_found_in_splits_that_differ():
    finding = repeated_steps(NOISE, SPANS)
    assert finding.level == "ok"
    assert finding.reason == (
        "None of 281 runs of 20 steps in train, 31 in validation and 31 in test appears verbatim "
        "in another split."
    )


@pytest.mark.parametrize(("place", "where"), [(0, "in training"), (300, "in validation")])
def test_a_copy_of_other_steps_is_found(place, where):
    values = NOISE.copy()
    values[355:385] = values[place : place + 30]
    finding = repeated_steps(values, SPANS)
    assert finding.level == "warning"
    assert "11 of 31 runs of 20 steps (35 %) in test appear verbatim" in finding.reason
    assert where in finding.reason


def test_a_test_file_that_is_all_of_training_stays_a_warning():
    values = np.r_[NOISE[:100], NOISE[:100], NOISE[:100]]
    spans = {"train": (0, 100), "validation": (100, 200), "test": (200, 300)}
    assert repeated_steps(values, spans).level == "warning"


def test_one_column_that_differs_and_steps_that_never_change_are_no_repeats():
    values = NOISE.copy()
    values[355:385, 0] = values[:30, 0]
    assert repeated_steps(values, SPANS).level == "ok"
    values[100:150] = values[360:390] = 7
    assert repeated_steps(values, SPANS).level == "ok"


def test_a_split_shorter_than_a_run_is_not_looked_at():
    spans = {"train": (0, 300), "validation": (300, 300 + LONG), "test": (350, 400)}
    finding = repeated_steps(NOISE, spans)
    assert finding.level == "unchecked"
    assert finding.reason.endswith("Not looked at: validation, because it has 1 run of 20 steps.")
    spans = {"train": (0, 300), "validation": (300, 300), "test": (300, 300 + LONG - 1)}
    finding = repeated_steps(NOISE, spans)
    assert finding.level == "unchecked"
    assert finding.reason == (
        "Not looked at, because there are no runs of 20 steps in validation and test."
    )
