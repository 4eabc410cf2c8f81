"""A length of time on the command line."""

import pytest

from rnnbuild.cli.durations import seconds_of
from rnnbuild.errors import ArgumentError


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("2H", 7200)]
)
def test_a_length_of_time_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "5m1h", "0s", "10 minutes"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="is no length of time"):
        seconds_of(text)
