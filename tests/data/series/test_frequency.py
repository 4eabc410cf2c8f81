"""How far apart the steps of a series are, and their seasons."""

import numpy as np
import pytest

from rnnbuild.data.series.frequency import frequency_of


def dates(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[s]")


CASES = [
    (dates("2020-01-01T00:00", "2020-01-01T01:00"), "hour", 24, "2020-01-01 02:00"),
    (dates("2020-01-01T00:00", "2020-01-01T00:15"), "15 minutes", 96, "2020-01-01 00:30"),
    (dates("2020-01-03", "2020-01-04", "2020-01-05"), "day", 7, "2020-01-06"),
    (dates("2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"), "weekday", 5, "2020-01-08"),
    (dates("2020-01-04", "2020-01-11"), "week", 52, "2020-01-18"),
    (dates("2020-01-01", "2020-02-01", "2020-03-01"), "month", 12, "2020-04"),
    (dates("2020-01-31", "2020-02-29"), "month", 12, "2020-03-31"),
    (dates("2020-01-15", "2020-02-15"), "month", 12, "2020-03-15"),
    (dates("2020-01-01", "2020-04-01"), "quarter", 4, "2020-07"),
    (dates("1700-01-01", "1701-01-01"), "year", None, "1702"),
]


@pytest.mark.parametrize(("given", "name", "season", "after"), CASES)
def test_steps_their_season_and_the_date_after(given, name, season, after):
    frequency = frequency_of(given)
    assert frequency is not None
    assert (str(frequency), frequency.season) == (name, season)
    assert frequency.text_of(frequency.after(given[-1], 1)) == after


@pytest.mark.parametrize(("given", "name", "season", "after"), CASES)
def test_positions_count_steps_and_later_dates_agree_with_them(given, name, season, after):
    frequency = frequency_of(given)
    assert frequency is not None
    later = np.array([frequency.after(given[0], step) for step in range(30)], "datetime64[s]")
    np.testing.assert_array_equal(frequency.position(later), np.arange(30))


def test_the_most_common_step_counts():
    assert str(frequency_of(dates("2020-01-04", "2020-01-05", "2020-01-06", "2020-01-09"))) == "day"


def test_a_single_date_has_no_frequency():
    assert frequency_of(dates("2020-01-01")) is None
