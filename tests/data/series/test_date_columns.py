"""Which columns are taken for the dates, and what they are read as."""

import numpy as np
import pandas as pd
import pytest

from rnnbuild.data.series.read import Reading, read_series
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.tables import FileForm, table_of
from rnnbuild.errors import DataError

HOURS = pd.date_range("2010-01-01", periods=60, freq="h")


def read(text: str, **reading) -> Series:
    return read_series([table_of("s.csv", text, FileForm())], Reading(**reading))


def csv(header: str, rows) -> str:
    return f"{header}\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("header", "cells", "columns"),
    [
        ("No,year,month,day,hour", "{n},%Y,%-m,%-d,%-H", ("year", "month", "day", "hour")),
        ("Date,Time", "%d/%m/%Y,%H:%M:%S", ("Date", "Time")),
        ("Date,Time", "%d/%m/%Y,%H.%M.%S", ("Date", "Time")),
        ("instant,dteday,yr,hr", "{n},%Y-%m-%d,0,%-H", ("dteday", "hr")),
        ("when", "%d.%m.%Y %H:%M", ("when",)),
        ("DATE,TIME", "%Y%m%d,%H:%M", ("DATE", "TIME")),
    ],
)
def test_dates_in_several_columns_are_those_of_pandas(header, cells, columns):
    rows = [
        (*hour.strftime(cells.replace("{n}", str(n))).split(","), n % 7)
        for n, hour in enumerate(HOURS)
    ]
    series = read(csv(f"{header},y", rows))
    assert series.date_columns == columns
    np.testing.assert_array_equal(series.dates, HOURS.to_numpy().astype("datetime64[us]"))
    stated = read(csv(f"{header},y", rows), date=columns)
    np.testing.assert_array_equal(stated.dates, series.dates)


def test_a_time_beside_dates_that_are_apart_is_no_part_of_them():
    rows = [(day.strftime("%Y-%m-%d"), n % 24, n) for n, day in enumerate(HOURS[::24])]
    assert read(csv("date,hour,y", rows)).date_columns == ("date",)


@pytest.mark.parametrize("header", ["time,y", "day,y", "Month,y"])
def test_a_column_of_counts_is_not_taken_for_dates_by_its_name(header):
    series = read(csv(header, [(n, n % 3) for n in range(1, 30)]))
    assert series.date_columns == ()
    assert series.names == tuple(header.split(","))


def test_seconds_that_are_not_named_for_dates_remain_numbers():
    rows = [(1577836800 + 60 * n, n % 3) for n in range(30)]
    assert read(csv("when,y", rows)).date_columns == ()
    assert read(csv("timestamp,y", rows)).at(1) == "2020-01-01 00:01"
    assert read(csv("when,y", rows), date="when").at(1) == "2020-01-01 00:01"


def test_days_of_excel_need_a_name_that_says_date():
    rows = [(43831 + n, n % 3) for n in range(30)]
    assert read(csv("Date,y", rows)).at(1) == "2020-01-02"
    assert read(csv("time,y", rows)).date_columns == ()


def test_none_takes_the_rows_as_steps():
    series = read(csv("year,y", [(2010, 1), (2010, 2), (2009, 3)]), date="none", names=("y",))
    assert series.dates is None
    assert len(series) == 3


def test_two_digits_of_a_year_are_read_by_the_steps_that_they_make():
    days = pd.date_range("2020-01-15", periods=60)
    for form in ("%y-%m-%d", "%d-%m-%y", "%m/%d/%y"):
        series = read(csv("date,y", [(day.strftime(form), 1) for day in days]))
        np.testing.assert_array_equal(series.dates, days.to_numpy().astype("datetime64[us]"))


def test_the_order_decided_in_training_holds_where_a_file_leaves_it_open():
    text = csv("date,y", [("01/02/2020", 1), ("02/02/2020", 2)])
    assert read(text, date_order="day/month/year").at(0) == "2020-02-01"
    with pytest.raises(DataError, match="leaves open which number is the month"):
        read(csv("date,y", [("01/02/2020", 1), ("02/03/2020", 2)]))


def test_dates_with_and_without_a_zone_do_not_mix():
    rows = [("2020-01-01T00:00Z", 1), ("2020-01-01T01:00", 2), ("2020-01-01T02:00Z", 3)]
    with pytest.raises(DataError, match=r"3:1: `2020-01-01T01:00` in `time` has no time zone"):
        read(csv("time,y", rows))


def test_an_offset_that_changes_in_autumn_leaves_even_hours():
    hours = pd.date_range("2020-10-24", periods=72, freq="h", tz="Europe/Berlin")
    series = read(csv("time,y", [(hour.isoformat(), 1) for hour in hours]))
    expected = hours.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    np.testing.assert_array_equal(series.dates, expected)
    assert str(series.frequency) == "hour"


def test_tenths_of_a_second_are_steps():
    times = pd.date_range("2020-01-01", periods=30, freq="100ms")
    series = read(csv("time,y", [(time.isoformat(timespec="milliseconds"), 1) for time in times]))
    assert str(series.frequency) == "0.1 seconds"
    assert series.after_end(1) == "2020-01-01 00:00:03.000000"


@pytest.mark.parametrize("first", ["0001-01-01", "9998-12-01"])
def test_the_first_and_the_last_year_are_dates(first):
    days = np.datetime64(first, "D") + np.arange(30)
    series = read(csv("date,y", [(day, 1) for day in days]))
    np.testing.assert_array_equal(series.dates, days.astype("datetime64[us]"))


def test_hints_for_rows_out_of_step_read_the_file():
    local = pd.date_range("2020-10-20", periods=200, freq="h", tz="Europe/Berlin")
    text = csv("time,y", [(hour.strftime("%Y-%m-%d %H:%M"), 1) for hour in local])
    with pytest.raises(DataError) as caught:
        read(text)
    hint = caught.value.problems[-1].hint
    assert "write the times in UTC" in hint
    assert "`data.gaps: ignore`" in hint
    assert "`data.gaps: forward`" not in hint
    assert "(dates are read from `time`)" in hint
    assert len(read(text, gaps="ignore")) == len(read(text, date="none")) == 200


def test_no_hint_leads_to_a_refusal():
    """With uneven dates and missing values, no single rule reads the file."""
    rows = [("2020-01-01 00:00", 1), ("2020-01-01 01:00", ""), ("2020-01-01 02:20", 3)]
    rows += [(f"2020-01-01 {hour:02}:00", hour) for hour in range(3, 9)]
    ways = {
        "refuse": " with `data.gaps: forward`",
        "forward": "",
        "ignore": " with `data.gaps: forward`",
    }
    for rule, more in ways.items():
        with pytest.raises(DataError) as caught:
            read(csv("date,y", rows), gaps=rule)
        assert f"`data.date: none`{more} takes the rows as steps" in caught.value.problems[-1].hint
    assert len(read(csv("date,y", rows), date="none", gaps="forward")) == 9
