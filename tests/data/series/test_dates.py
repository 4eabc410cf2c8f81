"""The forms that dates are read in, against pandas where it reads them too."""

from contextlib import suppress
from datetime import datetime

import pandas as pd
import pytest

from rnnbuild.data.series.dates import ways_to_read


def read(*texts: str, stated: str | None = None) -> list[list[datetime]]:
    """The dates by every way in which all of them are dates."""
    readings = []
    for way in ways_to_read(list(texts), stated):
        with suppress(ValueError):
            readings.append([way.parse(text) for text in texts])
    return readings


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-04",
        "2020/03/04",
        "2020.3.4",
        "20200304",
        "04.03.2020",
        "04. 03. 2020",
        "4-Mar-2020",
        "04-Mar-20",
        "04Mar2020",
        "4 March 2020",
        "Mar 4, 2020",
        "March 4 2020",
        "Wed, 04 Mar 2020 00:00:00 GMT",
        "2020-Mar-04",
        "2020年3月4日",
        "2020-W10-3",
        "2020-064",
        "2020-03-04 00:00:00 +0000 UTC",
        "2020-03-04T01:00:00+01:00[Europe/Berlin]",
        "2020-03-04T00:00:00Z",
        "2020-03-04T00:00:00.000Z",
        "20200304T000000Z",
        "2020-03-04 00:00",
        "2020-03-04 00",
        "04.03.2020 00.00.00",
        "2020-03-04T02:30:00+02:30",
        "2020-03-04T01:00:00+01",
        "2020-03-04 12:00 AM",
        "2020-03-03 24:00",
        "1583280000",
        "1583280000.0",
        "1583280000000",
        "1583280000000000",
        "1583280000000000000",
        "43894",
        "43894.0",
        " 2020-03-04 ",
    ],
)
def test_a_day_in_any_common_form(text):
    assert datetime(2020, 3, 4) in [dates[0] for dates in read(text, text)]


@pytest.mark.parametrize(
    "text",
    [
        "1999-02",
        "1999/2",
        "1999M02",
        "199902",
        "Feb 1999",
        "February-1999",
        "Feb-99",
        "1999.0833",
        "1999-Feb",
        "02/1999",
    ],
)
def test_a_month_is_its_first_day(text):
    assert datetime(1999, 2, 1) in [dates[0] for dates in read(text)]


def test_years_quarters_and_weeks():
    for text in ("1700", "1700.0"):
        assert {date for (date,) in read(text)} == {datetime(1700, 1, 1)}
    for text in ("1999Q3", "1999-Q3", "Q3 1999", "3Q99"):
        assert read(text) == [[datetime(1999, 7, 1)]]
    assert read("2020-S2") == read("2020H2") == [[datetime(2020, 7, 1)]]
    assert read("2020-W10") == read("2020W10") == [[datetime(2020, 3, 2)]]


@pytest.mark.parametrize(
    "text",
    [
        "2016-07-01 05:06:07.25",
        "2016-07-01T05:06:07.250000",
        "2016-07-01T05:06:07.25+05:30",
        "07/01/2016 5:06:07 PM",
        "01-Jul-2016 17:06",
    ],
)
def test_times_of_day_are_those_of_pandas(text):
    """pandas takes the first number for the month where both are possible."""
    expected = pd.Timestamp(text)
    expected = expected.tz_convert("UTC").tz_localize(None) if expected.tz else expected
    assert expected.to_pydatetime() in [dates[0] for dates in read(text)]


def test_years_of_two_digits_are_those_of_strptime():
    for year in ("00", "20", "68", "69", "99"):
        expected = datetime.strptime(f"5-Jan-{year}", "%d-%b-%y")
        assert read(f"5-Jan-{year}") == [[expected]]


def test_what_is_finer_than_a_microsecond_is_refused():
    (way,) = ways_to_read(["2020-01-01 00:00:00.123456789"], None)
    assert way.parse("2020-01-01 00:00:00.123456000") == datetime(2020, 1, 1, 0, 0, 0, 123456)
    with pytest.raises(ValueError, match="finer than a microsecond"):
        way.parse("2020-01-01 00:00:00.123456789")


def test_a_number_over_twelve_distinguishes_day_from_month():
    assert read("01/02/2020", "13/02/2020") == [[datetime(2020, 2, 1), datetime(2020, 2, 13)]]
    assert read("01/02/2020", "01/13/2020") == [[datetime(2020, 1, 2), datetime(2020, 1, 13)]]
    assert len(read("01/02/2020", "02/02/2020")) == 2


def test_a_stated_form_is_taken():
    assert read("20|1|2", stated="%y|%m|%d") == [[datetime(2020, 1, 2)]]
    assert read("2020-01-01 02:00+0200", stated="%Y-%m-%d %H:%M%z") == [[datetime(2020, 1, 1)]]


def test_a_column_has_the_form_that_most_of_it_has():
    (way,) = ways_to_read(["1 Feb 2020", "2020-01-01", "2020-01-02"], None)
    with pytest.raises(ValueError, match="otherwise than most"):
        way.parse("1 Feb 2020")
    with pytest.raises(ValueError, match="day is out of range"):
        way.parse("2020-02-30")


@pytest.mark.parametrize("text", ["3.5", "12", "", "abc", "sensor-12", "24:00"])
def test_other_texts_are_no_dates(text):
    assert read(text) == []
