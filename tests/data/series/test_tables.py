"""A series in every format: the same cells, whatever holds them."""

import json

import numpy as np
import pandas as pd
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.load import load_data
from rnnbuild.data.series.read import Reading, read_series
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.tables import FileForm, table_at
from rnnbuild.errors import DataError

DAYS = pd.date_range("2020-01-01", periods=40)
FRAME = pd.DataFrame({"date": DAYS, "y": np.sin(np.arange(40)), "n": np.arange(40) % 3})


def read(path, **form) -> Series:
    return read_series([table_at(path, FileForm(**form))], Reading(gaps="forward"))


def test_parquet_jsonl_and_csv_are_read_alike(tmp_path):
    pytest.importorskip("pyarrow", reason="needs pyarrow")
    frame = FRAME.copy()
    frame["y"] = frame["y"].where(np.arange(40) != 7)
    frame.to_parquet(tmp_path / "s.parquet")
    frame.to_csv(tmp_path / "s.csv", index=False)
    objects = frame.assign(date=frame.date.dt.strftime("%Y-%m-%d")).to_dict(orient="records")
    lines = [json.dumps({k: v for k, v in row.items() if v == v}) for row in objects]
    (tmp_path / "s.jsonl").write_text("\n".join(lines) + "\n")
    expected = frame["y"].ffill().to_numpy()
    for name in ("s.parquet", "s.jsonl", "s.csv"):
        series = read(tmp_path / name)
        np.testing.assert_array_equal(series.dates, DAYS.to_numpy().astype("datetime64[us]"))
        np.testing.assert_array_equal(series.values[:, series.names.index("y")], expected)
        assert series.filled.tolist() == [step == 7 for step in range(40)]


@pytest.mark.parametrize("name", ["s.parquet", "s.jsonl"])
def test_a_fault_of_parquet_and_jsonl_has_its_row(tmp_path, name):
    pytest.importorskip("pyarrow", reason="needs pyarrow")
    frame = FRAME.assign(y=["bad" if row == 3 else str(row) for row in range(40)])
    if name == "s.parquet":
        frame.to_parquet(tmp_path / name)
    else:
        plain = frame.assign(date=frame.date.astype(str))
        plain.to_json(tmp_path / name, orient="records", lines=True)
    with pytest.raises(DataError, match=rf"{name}:4:1: `bad` in `y` is not a number"):
        read(tmp_path / name)


def test_nanoseconds_of_parquet_are_whole_microseconds_or_refused(tmp_path):
    pytest.importorskip("pyarrow", reason="needs pyarrow")
    FRAME.assign(date=FRAME.date + pd.Timedelta(1, "ns")).to_parquet(tmp_path / "s.parquet")
    with pytest.raises(DataError, match="finer than a microsecond"):
        read(tmp_path / "s.parquet")


def test_another_delimiter_and_a_missing_header_are_named_with_the_key_that_helps(tmp_path):
    path = tmp_path / "s.csv"
    FRAME.to_csv(path, index=False, sep=";")
    with pytest.raises(DataError, match=r'`data.delimiter: ";"`'):
        read(path)
    assert read(path, delimiter=";").names == ("y", "n")
    FRAME[["date", "y"]].to_csv(path, index=False, header=False)
    with pytest.raises(DataError, match=r"data.header: \[date, x2\]"):
        read(path)
    assert len(read(path, header=("date", "value"))) == 40
    path.write_text("# from somewhere\n" + FRAME.to_csv(index=False))
    with pytest.raises(DataError, match=r'`data.comment: "#"`'):
        read(path)
    assert len(read(path, comment="#")) == 40


def test_columns_without_name_or_number_are_left_out_and_noted(tmp_path):
    path = tmp_path / "s.csv"
    rows = "".join(f"{day.date()},NW,{n},,\n" for n, day in enumerate(DAYS))
    path.write_text(f"date,wind,y,,\n{rows},,,,\n")
    series = read(path)
    assert series.names == ("y",)
    notes = " ".join(map(str, series.notes))
    assert "`wind` (NW) is not a number, and is skipped" in notes
    assert "skipped 1 row of empty fields" in notes


def test_all_kinds_of_faults_come_together(tmp_path):
    path = tmp_path / "s.csv"
    cells = FRAME.astype(str)
    cells.loc[3, "y"], cells.loc[5, "date"], cells.loc[9, "n"] = "x", "2020-99-01", "1e400"
    cells.to_csv(path, index=False)
    with pytest.raises(DataError) as caught:
        read(path)
    assert [problem.place.line for problem in caught.value.problems] == [5, 7, 11]


def test_a_series_in_a_format_of_text_is_refused(tmp_path):
    (tmp_path / "s.conll").write_text("a B-x\n")
    with pytest.raises(DataError, match="cannot contain a series"):
        load_data(DataConfig(train="s.conll", window=3), tmp_path)
