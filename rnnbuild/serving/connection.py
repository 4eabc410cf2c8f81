"""One connection of a client: uvicorn's, with limits in time and size where it has none.

uvicorn waits for a request for ever, and collects headers without end. That a client takes its
answer in time is up to the system (`Address.listen`).
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from fastapi import Response
from starlette.types import Receive, Scope, Send
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from rnnbuild.serving.access import problem
from rnnbuild.serving.access_log import AccessLog
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.problems import FieldProblem, problem_response

HEAD = 1 << 16
"""Bytes of a request's line and headers."""
IDLE = 75
"""Seconds that a connection is held between two requests: longer than the 60 of nginx, which is
then the one that closes it, and not while it sends the next request."""


@dataclass(frozen=True, eq=False)
class Terms:
    """What is the same for all connections."""

    limits: Limits
    log: AccessLog
    draining: asyncio.Event


class Connection(HttpToolsProtocol):
    """A connection on which a request must arrive in time.

    The time is for the whole of a request, so that sending it slowly gains nothing.
    """

    def __init__(self, *arguments: Any, terms: Terms, **named: Any):
        super().__init__(*arguments, **named)
        self._terms = terms
        self._began = perf_counter()
        self._arriving: asyncio.TimerHandle | None = None
        """Ends the connection; set while a request is expected that is not all here."""
        self._in_head = False
        self._head = 0
        """Bytes of the head that is arriving."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        if len(self.connections) > self._terms.limits.connections:
            self.app = answer_full
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None:  # which ends with the first byte
            self._expect_request()
        headers, was_in_head = getattr(self, "headers", None), self._in_head
        super().data_received(data)
        if was_in_head and self._in_head and self.headers is headers:
            self._head += len(data)
            if self._head > HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._began = perf_counter()
        self._in_head, self._head = True, 0
        self._expect_request()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._head > HEAD:
            raise ValueError  # the parser then ends, and `send_400_response` is called
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self._terms.draining.is_set():
            self.cycle.keep_alive = False  # the next request is for whoever takes over

    def on_message_complete(self) -> None:
        self._request_is_here()
        super().on_message_complete()

    def _should_upgrade(self) -> bool:
        return self.app is not answer_full and super()._should_upgrade()

    def _expect_request(self) -> None:
        if self._arriving is None:
            self._arriving = self.loop.call_later(self._terms.limits.receiving, self._too_slow)

    def _request_is_here(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _too_slow(self) -> None:
        self._arriving = None
        if self.flow.read_paused:  # it is the server that does not read yet
            self._expect_request()
        elif self._in_head or (self.cycle is not None and self.cycle.more_body):
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Called where the parser gives up."""
        too_large = self._head > HEAD
        self._refuse(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if too_large else HTTPStatus.BAD_REQUEST
        )

    def _refuse(self, status: HTTPStatus) -> None:
        """Answers what will never be a request, and ends the connection."""
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            client = self.client[0] if self.client else "-"
            self._terms.log.request(client, "-", b"-", status, perf_counter() - self._began)
        elif not cycle.more_body:
            cycle.keep_alive = False  # it follows a request that is still to be answered
            return
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(bytes_of(problem(status, REASONS[status])))
        self.transport.close()


REASONS = {
    HTTPStatus.BAD_REQUEST: "the request is not valid HTTP/1.1",
    HTTPStatus.REQUEST_TIMEOUT: "the request has not arrived in time",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: f"the headers are larger than {HEAD:,} bytes",
}


def bytes_of(response: Response) -> bytes:
    """An answer after which the connection is closed, as it is sent."""
    headers = [*response.raw_headers, (b"connection", b"close")]
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return STATUS_LINE[response.status_code] + lines + b"\r\n" + bytes(response.body)


async def answer_full(scope: Scope, receive: Receive, send: Send) -> None:
    """The application of a connection that is one too many."""
    response = problem_response(
        HTTPStatus.SERVICE_UNAVAILABLE,
        [FieldProblem(detail="too many connections", hint="try again in 1 s", pointer=None)],
        {"retry-after": "1", "connection": "close"},
    )
    await response(scope, receive, send)


class StreamConnection(WebSocketsSansIOProtocol):
    """A WebSocket's connection, which is over when its client does not answer a ping."""

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # refused, which uvicorn reports as never answered

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()  # the client does not read the reason either


def connections_of(terms: Terms) -> Any:
    """What makes a connection of uvicorn's arguments."""
    return partial(Connection, terms=terms)
