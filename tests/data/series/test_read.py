"""Tables of numbers in time: what is read, and what is refused by its place."""

import gzip

import numpy as np
import pytest

from rnnbuild.config.places import Places, Source
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.data.load import load_data
from rnnbuild.data.series.read import Reading, read_series, reading_of
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.tables import FileForm, table_of
from rnnbuild.errors import DataError


def read(text: str, **reading) -> Series:
    return read_series([table_of("s.csv", text, FileForm())], Reading(**reading))


def test_quoted_dates_blanks_and_no_final_newline():
    series = read('"Month","Passengers"\r\n"1949-01", 112 \n"1949-02",1 118')
    assert series.names == ("Passengers",)
    np.testing.assert_array_equal(series.values, [[112], [1118]])
    assert [series.at(0), series.at(1), series.after_end(1)] == ["1949-01", "1949-02", "1949-03"]


def test_without_a_date_each_row_is_a_step():
    series = read("a,b\n1,2\n3,4\n")
    assert series.dates is None
    assert series.after_end(2) == "4"


def test_the_date_column_is_found_by_name_or_by_its_format():
    assert read("x,YEAR\n5,1700\n6,1701\n").names == ("x",)
    assert read("x,when\n5,2020-01-01\n6,2020-01-02\n").names == ("x",)
    assert read("t,x\n1,2020\n2,2021\n", date="x").names == ("t",)


def test_columns_are_read_in_the_order_they_are_named_in():
    series = read("date,a,note,b\n2020-01-01,1,x,2\n", names=("b", "a"))
    np.testing.assert_array_equal(series.values, [[2, 1]])


def test_the_newest_row_first_is_read_backwards():
    series = read("date,a\n2020-01-03,3\n2020-01-02,2\n2020-01-01,1\n")
    np.testing.assert_array_equal(series.values[:, 0], [1, 2, 3])
    assert series.places[0] == ("s.csv", 4)
    assert "read backwards" in str(series.notes[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date,a\n2020-01-01,1\n2020-01-02,x1\n", r"s.csv:3:1: `x1` in `a` is not a number"),
        ("date,a\n2020-01-01,1\n2020-01-02,inf\n", r"s.csv:3:1: `inf` in `a` is not a number"),
        (
            "date,a\n2020-01-01,1\n2020-13-02,1\n",
            r"s.csv:3:1: `2020-13-02` in `date` is not a date: month",
        ),
        ("date,a\n2020-01-01,1\n2020-01-01,1\n", r"s.csv:3:1: the same date"),
        ("date,a\n2020-01-02,1\n2020-01-03,1\n2020-01-01,1\n", r"s.csv:4:1: an earlier date"),
        ("date,a\n2020-01-01,1\n2020-01-02,\n2020-01-03,1\n", r"s.csv:3:1: no value for `a`"),
        ("year,a\n2000,1\n2001,1\n2002,1\n2005,1\n", r"s.csv:5:1: 2 steps \(year\) are missing"),
        (
            "date,a\n"
            "2020-01-01 00:00,1\n2020-01-01 01:00,1\n2020-01-01 02:00,1\n2020-01-01 02:20,1",
            r"s.csv:5:1: not a whole number of steps \(hour\)",
        ),
        ("date,a\n01/02/2020,1\n02/03/2020,1\n", r"s.csv:2:1: `01/02/2020` in `date` leaves open"),
        (
            "date,a\nyesterday,1\n",
            r"s.csv:2:1: `yesterday` in `date` is not in a known date format",
        ),
        ("date,a\n", "a header and no rows"),
        ("date\n2020-01-01\n", "no column of numbers"),
        ("date,a\n2020-01-01,1,2\n", "s.csv:2:14: 3 fields"),
    ],
)
def test_a_fault_is_reported_by_file_and_line(text, expected):
    with pytest.raises(DataError, match=expected):
        read(text)


def test_even_steps_decide_which_number_is_the_month():
    months = "\n".join(f"01/{month:02}/{year},1" for year in (2020, 2021) for month in range(1, 13))
    series = read(f"date,a\n{months}")
    assert str(series.frequency) == "month"
    assert series.at(1) == "2020-02"


def test_forward_lets_the_value_before_go_on_and_remembers_it():
    text = "date,a,b\n2020-01-03,1,5\n2020-01-04,,6\n2020-01-05,3,7\n2020-01-08,4,8\n"
    series = read(text + "2020-01-09,5,9\n", gaps="forward")
    np.testing.assert_array_equal(series.values[:, 0], [1, 1, 3, 3, 3, 4, 5])
    np.testing.assert_array_equal(series.values[:, 1], [5, 6, 7, 7, 7, 8, 9])
    assert series.filled is not None
    assert series.filled.tolist() == [False, True, False, True, True, False, False]
    assert series.at(3) == "2020-01-06"
    assert "3 of 7 steps have no value (the first at s.csv:3)" in str(series.notes[0])


