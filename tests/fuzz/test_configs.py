"""Damaged and drawn configs, by every light command: an answer or a clear error, and nothing else.

Case by case in this process, so that 100,000 take minutes; a number names a case wherever it runs.
"""

from pathlib import Path

import pytest

from tests.fuzz.config_cases import config_case, write_case
from tests.fuzz.folder import write_folder
from tests.fuzz.outcome import faults_of, outcome_of

SHARDS, OF_SHARD = 40, 2_500
FEW = 250


def faulty(numbers: range, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, list[str]]:
    """The cases that went wrong, and how."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RNNBUILD_CACHE", str(folder / "cache"))
    write_folder(folder)
    faults = {}
    for number in numbers:
        arguments = write_case(config_case(number), folder)
        found = faults_of(outcome_of(arguments), arguments)
        if found:
            faults[number] = found
    return faults


def test_a_few_configs_end_in_an_answer_or_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faulty(range(FEW), tmp_path, monkeypatch) == {}


@pytest.mark.torture
@pytest.mark.parametrize("shard", range(SHARDS))
def test_100_000_configs_end_in_an_answer_or_a_clear_error(
    shard: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shard * OF_SHARD
    assert faulty(range(first, first + OF_SHARD), tmp_path, monkeypatch) == {}


def test_cases_are_the_same_wherever_they_run() -> None:
    assert config_case(7) == config_case(7)
    assert len({config_case(number).content for number in range(50)}) > 40
