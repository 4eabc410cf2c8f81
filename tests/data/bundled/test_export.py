"""A bundled dataset written to files and read back is the same."""

import csv
import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.export import WRITERS, sheet_as_bytes
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.data.bundled.sheet import sheet_of
from rnnbuild.data.load import load_data
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.data.series.read import Reading, read_series
from rnnbuild.data.series.series import BundledSeries
from rnnbuild.data.series.tables import FileForm, table_at
from rnnbuild.errors import DataError
from tests.data.bundled.contents import made

RUNNING = [name for name in DATASETS if DATASETS[name].card.task == "language-model"]
TEXTS = [name for name in DATASETS if DATASETS[name].card.level is not None]


def small(name: str):
    dataset = DATASETS[name]
    return made(dataset, **({"size": 100} if "size" in dataset.options else {}))


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        (name, ending)
        for name in TEXTS
        for ending in (".csv", ".tsv.gz", ".conll")
        if ending != ".conll" or DATASETS[name].card.task == "tag"
    ],
)
def test_what_is_written_and_read_back_is_the_same(name, ending, tmp_path):
    splits, task = small(name), DATASETS[name].card.task
    config = {"level": DATASETS[name].card.level, "lowercase": False}
    empty = {"test"} if name == "shakespeare" else set()
    if empty:
        config["split"] = {"test": 0}
    for split in {"train", "validation", "test"} - empty:
        path = tmp_path / f"{split}{ending}"
        path.write_bytes(sheet_as_bytes(sheet_of(splits, split), path))
        config[split] = path.name
    if task == "tag":
        del config["level"]
    read = load_data(DataConfig.model_validate(config), tmp_path, task)
    options = {"size": 100} if "size" in DATASETS[name].options else {}
    bundled = load_data(DataConfig(dataset=name, lowercase=False, **options), tmp_path)
    assert read.facts == bundled.facts
    for split in ("train", "validation", "test"):
        result, expected = read.split(split), bundled.split(split)
        assert np.array_equal(result.values, expected.values)
        assert np.array_equal(result.targets, expected.targets)
        assert np.array_equal(result.lengths, expected.lengths)


@pytest.mark.parametrize("name", DATASETS)
def test_json_lines_contain_every_row_with_its_split(name):
    splits = small(name)
    sheet = sheet_of(splits)
    lines = sheet_as_bytes(sheet, Path("rows.jsonl")).decode().splitlines()
    result = [json.loads(line) for line in lines]
    assert len(result) == len(sheet.rows) > 0
    names = (*sheet.columns, "split") if sheet.splits else sheet.columns
    assert all(tuple(row) == names for row in result)
    for row, values in zip(result, sheet.rows, strict=True):
        as_lists = [list(value) if isinstance(value, tuple) else value for value in values]
        assert [row[column] for column in sheet.columns] == as_lists
    if isinstance(splits, RowSplits):
        assert [row["split"] for row in result].count("test") == len(splits.test)


@pytest.mark.parametrize("name", DATASETS)
def test_a_table_has_as_many_rows_and_columns_and_loses_no_digit(name):
    sheet = sheet_of(small(name))
    text = sheet_as_bytes(sheet, Path("rows.csv")).decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == [*sheet.columns, *(["split"] if sheet.splits else [])]
    assert len(rows) == len(sheet.rows)
    for row, values in zip(rows, sheet.rows, strict=True):
        for cell, value in zip(row, values, strict=False):
            match value:
                case None:
                    assert cell == ""
                case float():
                    assert float(cell) == value
                case list():
                    assert json.loads(cell) == value
                case tuple():
                    assert tuple(cell.split()) == value
                case _:
                    assert cell == value


def test_the_same_rows_are_the_same_file_packed_or_not():
    sheet = sheet_of(small("reber"))
    packed = sheet_as_bytes(sheet, Path("a.csv.gz"))
    assert packed == sheet_as_bytes(sheet, Path("b.csv.gz"))
    assert gzip.decompress(packed) == sheet_as_bytes(sheet, Path("a.csv"))


@pytest.mark.parametrize("ending", [".txt", ".txt.gz"])
@pytest.mark.parametrize("name", RUNNING)
def test_running_text_is_written_as_it_is_read(name, ending, tmp_path):
    splits = small(name)
    path = tmp_path / f"whole{ending}"
    path.write_bytes(sheet_as_bytes(sheet_of(splits), path))
    content = path.read_bytes()
    text = (gzip.decompress(content) if ending == ".txt.gz" else content).decode()
    assert text == "".join(text for part in splits.present for text in part.texts)


def test_plain_text_is_refused_where_rows_have_targets():
    with pytest.raises(DataError, match=r"a \.txt file contains running text"):
        sheet_as_bytes(sheet_of(small("reviews")), Path("reviews.txt"))


def test_conll_is_refused_where_no_words_are_tagged():
    with pytest.raises(DataError, match="contains words and their tags"):
        sheet_as_bytes(sheet_of(small("reviews")), Path("reviews.conll"))


def test_another_ending_is_refused_with_those_there_are():
    with pytest.raises(DataError) as caught:
        sheet_as_bytes(sheet_of(small("reber")), Path("reber.xlsx"))
    assert all(ending in str(caught.value) for ending in WRITERS)


SERIES = [
    name
    for name in DATASETS
    if isinstance(DATASETS[name].load(**DATASETS[name].defaults), BundledSeries)
]


@pytest.mark.parametrize("name", SERIES)
def test_a_series_that_is_written_and_read_back_is_the_same_with_its_gaps(name, tmp_path):
    series = DATASETS[name].load(**DATASETS[name].defaults).series
    path = tmp_path / "series.csv"
    path.write_bytes(sheet_as_bytes(sheet_of(DATASETS[name].load(**DATASETS[name].defaults)), path))
    read = read_series([table_at(path, FileForm())], Reading(gaps="forward"))
    assert read.names == series.names
    assert np.array_equal(read.values, series.values)
    assert (read.filled is None) == (series.filled is None)
    if series.filled is not None:
        assert np.array_equal(read.filled, series.filled)
    if series.dates is not None:
        assert np.array_equal(read.dates, series.dates)
