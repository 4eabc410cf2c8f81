"""The forms that dates are read in."""

from datetime import datetime

import pytest

from rnnbuild.data.series.dates import looks_like_a_date, readings


def read(*texts: str, stated: str | None = None) -> list[list[datetime]]:
    return [[way(text) for text in texts] for way in readings(list(texts), stated)]


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-04",
        "2020/03/04",
        "2020.3.4",
        "20200304",
        "04.03.2020",
        "4-Mar-2020",
        "4 March 2020",
        "Mar 4, 2020",
        "March 4 2020",
        "2020-03-04T00:00:00Z",
        "2020-03-04 00:00",
        "2020-03-04T02:30:00+02:30",
        "2020-03-03 24:00",
        "1583280000",
        " 2020-03-04 ",
    ],
)
def test_a_day_in_any_common_form(text):
    assert read(text) == [[datetime(2020, 3, 4)]]


@pytest.mark.parametrize("text", ["1949-02", "1949/2", "1949M02", "Feb 1949", "February-1949"])
def test_a_month_is_its_first_day(text):
    assert read(text) == [[datetime(1949, 2, 1)]]


def test_years_quarters_and_weeks():
    assert read("1700") == read("1700.0") == [[datetime(1700, 1, 1)]]
    assert read("1999Q3") == read("1999-Q3") == [[datetime(1999, 7, 1)]]
    assert read("2020-W10") == [[datetime(2020, 3, 2)]]


def test_time_of_day_is_read_to_the_second():
    assert read("2016-07-01 05:06:07.25") == [[datetime(2016, 7, 1, 5, 6, 7)]]


def test_a_number_over_twelve_distinguishes_day_from_month():
    assert read("01/02/2020", "13/02/2020")[0][0] == datetime(2020, 2, 1)
    assert read("01/02/2020", "01/13/2020")[0][0] == datetime(2020, 1, 2)
    assert len(read("01/02/2020", "02/02/2020")) == 2


def test_a_stated_form_is_taken():
    assert read("20|1|2", stated="%y|%m|%d") == [[datetime(2020, 1, 2)]]


def test_one_column_has_one_form():
    (way,) = readings(["2020-01-01"], None)
    with pytest.raises(ValueError, match="not in the format of the first"):
        way("1 Feb 2020")
    with pytest.raises(ValueError, match="day is out of range"):
        way("2020-02-30")


@pytest.mark.parametrize("text", ["1949", "3.5", "12", "", "abc", "2020.5"])
def test_a_mere_number_does_not_look_like_a_date(text):
    assert not looks_like_a_date(text)
