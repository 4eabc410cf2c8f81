"""Whose turn it is at the model: what waits, in which order, and how much is computed at once.

The model computes one turn after another, in a thread of its own. What arrives meanwhile waits and
is taken into the next turn, the first to come first; while nothing is computed, nothing waits. A
turn is about as many tokens as the model computes in TURN seconds, going by what it has needed so
far. Work that is larger is asked for in parts, one after the other: so it takes turns with
everyone else's, and keeps nobody waiting for the whole of it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import ceil
from time import perf_counter
from typing import Any

TURN = 0.05
"""Seconds that a turn should take."""
LEAST_TOKENS = 2_048
"""Of a turn: so many are computed together for little more than one."""
MOST_TOKENS = 32_768
"""Of a turn, however fast the model is."""
MEMORY = 0.8
"""The weight of what is known of the model's speed, beside that of its last turn."""


class TooMuchWaitsError(Exception):
    """Raised where there is no room for more; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int):
        super().__init__(f"too much waits for the model: try again in {retry_after} s")
        self.retry_after = retry_after


class WaitedTooLongError(TooMuchWaitsError):
    """Raised where a turn has not come in time."""


Compute = Callable[[Sequence[Any]], Sequence[Any]]
"""From the work of a turn to the result of each, or the exception that it raised. What is of one
kind may be computed together; what one part raises must not harm the others."""


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

    def __init__(self, compute: Compute, waiting_tokens: int, seconds: float):
        """`waiting_tokens` may wait together, each of them for so many seconds."""
        self._compute = compute
        self._most_waiting = waiting_tokens
        self._seconds = seconds
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rnnbuild-model")
        self.tokens_waiting = 0
        self.tokens_per_second = LEAST_TOKENS / TURN
        """What the model has computed lately."""

    async def result(self, work: Any, tokens: int, begun: bool = False) -> Any:
        """The result of some work, when its turn has come.

        Cancelled before then, it is dropped. `begun`: it goes on with work that was let in, and is
        let in wherever there is room or not. Raises TooMuchWaitsError at once where there is no
        room, WaitedTooLongError later, and what computing it raises.
        """
        if not begun and self.tokens_waiting and self.tokens_waiting + tokens > self._most_waiting:
            raise TooMuchWaitsError(self.retry_after)
        waiting = Waiting(work, tokens, asyncio.get_running_loop().time() + self._seconds)
        self._waiting.append(waiting)
        self.tokens_waiting += tokens
        self._arrived.set()
        try:
            return await waiting.result
        finally:
            self.tokens_waiting -= tokens

    @property
    def turn_tokens(self) -> int:
        """Tokens of a turn; no part of work should be much larger."""
        return int(min(MOST_TOKENS, max(LEAST_TOKENS, self.tokens_per_second * TURN)))

    @property
    def retry_after(self) -> int:
        """Whole seconds in which what waits now should be done, at least 1."""
        return max(1, ceil(self.tokens_waiting / self.tokens_per_second))

    async def run(self) -> None:
        """Computes turns until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            turn = self._next_turn(loop.time())
            if not turn:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            began = perf_counter()
            results = await loop.run_in_executor(
                self._thread, self._compute, [waiting.work for waiting in turn]
            )
            self._learn_speed(sum(waiting.tokens for waiting in turn), perf_counter() - began)
            for waiting, result in zip(turn, results, strict=True):
                if waiting.result.done():  # whoever asked has gone
                    continue
                if isinstance(result, Exception):
                    waiting.result.set_exception(result)
                else:
                    waiting.result.set_result(result)

    def _next_turn(self, now: float) -> list[Waiting]:
        """What is computed next; what has waited too long is told so, what is awaited no more is
        dropped."""
        turn: list[Waiting] = []
        tokens, most = 0, self.turn_tokens
        while self._waiting and (not turn or tokens + self._waiting[0].tokens <= most):
            waiting = self._waiting.popleft()
            if waiting.result.done():
                continue
            if now > waiting.until:
                waiting.result.set_exception(WaitedTooLongError(self.retry_after))
                continue
            turn.append(waiting)
            tokens += waiting.tokens
        return turn

    def _learn_speed(self, tokens: int, seconds: float) -> None:
        now = tokens / max(seconds, 1e-6)
        self.tokens_per_second = MEMORY * self.tokens_per_second + (1 - MEMORY) * now

    def close(self) -> None:
        """Ends the thread, once the turn under way is computed."""
        self._thread.shutdown(wait=False, cancel_futures=True)
