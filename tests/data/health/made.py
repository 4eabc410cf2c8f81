"""Small files in good health, and what the check finds in files."""

import csv
from itertools import product
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.health_check import check
from rnnbuild.data.kind.finding import Finding

WORDS = ("north", "south", "east", "west", "up", "down")
Rows = list[tuple[str, ...]]


def sound_rows() -> Rows:
    """1,296 different texts of four words, with two labels that are as common."""
    texts = product(WORDS, repeat=4)
    return [(" ".join(words), "ab"[number % 2]) for number, words in enumerate(texts)]


def write(folder: Path, name: str, rows: Rows, columns: tuple[str, ...] = ("text", "label")) -> str:
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *rows])
    return name


def found(folder: Path, **data: Any) -> dict[str, Finding]:
    """The findings by what was looked at; no two are of the same."""
    findings = check(DataConfig.model_validate(data), folder)
    by_name = {finding.what: finding for finding in findings}
    assert len(by_name) == len(findings)
    return by_name


def found_in(folder: Path, train: Rows, test: Rows, **data: Any) -> dict[str, Finding]:
    """Of labelled rows in two files, without any that are held out."""
    files = {"train": write(folder, "train.csv", train), "test": write(folder, "test.csv", test)}
    return found(folder, **files, split={"validation": 0}, **data)


def not_ok(findings: dict[str, Finding]) -> dict[str, str]:
    """What is to be looked at, and at which level."""
    return {what: found.level for what, found in findings.items() if found.level != "ok"}
