"""The server: uvicorn, from the first request to its end.

A signal begins the end. After SIGTERM `/ready` fails for some seconds while everything else is
still answered, so that whoever sends requests here sends them elsewhere (Ctrl-C is a person's, and
skips this; a terminal that is closed counts as SIGTERM). Then nothing new is accepted, what is
under way is finished, WebSockets are told, and after the grace what is left is cut off. A second
signal ends the process at once.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from rnnbuild.formatting import plural
from rnnbuild.serving.access import Access
from rnnbuild.serving.access_log import AccessLog
from rnnbuild.serving.address import Address, allow_open_files
from rnnbuild.serving.connection import IDLE, Connection, Terms, connections_of
from rnnbuild.serving.door import Door
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.signals import end_at_once, signals_to
from rnnbuild.serving.stream_connection import stream_connections_of

PATIENCE = 0.0005
"""Seconds that a thread waits before it asks for Python's lock, a tenth of the default: a request
that arrives while the model's thread is in Python is not kept waiting."""
TICK = 0.02
"""Seconds between two looks at what is still under way."""
FEW_TURNS = 8
"""Looks by which a WebSocket on which nothing is under way is closed: turns of the event loop."""
AT_ONCE = "a second signal ends at once"
FAREWELL = 1.0
"""Seconds that a WebSocket's client has to answer that it is closed."""
OTHER_FILES = 100
"""Files that are open besides connections."""


@dataclass(frozen=True)
class End:
    """Seconds of the end: `drain`, in which requests are still accepted after SIGTERM, and then
    `grace`, in which those under way are finished."""

    drain: float
    grace: float


class Server(uvicorn.Server):
    """uvicorn's, with an end of its own."""

    def __init__(
        self,
        config: uvicorn.Config,
        state: Any,
        end: End,
        begun: Callable[[], None],
        log: AccessLog,
    ):
        """`state` has the events that tell the application of the end; `begun` is called once
        requests are answered."""
        super().__init__(config)
        self._state = state
        self._end = end
        self._begun = begun
        self._log = log
        self._stop_at: float | None = None
        self.cut_off = 0
        """Requests and streams that were not finished."""

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Handles a signal."""
        if self._stop_at is not None:
            end_at_once(number, frame)
        self._stop_at = monotonic() + (0 if number == signal.SIGINT else self._end.drain)

    def capture_signals(self) -> Any:
        return nullcontext()  # `stop` has them from before the loop until after it

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._begun()

    async def on_tick(self, counter: int) -> bool:
        await super().on_tick(counter)
        if self._stop_at is None:
            return False
        if not self._state.draining.is_set():
            self._state.draining.set()
            if monotonic() < self._stop_at:
                self._log.message(
                    f"stopping: for {self._end.drain:g} s /ready fails, and all else is still "
                    f"answered; {AT_ONCE}"
                )
        return monotonic() >= self._stop_at

    async def shutdown(self, sockets: Any = None) -> None:
        for server in self.servers:
            server.close()
        self._state.stopping.set()
        connections, tasks = self.server_state.connections, self.server_state.tasks
        for connection in list(connections):
            if isinstance(connection, Connection):
                connection.shutdown()  # after the answer under way, if there is one
        if not all(isinstance(connection, Connection) for connection in connections):
            for _ in range(FEW_TURNS):
                if tasks:  # among them those of WebSockets without a message, which end now
                    await asyncio.sleep(TICK)
        end = monotonic() + self._end.grace
        if tasks:
            requests = plural(len(tasks), "request")
            self._log.message(f"finishing {requests} within {self._end.grace:g} s; {AT_ONCE}")
        await self._wait_until(lambda: not tasks, end)
        self.cut_off = len(tasks)
        await self._wait_until(lambda: not connections, min(end, monotonic() + FAREWELL))
        for connection in list(connections):
            if not isinstance(connection, Connection):
                connection.shutdown()
        await self._wait_until(lambda: not connections, end)
        for connection in list(connections):
            connection.transport.abort()
        for task in list(tasks):
            task.cancel()
        await self._wait_until(lambda: not tasks, monotonic() + FAREWELL)
        await self.lifespan.shutdown()

    async def _wait_until(self, done: Callable[[], bool], end: float) -> None:
        while not done() and monotonic() < end:
            await asyncio.sleep(TICK)


def serve_app(
    app: FastAPI,
    address: Address,
    access: Access,
    limits: Limits,
    end: End,
    log: AccessLog,
    begun: Callable[[], None],
) -> int:
    """Serves the application until a signal ends it; `begun` is called once it answers.

    Returns the number of requests and streams that were cut off. Raises ArgumentError where the
    address cannot be listened on after all.
    """
    sys.setswitchinterval(PATIENCE)
    allow_open_files(limits.connections + OTHER_FILES)
    terms = Terms(limits, log, app.state.draining)
    config = uvicorn.Config(
        Door(app, access, limits.body, log, app.state.metrics),
        http=connections_of(terms),
        ws=stream_connections_of(terms),
        ws_max_size=limits.body,
        ws_per_message_deflate=False,  # a small message could be many large ones
        # No pong is read while messages wait for the model.
        ws_ping_timeout=limits.seconds + limits.receiving,
        timeout_keep_alive=IDLE,
        log_config=None,
        access_log=False,
        server_header=False,
    )
    server = Server(config, app.state, end, begun, log)
    with signals_to(server.stop):
        address.listen(limits.receiving)
        server.run(address.sockets)
        log.flush()
    return server.cut_off
