"""Series files made at random, and good ones damaged: a series comes out, or a DataError."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnnbuild.data.series.read import Reading, read_series
from rnnbuild.data.series.tables import FileForm, table_of
from rnnbuild.errors import DataError

DATES = st.sampled_from(
    (
        *("2020-01-01", "2020-01-02", "2020-01-04", "1/2/2020", "31/12/2019", "2020", "1700.0"),
        *("0000", "2020-02-30", "99999-01-01", "Jan 2020", "2020-W53", "2021-W60", "1583280000"),
        *("9999-12-31", "0001-01-01T00:00+10:00", "2020-01-01 24:00", "9999-12-31 24:00"),
        *("", "24:00", "2020-01-01 25:61", "2020Q4", "9999999999999", "01.02.20", "20-01-02"),
        *(
            "Jan-20",
            "31-Feb-20",
            "13:00 PM",
            "2020-01-01 13:00 PM",
            "99999",
            "1949.999",
            "2020-366",
        ),
        *("2021-366", "2020-01-01T00:00:00.0000001", "2020-01-01T00:00+99:99", "1999.08.", "0Q20"),
    )
)
NUMBERS = st.sampled_from(
    (
        *("1", " 2.5 ", "1e3", "-4", "", "NA", "1 000", "1,5", "inf", "1e999", "x", "1.234,5"),
        *("$5", "5 %", "(5)", "--5", "-9999", "1e-999", "9007199254740993", "(", "$", "1_0", "٤"),
    )
)
ROWS = st.lists(st.tuples(DATES, NUMBERS, NUMBERS), max_size=8)
READINGS = st.builds(
    Reading,
    date=st.sampled_from([None, "date", "a", "c", "none", ("date", "a"), ("a", "b", "date")]),
    decimal=st.sampled_from([None, ".", ","]),
    thousands=st.sampled_from([None, " ", "'"]),
    missing=st.sampled_from([(), ("-9999", "x")]),
    date_order=st.sampled_from([None, "day/month/year"]),
    date_format=st.sampled_from([None, "%Y", "%d/%m/%Y"]),
    names=st.sampled_from([None, ("a",), ("b", "a"), ("date",)]),
    gaps=st.sampled_from(["refuse", "forward", "ignore"]),
)


def read_or_refuse(text: str, reading: Reading) -> None:
    try:
        series = read_series([table_of("s.csv", text, FileForm())], reading)
    except DataError as error:
        assert error.problems
        return
    assert np.isfinite(series.values).all()
    assert series.values.shape == (len(series), len(series.names))
    assert len(series.places) == len(series)
    assert series.dates is None or len(series.dates) == len(series)
    for steps in (-len(series) + 1, 0, 3):
        assert series.after_end(steps)


@example([("0001-01-01T00:00+10:00", "1", "1")], Reading(), "\n", True)
@example([("9999-12-31 24:00", "1", "1")], Reading(), "\n", True)
@given(ROWS, READINGS, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@settings(deadline=None)
def test_tables_of_odd_dates_and_numbers(rows, reading, end, final):
    lines = ["date,a,b", *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    read_or_refuse(end.join(lines) + (end if final else ""), reading)


@given(st.text(st.sampled_from('date,a\n0123456789-/:."TZ \t'), max_size=80), READINGS)
@settings(deadline=None)
def test_any_text(text, reading):
    read_or_refuse(text, reading)


@given(st.integers(0, 200), st.text(max_size=3), st.sampled_from(["refuse", "forward", "ignore"]))
@settings(deadline=None)
def test_a_good_file_damaged_at_one_place(place, damage, gaps):
    good = "month,a\n" + "".join(f"20{year:02}-01,{year}.5\n" for year in range(10, 30))
    read_or_refuse(good[:place] + damage + good[place + 2 :], Reading(gaps=gaps))
