"""Test rows that the run was trained on which training starts from are counted, or said to be."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.config.load import config_of
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.inference.run_data import data_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.training.setup.prepare import Prepared, prepare
from tests.training.test_start import train_in

ROWS = [f"word{n} film,{'pn'[n % 2]}" for n in range(40)]
HEADER = "text,label"


def values_of(data: dict[str, Any], **training: Any) -> dict[str, Any]:
    return {
        "data": {"train": "first.csv", **data},
        "model": {"embedding": {"output_dim": 2}, "layers": [{"cell": "simple_rnn", "units": 2}]},
        "training": {"epochs": 1, **training},
    }


def write(file: Path, rows: list[str]) -> None:
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run `a` on first.csv; and `b`, which started from it, on another split."""
    folder = tmp_path_factory.mktemp("known")
    write(folder / "first.csv", ROWS)
    train_in(folder, folder / "a", values_of({}))
    train_in(folder, folder / "b", values_of({"split": {"seed": 2}}, from_run="a"))
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    """A copy whose files may be changed; the runs read those beside them."""
    here = tmp_path / "here"
    shutil.copytree(trained, here)
    for name in ("a", "b"):
        record = RunDirectory(here / name).data
        text = record.read_text(encoding="utf-8")
        record.write_text(text.replace(str(trained), str(here)), encoding="utf-8")
    return here


def prepared_from(folder: Path, data: dict[str, Any], source: str = "a") -> Prepared:
    return prepare(config_of(values_of(data, from_run=source)), folder)


def warnings(folder: Path, data: dict[str, Any], source: str = "a") -> tuple[str, ...]:
    prepared = prepared_from(folder, data, source)
    assert prepared.start is not None
    return prepared.start.record.warnings


def lines(loaded: Loaded, name: Any) -> set[str]:
    """The lines of the file that a split has."""
    return {loaded.row_place(name, row) for row in range(len(loaded.split(name)))}


def counted(again: int, count: int, run: Path) -> str:
    return (
        f"{again} of {count} test rows were among the rows that {run} was trained on: their scores "
        "may be too high"
    )


def test_rows_of_another_split_of_the_file_are_counted_and_recorded(folder: Path) -> None:
    run = RunDirectory(folder / "b")
    before, now = data_of_run(RunDirectory(folder / "a")), data_of_run(run)
    again = len(lines(now, "test") & lines(before, "train"))
    assert again > 0
    (warning,) = warnings(folder, {"split": {"seed": 2}})
    assert warning == counted(again, len(now.test), folder / "a")
    (recorded,) = json.loads(run.start.read_text(encoding="utf-8"))["warnings"]
    assert recorded.partition(" rows that ")[0] == warning.partition(" rows that ")[0]
    metrics = read_metrics(run)
    assert metrics is not None
    assert f"{recorded}." in metrics.remarks


def test_nothing_is_said_of_the_rows_that_the_run_was_tested_on(folder: Path) -> None:
    assert warnings(folder, {}) == ()
    assert warnings(folder, {"split": {"seed": 1}}) == ()  # as it is by default


def test_rows_that_a_run_before_the_run_was_trained_on_count_too(folder: Path) -> None:
    split = {"split": {"seed": 2}}
    (warning,) = warnings(folder, split, "b")
    before = data_of_run(RunDirectory(folder / "a"))
    again = len(lines(data_of_run(RunDirectory(folder / "b")), "test") & lines(before, "train"))
    assert warning == counted(again, 4, folder / "b")


def test_a_file_that_has_grown_is_named(folder: Path) -> None:
    write(folder / "first.csv", [*ROWS, "another one,p", "a last one,n"])
    (warning,) = warnings(folder, {})
    assert warning == (
        f"test rows may be among those that {folder / 'a'} was trained on, since both read "
        "first.csv: their scores may be too high"
    )


def test_a_copy_of_the_rows_is_found_out(folder: Path) -> None:
    write(folder / "all.csv", [*ROWS, "another one,p", "a last one,n"])
    data = {"train": "all.csv", "split": {"seed": 4}}
    prepared = prepared_from(folder, data)
    numbers = {place.rpartition(":")[2] for place in lines(prepared.data, "test")}
    before = {
        place.rpartition(":")[2]
        for place in lines(data_of_run(RunDirectory(folder / "a")), "train")
    }
    assert warnings(folder, data) == (counted(len(numbers & before), len(numbers), folder / "a"),)


def test_other_rows_are_none_that_it_knows(folder: Path) -> None:
    write(folder / "other.csv", [f"thing{n} book,{'pn'[n % 2]}" for n in range(40)])
    assert warnings(folder, {"train": "other.csv"}) == ()
    write(folder / "test.csv", ROWS[:1])  # a file of their own, whatever is in it
    assert warnings(folder, {"train": "other.csv", "test": "test.csv"}) == ()


def test_a_test_file_that_it_was_trained_on_is_counted(folder: Path) -> None:
    write(folder / "other.csv", [f"thing{n} book,{'pn'[n % 2]}" for n in range(40)])
    (warning,) = warnings(folder, {"train": "other.csv", "test": "first.csv"})
    assert warning == counted(32, 40, folder / "a")  # a fifth of them was held out there


def test_of_folds_every_row_is_tested(folder: Path) -> None:
    (warning,) = warnings(folder, {"split": {"folds": 4}})
    assert warning == counted(32, 40, folder / "a")


def test_numbers_and_running_text_name_the_file(tmp_path: Path) -> None:
    days = (f"2020-01-{day:02},{day * 7 % 11}\n" for day in range(1, 32))
    (tmp_path / "s.csv").write_text("date,a\n" + "".join(days))
    values: dict[str, Any] = {
        "data": {"train": "s.csv", "window": 4},
        "model": {"layers": [{"cell": "gru", "units": 2}]},
        "training": {"epochs": 1},
    }
    train_in(tmp_path, tmp_path / "a", values)
    values["training"]["from_run"] = "a"
    start = prepare(config_of(values), tmp_path).start
    assert start is not None
    assert start.record.warnings == ()
    values["data"]["split"] = {"test": 0.3}
    start = prepare(config_of(values), tmp_path).start
    assert start is not None
    (warning,) = start.record.warnings
    assert warning.endswith("since both read s.csv: their scores may be too high")
