"""A row of a split is found in its file by the place that is given for it."""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SPLITS
from rnnbuild.data.load import load_data
from rnnbuild.tasks.facts import Task

TABLE = {"train": "part*.csv"}
DATA: dict[str, tuple[dict[str, Any], Task]] = {
    "texts of several files": (TABLE, "classify"),
    "texts with a file to test on": (
        TABLE | {"train": "part1.csv", "test": "part2.csv"},
        "classify",
    ),
    "pairs of several files": (TABLE | {"source": "text", "target": "label"}, "translate"),
    "pairs side by side": ({"train": "{a,b}.txt"}, "translate"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tables with a blank line, rows of two lines and bad rows; and two files side by side."""
    for number in (1, 2):
        rows = [f'"word{n} of {number}\n and more",{"ab"[n % 2]}\n' for n in range(20)]
        rows.insert(5, "\n")
        (tmp_path / f"part{number}.csv").write_text("text,label\n" + "".join(rows))
    for name in "ab":
        lines = "".join(f"word{n} of {name}\n" for n in range(30))
        (tmp_path / f"{name}.txt").write_text("\n" + lines)
    return tmp_path


@pytest.mark.parametrize("kind", DATA)
def test_each_row_begins_in_the_line_that_is_named(kind: str, folder: Path) -> None:
    values, task = DATA[kind]
    loaded = load_data(DataConfig.model_validate(values), folder, task)
    seen = []
    for split in SPLITS:
        for row in range(len(loaded.split(split).lengths)):
            name, _, line = loaded.row_place(split, row).rpartition(":")
            text = (folder / name).read_text().splitlines()[int(line) - 1]
            assert text.removeprefix('"') == loaded.row_text(split, row).partition("\n")[0]
            seen.append((name, line))
    assert len(set(seen)) == len(seen) == sum(loaded.facts.rows)


def test_a_forecast_is_found_by_its_first_step(folder: Path) -> None:
    values = [f"2020-01-{day:02},{day * day}\n" for day in range(1, 32)]
    (folder / "s.csv").write_text("date,a\n" + "".join(values))
    data = DataConfig.model_validate({"train": "s.csv", "window": 3, "horizon": 2})
    loaded = load_data(data, folder)
    assert loaded.dates is not None
    for split in SPLITS:
        for row, date in enumerate(loaded.dates(split)):
            name, _, line = loaded.row_place(split, row).rpartition(":")
            lines = itertools.islice((folder / name).open(), int(line) - 1, None)
            assert next(lines).startswith(f"{date},")


RUNNING: dict[str, dict[str, Any]] = {
    "characters": {},
    "bytes": {"level": "byte"},
    "words": {"level": "word"},
    "several files": {"train": "prose*.txt"},
    "a file to test on": {"test": "prose2.txt"},
}


@pytest.mark.parametrize("kind", RUNNING)
def test_a_passage_of_running_text_begins_in_the_line_that_is_named(
    kind: str, tmp_path: Path
) -> None:
    """Lines next to each other are made of other words, and end in several ways."""
    for number in (1, 2):
        ends = itertools.cycle(["\n", "\r\n", "\n\n"])
        words = (f"é{line % 97 + number} " for line in range(600))
        text = "".join(5 * word + end for word, end in zip(words, ends, strict=False))
        (tmp_path / f"prose{number}.txt").write_bytes(text.removesuffix("\n").encode())
    values = {"train": "prose1.txt", "split": {"validation": 0.2}, **RUNNING[kind]}
    loaded = load_data(DataConfig.model_validate(values), tmp_path, "language-model")
    for split in SPLITS[1:]:
        for row in range(len(loaded.split(split).lengths)):
            name, _, line = loaded.row_place(split, row).rpartition(":")
            lines = re.split("\r\n|\n", (tmp_path / name).read_bytes().decode())
            first, end, _ = loaded.row_text(split, row).partition("\n")
            # A passage may begin within a word, and end within the line in which it begins.
            words, seen = first.split(), lines[int(line) - 1].split()
            assert not end or seen[len(seen) - len(words) + 1 :] == words[1:], (split, row)
            assert {*words[1:-1]} <= {*seen}


def test_bundled_data_has_no_places(tmp_path: Path) -> None:
    for name in ("languages", "sunspots", "addition"):
        assert load_data(DataConfig(dataset=name), tmp_path).row_place("test", 0) == ""
