"""Data files of every format, sound and damaged: what is read is what others read, or an error.

The others are the csv module, json, pyarrow and a few lines for CoNLL (`independent`); of a sound
file it is known what was written.
"""

import shutil
from pathlib import Path

import pytest

from tests.fuzz.data_cases import data_case
from tests.fuzz.reading import faults_of_reading

SHARDS, OF_SHARD = 30, 2_000
FEW = 150
FRESH = 200
"""Files after which the cache is emptied: each is a new one."""


def faulty(numbers: range, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, list[str]]:
    """The cases that went wrong, and how."""
    cache = folder / "cache"
    monkeypatch.setenv("RNNBUILD_CACHE", str(cache))
    faults = {}
    for count, number in enumerate(numbers):
        if count % FRESH == 0:
            shutil.rmtree(cache, ignore_errors=True)
        found = faults_of_reading(data_case(number), number, folder)
        if found:
            faults[number] = found
    return faults


def test_a_few_files_are_read_as_others_read_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faulty(range(FEW), tmp_path, monkeypatch) == {}


@pytest.mark.torture
@pytest.mark.parametrize("shard", range(SHARDS))
def test_60_000_files_are_read_as_others_read_them(
    shard: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shard * OF_SHARD
    assert faulty(range(first, first + OF_SHARD), tmp_path, monkeypatch) == {}


def test_most_files_of_every_kind_are_damaged_and_some_are_sound() -> None:
    cases = [data_case(number) for number in range(300)]
    for ending in (".csv", ".tsv", ".jsonl", ".conll", ".conllu", ".parquet", ".txt"):
        kinds = {case.rows is None for case in cases if ending in case.name}
        assert kinds == {True, False}, ending
    assert {case.task for case in cases} == {
        "classify",
        "tag",
        "translate",
        "forecast",
        "language-model",
    }
