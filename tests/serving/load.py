"""Many clients of one server: what is sent, when, and what came of it.

A client is a coroutine. It keeps a connection, sends requests that were made ahead, and checks each
answer; it takes some 30 microseconds a request of this process, so that a server on one core is
kept busy from another. Closed loops ask again once they are answered, open loops by the clock.
"""

import asyncio
import json
import math
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import random
from time import perf_counter
from typing import Any, cast
from urllib.parse import urlsplit

import numpy as np
import uvloop
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0
"""Seconds within which every request must be answered, one way or the other."""


@dataclass(frozen=True)
class Reply:
    """An answer as it came over the connection."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """One connection that is kept open; one request at a time."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._received = bytearray()
        self._reply: asyncio.Future[Reply] | None = None
        self.open = False

    @classmethod
    async def to(cls, url: str) -> "Connection":
        address = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(cls, address.hostname, address.port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self.open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(ConnectionError(f"closed before the answer ({exc})"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._reply is None or self._reply.done():
            return
        first, *lines = self._received[:end].decode("ascii").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        begin = end + 4
        length = int(headers["content-length"])
        if len(self._received) >= begin + length:
            body = bytes(self._received[begin : begin + length])
            del self._received[: begin + length]
            self._reply.set_result(Reply(int(first.split()[1]), headers, body))

    def send(self, request: bytes) -> "asyncio.Future[Reply]":
        """The answer to come. Its exception is ConnectionError where the server hangs up first."""
        self._reply = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._reply

    async def ask(self, request: bytes) -> Reply:
        """The answer. Raises ConnectionError, TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            return await self.send(request)


@dataclass(frozen=True)
class Exchange:
    """A request and what must be answered."""

    request: bytes
    """With its headers."""
    answer: Any
    """The body as JSON: numbers are equal within the rounding of answers."""

    def answered_by(self, body: bytes) -> bool:
        return alike(json.loads(body), self.answer)


def alike(one: Any, other: Any) -> bool:
    """Whether two values of JSON are the same but for the last of six digits."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, abs_tol=2e-6)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def post(path: str, body: Any) -> bytes:
    """A request for a path, whose body is JSON."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


@dataclass
class Tally:
    """What came of all requests of a load."""

    checks: bool = True
    """Whether answers are read and compared, which takes this process as long as asking."""
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """From a request to its answer, of those answered with 200."""
    faults: list[str] = field(default_factory=list)
    """What must not happen: wrong answers, 503 without Retry-After, connections that end."""

    def add(self, exchange: Exchange, reply: Reply, seconds: float) -> None:
        """Counts a reply and checks it."""
        self.statuses[reply.status] += 1
        if reply.status == 200:
            self.seconds.append(seconds)
            if self.checks and not exchange.answered_by(reply.body):
                asked = exchange.request.partition(b"\r\n\r\n")[2]
                self.faults.append(f"{asked[:80]!r} was answered by {reply.body[:200]!r}")
        elif reply.status != 503 or int(reply.headers.get("retry-after", "0")) < 1:
            self.faults.append(f"{reply.status}, {reply.headers}: {reply.body[:200]!r}")

    def percentile(self, share: float) -> float:
        """Seconds that this share of the answers, from 0 to 100, took at most."""
        return float(np.percentile(self.seconds, share))

    @property
    def answered(self) -> int:
        return self.statuses[200]


async def patient(
    url: str, exchanges: Sequence[Exchange], tally: Tally, until: float, pause: float = 0.05
) -> None:
    """Asks again as soon as it is answered, `pause` seconds after a 503, which may be too soon.

    `until` is by `perf_counter`, as all times here.
    """
    connection, number = await Connection.to(url), 0
    while (began := perf_counter()) < until:
        exchange = exchanges[number % len(exchanges)]
        number += 1
        try:
            reply = await connection.ask(exchange.request)
        except (OSError, TimeoutError) as error:
            tally.faults.append(f"{type(error).__name__}: {error}")
            return
        tally.add(exchange, reply, perf_counter() - began)
        if reply.status == 503:
            await asyncio.sleep(pause)
    connection.transport.close()


async def by_the_clock(
    url: str, exchanges: Sequence[Exchange], tally: Tally, until: float, rate: float
) -> None:
    """Asks so many times a second, whether it is answered or not; what a request waits for those
    before it on the connection counts as its own."""
    connection, number = await Connection.to(url), 0
    due = perf_counter() + random() / rate
    while due < until:
        await asyncio.sleep(due - perf_counter())
        exchange = exchanges[number % len(exchanges)]
        tally.add(exchange, await connection.ask(exchange.request), perf_counter() - due)
        number += 1
        due += 1 / rate
    connection.transport.close()


async def leaving(
    url: str, exchanges: Sequence[Exchange], tally: Tally, until: float, seed: int
) -> None:
    """Hangs up in the middle of a request, or before its answer has come; again and again."""
    draw, number = np.random.default_rng(seed), 0
    while perf_counter() < until:
        request = exchanges[number % len(exchanges)].request
        number += 1
        try:
            connection = await Connection.to(url)
            if draw.random() < 0.3:
                connection.transport.write(request[: int(draw.integers(1, len(request)))])
                await asyncio.sleep(draw.random() * 0.02)
            else:
                connection.send(request).add_done_callback(asyncio.Future.exception)
                await asyncio.sleep(draw.random() * 0.05)
            connection.transport.abort()
        except OSError as error:
            tally.faults.append(f"no connection: {error}")
            return


async def slow(
    url: str, exchanges: Sequence[Exchange], tally: Tally, until: float, seconds: float = 0.5
) -> None:
    """Sends its requests in two halves, and reads the answers late."""
    connection, number = await Connection.to(url), 0
    while (began := perf_counter()) < until:
        exchange = exchanges[number % len(exchanges)]
        number += 1
        half = len(exchange.request) // 2
        connection.transport.write(exchange.request[:half])
        await asyncio.sleep(seconds)
        reply = connection.send(exchange.request[half:])
        connection.transport.pause_reading()
        await asyncio.sleep(seconds)
        connection.transport.resume_reading()
        tally.add(exchange, await reply, perf_counter() - began)
    connection.transport.close()


async def talking(
    url: str, messages: Sequence[tuple[str, Any]], tally: Tally, until: float
) -> None:
    """Streams: sends each message of a sequence once the last is answered, then begins a new one.
    With each message its reply, which depends on all messages before it."""
    async with connect(f"ws{url.removeprefix('http')}/stream", compression=None) as stream:
        while perf_counter() < until:
            for message, expected in (*messages, ("", [])):
                began = perf_counter()
                await stream.send(message)
                reply = json.loads(await asyncio.wait_for(stream.recv(), PATIENCE))
                if isinstance(reply, dict) and reply["status"] == 503:
                    tally.statuses[503] += 1
                    break  # the state is as it was: the sequence cannot go on
                tally.statuses[200] += 1
                tally.seconds.append(perf_counter() - began)
                if not alike(reply, expected):
                    tally.faults.append(f"{message!r} was answered by {reply}, not {expected}")
            else:
                continue
            await begun_anew(stream)


async def begun_anew(stream: ClientConnection) -> None:
    """Begins a new sequence, once there is room."""
    await stream.send("")
    while json.loads(await asyncio.wait_for(stream.recv(), PATIENCE)) != []:
        await asyncio.sleep(0.05)
        await stream.send("")


async def memory_watched(process: int, bytes_at: list[tuple[float, int]], until: float) -> None:
    """Records the resident memory of a process, in bytes, twice a second."""
    while (now := perf_counter()) < until:
        bytes_at.append((now, resident(process)))
        await asyncio.sleep(0.5)


def resident(process: int) -> int:
    """Resident memory of a process in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor_seconds(process: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_together(clients: Callable[[], Sequence[Awaitable[None]]]) -> None:
    """Runs all clients, made within the loop, to their ends."""

    async def together() -> None:
        await asyncio.gather(*clients())

    uvloop.run(together())
