"""Small healthy files, and the findings of the check on files."""

import csv
import random
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.health_check import check
from rnnbuild.data.kind.finding import Finding

WORDS = ("north", "south", "east", "west", "up", "down")
Rows = list[tuple[str, ...]]


def sound_rows() -> Rows:
    """1,296 different texts of four words, with two equally common labels."""
    texts = product(WORDS, repeat=4)
    return [(" ".join(words), "ab"[number % 2]) for number, words in enumerate(texts)]


def random_text(characters: int, seed: int) -> str:
    """Random words of five letters in lines of ten: hardly anything occurs twice."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(ascii_lowercase, k=5)) for _ in range(characters // 6 + 1)]
    lines = [" ".join(words[start : start + 10]) for start in range(0, len(words), 10)]
    return "\n".join(lines)[:characters]


def write(folder: Path, name: str, rows: Rows, columns: tuple[str, ...] = ("text", "label")) -> str:
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *rows])
    return name


def findings_of(folder: Path, **data: Any) -> dict[str, Finding]:
    """The findings by what was checked, each of something else."""
    findings = check(DataConfig.model_validate(data), folder)
    by_name = {finding.what: finding for finding in findings}
    assert len(by_name) == len(findings)
    return by_name


def findings_in(folder: Path, train: Rows, test: Rows, **data: Any) -> dict[str, Finding]:
    """The findings on labelled rows in two files, none of them held out."""
    files = {"train": write(folder, "train.csv", train), "test": write(folder, "test.csv", test)}
    return findings_of(folder, **files, split={"validation": 0}, **data)


def not_ok(findings: dict[str, Finding]) -> dict[str, str]:
    """The level of each finding that is not ok."""
    return {what: finding.level for what, finding in findings.items() if finding.level != "ok"}
