"""Tasks side by side on all CPUs."""

from threading import Event

import pytest

from rnnbuild.models.kernels import shards


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "processors", lambda: 2)
    shards._pool.cache_clear()


def test_a_task_that_no_other_thread_has_begun_is_done_by_the_caller(two_processors: None) -> None:
    begun, last = Event(), Event()

    def first() -> None:
        assert begun.wait(timeout=60)

    def long() -> None:
        begun.set()
        # Until the caller, who alone is free, has done the last.
        assert last.wait(timeout=60)

    shards.run([first, long, lambda: None, last.set])
    assert last.is_set()
    shards._pool.cache_clear()


def test_an_error_in_a_task_of_another_thread_is_the_callers(two_processors: None) -> None:
    def fails() -> None:
        raise ValueError("of a task")

    with pytest.raises(ValueError, match="of a task"):
        shards.run([lambda: None, fails])
    shards._pool.cache_clear()
