"""Turns at a model that is made up: it computes when the test lets it, and remembers its turns."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.serving.turns import (
    LEAST_TOKENS,
    MOST_TOKENS,
    NoMoreTurnsError,
    TooMuchWaitsError,
    Turns,
    WaitedTooLongError,
)

ROOM = 60_000
"""Tokens that may wait."""


@dataclass
class Model:
    """A model that computes a turn each time it is let."""

    turns: list[list[Any]] = field(default_factory=list)
    permits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: int = 0

    def __call__(self, works: Sequence[Any]) -> list[Any]:
        self.turns.append(list(works))
        assert self.permits.acquire(timeout=30)
        self.done += 1
        return [f"answer {work}" for work in works]


@asynccontextmanager
async def computing(
    compute: Callable[[Sequence[Any]], Sequence[Any]], seconds: float = 60.0
) -> AsyncIterator[Turns]:
    """Turns that are computed until the end of the block."""
    turns = Turns(compute, ROOM, seconds)
    task = asyncio.create_task(turns.run())
    try:
        yield turns
    finally:
        task.cancel()
        await asyncio.wait([task])
        turns.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.0005)


async def settled(model: Model, turns: Turns) -> None:
    """Waits until the model computes, or nothing waits for it."""
    await asyncio.sleep(0.001)  # whoever asks now has begun
    await until(lambda: len(model.turns) > model.done or not turns.tokens_waiting)


async def compute_a_turn(model: Model, turns: Turns) -> None:
    done = model.done
    model.permits.release()
    await until(lambda: model.done > done)
    await settled(model, turns)


def ask(turns: Turns, work: Any, tokens: int = 1) -> "asyncio.Task[Any]":
    return asyncio.create_task(turns.result(work, tokens))


asks = st.tuples(st.just("ask"), st.sampled_from([1, 1, 200, 900, 1_500, 20_000]))
cancels = st.tuples(st.just("cancel"), st.integers(0, 20))
computes = st.tuples(st.just("compute"), st.just(0))


@settings(max_examples=60)
@given(st.lists(asks | asks | cancels | computes, max_size=30))
def test_each_is_answered_once_or_refused_at_once_and_who_has_gone_never_runs(
    events: list[tuple[str, int]],
) -> None:
    async def test() -> None:
        model, sizes, refused, gone = Model(), list[int](), set[int](), set[int]()
        asked: list[asyncio.Task[Any]] = []
        async with computing(model) as turns:
            for event, value in events:
                if event == "ask":
                    before = turns.tokens_waiting
                    if before and before + value > ROOM:
                        refused.add(len(asked))
                    asked.append(ask(turns, len(asked), value))
                    sizes.append(value)
                    await asyncio.sleep(0.001)
                    assert asked[-1].done() == (len(asked) - 1 in refused)
                elif event == "cancel" and value < len(asked) and not asked[value].done():
                    asked[value].cancel()
                    if all(value not in turn for turn in model.turns):
                        gone.add(value)
                    await asyncio.sleep(0.001)
                elif event == "compute" and len(model.turns) > model.done:
                    await compute_a_turn(model, turns)
                await settled(model, turns)
            while turns.tokens_waiting or len(model.turns) > model.done:
                await compute_a_turn(model, turns)
            for number, task in enumerate(asked):
                if number in refused:
                    assert isinstance(task.exception(), TooMuchWaitsError)
                elif not task.cancelled():
                    assert await task == f"answer {number}"
        place = {work: at for at, turn in enumerate(model.turns) for work in turn}
        assert len(place) == sum(map(len, model.turns))  # none runs twice
        assert place.keys() == {*range(len(asked))} - refused - gone
        for size in set(sizes):  # like work in the order of its arrival
            alike = [place[number] for number in sorted(place) if sizes[number] == size]
            assert alike == sorted(alike)
        for turn in model.turns:
            assert len(turn) == 1 or sum(sizes[work] for work in turn) <= MOST_TOKENS

    asyncio.run(test())


def test_the_first_to_come_is_in_the_next_turn_however_large_it_is() -> None:
    async def test() -> None:
        model = Model()
        async with computing(model) as turns:
            running = ask(turns, "running")
            await settled(model, turns)
            small = [ask(turns, f"small {number}") for number in range(3)]
            large = ask(turns, "large", 50_000)
            await asyncio.sleep(0.001)
            later = [ask(turns, f"later {number}") for number in range(3)]
            for _ in range(3):
                await compute_a_turn(model, turns)
            await asyncio.gather(running, large, *small, *later)
        assert model.turns[1:] == [
            [f"{when} {at}" for when in ("small", "later") for at in range(3)],
            ["large"],
        ]

    asyncio.run(test())


def test_a_short_request_waits_for_one_turn_beside_many_long_ones() -> None:
    async def test() -> None:
        model = Model()

        async def in_parts(turns: Turns, name: str) -> None:
            with turns.room(4 * turns.part_tokens) as room:  # of six parts: it is an estimate
                for part in range(6):
                    await turns.result(f"{name} {part}", turns.part_tokens, room)

        async with computing(model) as turns:
            long = [asyncio.create_task(in_parts(turns, f"long {at}")) for at in range(10)]
            await settled(model, turns)
            waited = []
            for number in range(5):
                begun, short = len(model.turns), ask(turns, f"short {number}", 12)
                await asyncio.sleep(0.001)
                while not short.done():
                    await compute_a_turn(model, turns)
                waited.append(len(model.turns) - begun)
            while not all(task.done() for task in long):
                await compute_a_turn(model, turns)
        # The turn under way, its own, and the next one, which is waited for here.
        assert max(waited) <= 3, waited

    asyncio.run(test())


def test_parts_to_come_take_room_until_they_are_computed_or_given_up() -> None:
    async def test() -> None:
        model = Model()
        async with computing(model) as turns:

            async def in_parts() -> None:
                with turns.room(50_000) as room:
                    for part in range(2):
                        await turns.result(f"part {part}", 20_000, room)

            tasks = [asyncio.create_task(in_parts())]
            await settled(model, turns)
            assert turns.tokens_waiting == 50_000
            with pytest.raises(TooMuchWaitsError):
                await turns.result("too large", 10_001)
            await compute_a_turn(model, turns)
            assert turns.tokens_waiting == 30_000
            tasks[0].cancel()
            await settled(model, turns)
            assert turns.tokens_waiting == 0
            tasks.append(asyncio.create_task(in_parts()))
            while not tasks[1].done():
                await compute_a_turn(model, turns)
            assert turns.tokens_waiting == 0

    asyncio.run(test())


def test_a_turn_that_fails_unexpectedly_fails_alone() -> None:
    calls: list[Sequence[Any]] = []

    def compute(works: Sequence[Any]) -> list[Any]:
        calls.append(works)
        if "fatal" in works:
            raise ZeroDivisionError("a fault of ours")
        time.sleep(0.01)
        return [StopIteration() if work == "ended" else work for work in works]

    async def test() -> None:
        async with computing(compute) as turns:
            first = ask(turns, "first")
            await until(lambda: bool(calls))
            fatal = [ask(turns, work) for work in ("fatal", "beside it")]
            results = await asyncio.gather(first, *fatal, return_exceptions=True)
            assert results[0] == "first"
            assert [type(result) for result in results[1:]] == [ZeroDivisionError] * 2
            assert await turns.result("after", 1) == "after"
            with pytest.raises(RuntimeError):  # no future takes a StopIteration
                await turns.result("ended", 1)
            assert await turns.result("after that", 1) == "after that"
            assert turns.tokens_waiting == 0

    asyncio.run(test())


def test_results_that_are_too_few_fail_their_turn_alone() -> None:
    async def test() -> None:
        async with computing(lambda works: works[1:]) as turns:
            for _ in range(2):
                with pytest.raises(ValueError, match="shorter"):
                    await turns.result("alone", 1)

    asyncio.run(test())


def test_whatever_waits_when_turns_end_is_refused_and_so_is_what_comes_later() -> None:
    async def test() -> None:
        model = Model()
        async with computing(model) as turns:
            tasks = [ask(turns, "running")]
            await settled(model, turns)
            tasks += [ask(turns, number) for number in range(3)]
            await asyncio.sleep(0)
        model.permits.release()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, NoMoreTurnsError)
        with pytest.raises(NoMoreTurnsError):
            await turns.result("too late", 1)
        assert turns.tokens_waiting == 0

    asyncio.run(test())


def test_what_has_waited_too_long_is_refused_with_when_to_come_again() -> None:
    async def test() -> None:
        model = Model()
        async with computing(model, seconds=0.02) as turns:
            running = ask(turns, "running", 5_000)
            await settled(model, turns)
            late = ask(turns, "late", 5_000)
            await asyncio.sleep(0.05)
            await compute_a_turn(model, turns)
            with pytest.raises(WaitedTooLongError) as error:
                await late
            assert error.value.retry_after >= 1
            assert await running == "answer running"
            assert model.turns == [["running"]]

    asyncio.run(test())


def test_small_turns_do_not_pass_for_a_slow_model() -> None:
    def compute(works: Sequence[Any]) -> Sequence[Any]:
        time.sleep(0.001)
        return works

    async def test() -> None:
        async with computing(compute) as turns:
            for _ in range(30):
                await turns.result("many", 10 * LEAST_TOKENS)
            fast = turns.tokens_per_second
            for _ in range(50):
                await turns.result("a step", 1)
            assert turns.tokens_per_second > fast / 2

    asyncio.run(test())
