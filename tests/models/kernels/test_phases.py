"""Work in phases: all of one before any of the next, and no thread is left waiting."""

from collections.abc import Iterator
from functools import partial
from time import sleep

import pytest

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.phases import run_in_phases


@pytest.fixture(params=[1, 2, 3])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(shards, "processors", lambda: request.param)
    shards._pool.cache_clear()
    yield request.param
    shards._pool.cache_clear()


def test_every_call_is_made_once_and_after_all_of_the_phase_before(threads: int) -> None:
    made: list[int] = []

    def call(phase: int, seconds: float) -> None:
        sleep(seconds)
        made.append(phase)

    counts = (1, 7, 2, 5)
    phases = [
        [partial(call, phase, 0.004 * (number % 3)) for number in range(count)]
        for phase, count in enumerate(counts)
    ]
    run_in_phases(phases, threads)
    assert made == [phase for phase, count in enumerate(counts) for _ in range(count)]


def test_the_first_error_is_raised_and_nothing_begins_after_it(threads: int) -> None:
    made: list[str] = []

    def fails() -> None:
        raise ValueError("of a call")

    with pytest.raises(ValueError, match="of a call"):
        run_in_phases([[fails], [partial(made.append, "next")]], threads)
    assert made == []
    run_in_phases([[partial(made.append, "again")]], threads)
    assert made == ["again"]
