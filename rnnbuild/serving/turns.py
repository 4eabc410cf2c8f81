"""Whose turn it is at the model: what waits, in which order, and how much is computed at once.

The model computes one turn after another, in a thread of its own. What arrives meanwhile waits for
the next turn; while nothing is computed, nothing waits. A turn is about as many tokens as the model
computes in TURN seconds, going by what it has needed so far: whatever came first, so that nothing
waits for ever, and then the smallest, so that the short do not wait for the long. Work that is
larger than half a turn is asked for in parts, one after the other: so there is room beside each.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from time import perf_counter
from typing import Any, ClassVar, Protocol

TURN = 0.05
"""Seconds that a turn should take."""
LEAST_TOKENS = 2_048
"""Of a turn: so many are computed together for little more than one."""
MOST_TOKENS = 32_768
"""Of a turn, however fast the model is."""
MEMORY = 0.8
"""The weight of what is known of the model's speed, beside that of a turn of LEAST_TOKENS or more.
A smaller one, which takes long for what it is, counts less."""


class TooMuchWaitsError(Exception):
    """Raised where there is no room for more; `retry_after` is in whole seconds."""

    kind: ClassVar[str] = "full"
    reason: ClassVar[str] = "too much waits for the model"

    def __init__(self, retry_after: int):
        super().__init__(f"{self.reason}: try again in {retry_after} s")
        self.retry_after = retry_after


class WaitedTooLongError(TooMuchWaitsError):
    """Raised where a turn has not come in time."""

    kind, reason = "late", "the model was busy for too long"


class NoMoreTurnsError(TooMuchWaitsError):
    """Raised where the model computes no more."""

    kind, reason = "ended", "the server ends"


Compute = Callable[[Sequence[Any]], Sequence[Any]]
"""From the work of a turn to the result of each, or the exception that it raised. What is of one
kind may be computed together; what one part raises must not harm the others. Where it raises
itself, all of the turn fails."""


class Watcher(Protocol):
    """Who hears of what happens, in the event loop."""

    def computed(self, parts: int, tokens: int) -> None:
        """A turn was computed."""
        ...

    def refused(self, reason: str) -> None:
        """Work was refused: `full`, `late` or `ended`."""
        ...

    def dropped(self, parts: int) -> None:
        """Work was not computed, since nobody waited for it any more."""
        ...


@dataclass(eq=False)
class Room:
    """What is set aside for work in parts: tokens of those that are not computed."""

    tokens: int


@dataclass(eq=False)
class Waiting:
    """Work that waits for its turn."""

    work: Any
    tokens: int
    until: float
    """When it has waited too long, by the loop's clock."""
    result: "asyncio.Future[Any]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Turns:
    """All that waits for one model. Everything but `compute` happens in the event loop."""

    def __init__(
        self,
        compute: Compute,
        waiting_tokens: int,
        seconds: float,
        watcher: Watcher | None = None,
    ):
        """`waiting_tokens` may wait together, each of them for so many seconds."""
        self._watcher = watcher
        self._compute = compute
        self._most_waiting = waiting_tokens
        self._seconds = seconds
        self._waiting: list[Waiting] = []
        self._ended = False
        self._arrived = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rnnbuild-model")
        self.tokens_waiting = 0
        self.tokens_per_second = LEAST_TOKENS / TURN
        """What the model has computed lately."""

    @contextmanager
    def room(self, tokens: int) -> Iterator[Room]:
        """Room for work of so many tokens, which is let in with all of its parts or not at all.

        Raises TooMuchWaitsError at once where there is none.
        """
        if self._ended:
            raise self._refusal(NoMoreTurnsError(1))
        if self.tokens_waiting and self.tokens_waiting + tokens > self._most_waiting:
            raise self._refusal(TooMuchWaitsError(self.retry_after))
        room = Room(tokens)
        self.tokens_waiting += tokens
        try:
            yield room
        finally:
            self.tokens_waiting -= room.tokens

    async def result(self, work: Any, tokens: int, room: Room | None = None) -> Any:
        """The result of some work, when its turn has come; in a room, of a part of that work.

        Cancelled before then, it is dropped. Raises TooMuchWaitsError at once where there is no
        room, WaitedTooLongError later, and what computing it raises.
        """
        if room is None:
            with self.room(tokens) as room:
                return await self.result(work, tokens, room)
        if self._ended:
            raise NoMoreTurnsError(1)
        beyond = max(0, tokens - room.tokens)  # of parts that nobody could count ahead
        self.tokens_waiting += beyond
        waiting = Waiting(work, tokens, asyncio.get_running_loop().time() + self._seconds)
        self._waiting.append(waiting)
        self._arrived.set()
        try:
            return await waiting.result
        finally:
            self.tokens_waiting -= tokens
            room.tokens -= tokens - beyond

    @property
    def part_tokens(self) -> int:
        """Tokens of a part of long work: half a turn."""
        return self._turn_tokens // 2

    @property
    def _turn_tokens(self) -> int:
        return int(min(MOST_TOKENS, max(LEAST_TOKENS, self.tokens_per_second * TURN)))

    @property
    def retry_after(self) -> int:
        """Whole seconds in which what waits now should be done, at least 1."""
        return max(1, ceil(self.tokens_waiting / self.tokens_per_second))

    async def run(self) -> None:
        """Computes turns until it is cancelled; what then waits is refused."""
        turn: list[Waiting] = []
        try:
            while True:
                turn = self._next_turn(asyncio.get_running_loop().time())
                if turn:
                    await self._compute_turn(turn)
                else:
                    self._arrived.clear()
                    await self._arrived.wait()
        finally:
            self._ended = True
            for waiting in (*turn, *self._waiting):
                settle(waiting, NoMoreTurnsError(1))

    async def _compute_turn(self, turn: Sequence[Waiting]) -> None:
        began = perf_counter()
        works = [waiting.work for waiting in turn]
        loop = asyncio.get_running_loop()
        try:
            results = await loop.run_in_executor(self._thread, self._compute, works)
            settled = list(zip(turn, results, strict=True))
        except (
            Exception
        ) as error:  # a fault of ours: those of this turn hear of it, all others go on
            settled = [(waiting, error) for waiting in turn]
        tokens = sum(waiting.tokens for waiting in turn)
        self._learn_speed(tokens, perf_counter() - began)
        if self._watcher is not None:
            self._watcher.computed(len(turn), tokens)
        for waiting, result in settled:
            settle(waiting, result)

    def _next_turn(self, now: float) -> list[Waiting]:
        """What is computed next; what has waited too long is refused, what is awaited no more is
        dropped."""
        if self._watcher is not None and (gone := sum(one.result.done() for one in self._waiting)):
            self._watcher.dropped(gone)
        for waiting in self._waiting:
            if now > waiting.until and not waiting.result.done():
                settle(waiting, self._refusal(WaitedTooLongError(self.retry_after)))
        self._waiting = [one for one in self._waiting if not one.result.done()]
        turn, tokens = self._waiting[:1], sum(one.tokens for one in self._waiting[:1])
        for waiting in sorted(self._waiting[1:], key=lambda one: one.tokens):
            tokens += waiting.tokens
            if tokens > self._turn_tokens:
                break
            turn.append(waiting)
        taken = set(turn)
        self._waiting = [one for one in self._waiting if one not in taken]
        return turn

    def _refusal(self, error: TooMuchWaitsError) -> TooMuchWaitsError:
        """The error, of which the watcher hears."""
        if self._watcher is not None:
            self._watcher.refused(error.kind)
        return error

    def _learn_speed(self, tokens: int, seconds: float) -> None:
        weight = (1 - MEMORY) * min(1.0, tokens / LEAST_TOKENS)
        now = tokens / max(seconds, 1e-6)
        self.tokens_per_second += weight * (now - self.tokens_per_second)

    def close(self) -> None:
        """Ends the thread, once the turn under way is computed."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def settle(waiting: Waiting, result: Any) -> None:
    """Gives a result, or the exception that it is, to whoever still waits for it."""
    if waiting.result.done():
        return
    if isinstance(result, StopIteration):  # which no future takes
        result = RuntimeError("the work ended before its result")
    if isinstance(result, Exception):
        waiting.result.set_exception(result)
    else:
        waiting.result.set_result(result)
