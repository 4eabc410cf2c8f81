"""Durations on the command line."""

import pytest

from rnnbuild.cli.durations import seconds_of
from rnnbuild.errors import ArgumentError


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("2H", 7200)]
)
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "5m1h", "0s", "10 minutes"])
def test_what_is_not_a_duration_is_an_error(text: str) -> None:
    with pytest.raises(ArgumentError, match="is not a duration"):
        seconds_of(text)
