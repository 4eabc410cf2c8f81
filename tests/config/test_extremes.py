"""Numbers and formats that no key can use are refused where they were written."""

from typing import Any

import pytest

from rnnbuild.config.load import checked
from rnnbuild.config.places import Source
from rnnbuild.config.schema.base import MOST
from rnnbuild.config.series_consistency import format_fault
from rnnbuild.config.yaml_tree import MOST_DIGITS, core_scalar, read_tree
from rnnbuild.errors import ConfigError

GRU = "model: {layers: [{cell: gru, units: 4}]}\n"


def problem_of(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        checked(read_tree(Source("config.yaml", f"name: x\n{GRU}{text}")))
    (problem,) = caught.value.problems
    assert problem.place is not None
    return f"{problem.place}: {problem.message}"


def test_a_typo_beside_a_list_of_transforms_is_found() -> None:
    data = "data: {dataset: co2, windwo: 104, transform: [log, {seasonal_difference: 52}]}"
    assert problem_of(data) == "config.yaml:3:22: unknown key `windwo` in `data`"


@pytest.mark.parametrize("key", ["window", "horizon", "season", "segment"])
def test_a_number_that_no_array_has_so_many_of_is_refused(key: str) -> None:
    message = f"`{key}` must be at most 9,223,372,036,854,775,807, found `100000000000000000000`"
    text = f"data: {{dataset: co2, {key}: 100000000000000000000}}"
    assert problem_of(text) == f"config.yaml:3:{24 + len(key)}: {message}"


def test_a_seed_has_any_length() -> None:
    text = f"name: x\n{GRU}training: {{seed: {MOST * 2**70}}}"
    assert checked(read_tree(Source("config.yaml", text))).training.seed == MOST * 2**70


def test_5_000_digits_in_quotes_are_a_text() -> None:
    text = f'training: {{epochs: "{"1" * 5000}"}}'
    assert "`epochs` must be a whole number, found" in problem_of(text)
    assert core_scalar("1" * MOST_DIGITS) == int("1" * MOST_DIGITS)
    assert core_scalar("1" * (MOST_DIGITS + 1)) == "1" * (MOST_DIGITS + 1)


@pytest.mark.parametrize(
    ("date_format", "fault"),
    [
        ("%d/%m/%Y", None),
        ("%Y%%", None),
        ("%G-W%V-%u", None),
        ("%d/%m/%Y %d", "a directive is written twice"),
        ("%c %Y", "a directive is written twice"),
        ("%Q", "'Q' is a bad directive in format '%Q'"),
        ("%Y%", "stray % in format '%Y%'"),
        ("", "it has no directive"),
    ],
)
def test_a_date_format_that_strptime_refuses_is_a_fault(date_format: str, fault: Any) -> None:
    assert format_fault(date_format) == fault