def test_rows_before_the_first_value_are_skipped_as_nothing_can_fill_them():
    series = read("date,a\n2020-01-01,\n2020-01-02,1\n2020-01-03,2\n", gaps="forward")
    np.testing.assert_array_equal(series.values[:, 0], [1, 2])
    assert series.at(0) == "2020-01-02"
    assert "the first row is skipped (s.csv:2): `a` has no value there" in str(series.notes[0])
    with pytest.raises(DataError, match="`b` has no value in any row"):
        read("date,a,b\n2020-01-01,1,\n2020-01-02,1,\n", names=("a", "b"), gaps="forward")


@pytest.mark.parametrize("gaps", ["refuse", "forward", "ignore"])
def test_rows_at_the_end_without_a_value_are_left_to_be_forecast(gaps):
    text = "2020-01-01,1,2\n2020-01-02,3,4\n2020-01-03,,\n2020-01-04,,\n"
    series = read(f"date,a,b\n{text}", gaps=gaps)
    np.testing.assert_array_equal(series.values, [[1, 2], [3, 4]])
    assert series.filled is None
    assert series.after_end(1) == "2020-01-03"
    expected = "the last 2 rows have no value and are skipped (s.csv:4): forecasts begin there"
    assert [str(note) for note in series.notes] == [expected]


def test_the_newest_rows_are_left_to_be_forecast_where_they_come_first():
    series = read("date,a\n2020-01-03,\n2020-01-02,2\n2020-01-01,1\n")
    np.testing.assert_array_equal(series.values[:, 0], [1, 2])
    assert "(s.csv:2)" in str(series.notes[1])


def test_a_value_that_one_column_lacks_at_the_end_is_a_gap():
    text = "date,a,b\n2020-01-01,1,2\n2020-01-02,3,\n"
    with pytest.raises(DataError, match=r"s\.csv:3:1: no value for `b`"):
        read(text)
    np.testing.assert_array_equal(read(text, gaps="forward").values, [[1, 2], [3, 2]])


def test_one_wrong_date_does_not_make_a_series_of_fillings():
    with pytest.raises(DataError, match="so far apart"):
        read("date,a\n1020-01-01,1\n2020-01-02,1\n2020-01-03,1\n", gaps="forward")


def test_ignore_takes_each_row_as_one_step():
    series = read("year,a\n2000,1\n2001,2\n2005,3\n", gaps="ignore")
    assert len(series) == 3
    assert series.after_end(1) == "2006"


def test_holidays_among_weekdays_are_noted():
    text = "date,a\n2020-01-02,1\n2020-01-03,2\n2020-01-06,3\n2020-01-08,4\n"
    series = read(text)
    assert "1 weekday is missing (holidays?), at most 1 in a row (s.csv:5)" in str(series.notes[0])


def test_files_go_on_where_the_one_before_ended(tmp_path):
    for name, years in (("a", range(2000, 2030)), ("b", range(2030, 2040))):
        rows = "".join(f"{year},{year % 7}\n" for year in years)
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(f"year,x\n{rows}".encode()))
    data = DataConfig(train="a.csv.gz", test="b.csv.gz", window=5)
    loaded = load_data(data, tmp_path)
    # A tenth of the training file validates; test windows reach back into it.
    assert loaded.facts.rows == (22, 3, 10)
    assert loaded.baselines("test")["persistence"].targets[0] == [2030 % 7]


def test_files_that_do_not_meet_are_a_gap(tmp_path):
    (tmp_path / "a.csv").write_text(
        "year,x\n" + "".join(f"{year},1\n" for year in range(2000, 2010))
    )
    (tmp_path / "b.csv").write_text("year,x\n2012,1\n2013,1\n")
    with pytest.raises(DataError, match=r"b.csv:2:1: 2 steps \(year\) are missing"):
        load_data(DataConfig(train="a.csv", test="b.csv", window=2), tmp_path)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("{train: s.csv, columns: [a, c]}", "c.yaml:1:29"),
        ("{train: s.csv, targets: [c]}", "c.yaml:1:26"),
        ("{train: s.csv, date: c}", "c.yaml:1:22"),
    ],
)
def test_a_missing_column_is_shown_where_the_config_names_it(data: str, place: str) -> None:
    tree = read_tree(Source("c.yaml", data))
    config = DataConfig(**tree.value)
    config.written_at(Places({("data", *path): span for path, span in tree.places.values.items()}))
    with pytest.raises(DataError, match="no column `c`") as caught:
        read_series(
            [table_of("s.csv", "date,a\n2020-01-01,1\n", FileForm())], reading_of(config), config
        )
    assert str(caught.value.problems[0].place) == place
