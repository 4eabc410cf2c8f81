"""One connection of a client: uvicorn's, with limits in time and size where it has none.

uvicorn waits for a request for ever, collects headers without end, and after a request for another
protocol than WebSocket takes its body for the next request. That a client takes its answer in time
is up to the system (`Address.listen`).
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from fastapi import Response
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from rnnbuild.serving.access import problem
from rnnbuild.serving.access_log import AccessLog
from rnnbuild.serving.disconnect import REFUSED
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.problems import FieldProblem, problem_response

HEAD = 1 << 16
"""Bytes of a request's line and headers; and of what else is not its body: trailers, extensions of
chunks."""
CHUNK = 12
"""Bytes that a chunk of a body may take besides, for its size and the ends of lines."""
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
        """Bytes of the request that is arriving which are not its body."""
        self._content = 0
        """Bytes of the data that is being read which are its body."""
        self._fault = HTTPStatus.BAD_REQUEST
        """Why the request is refused, once the parser gives up."""
        self._handshake = False

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
        self._unset_keepalive_if_required()
        headers, was_in_head, self._content = self.headers, self._in_head, 0
        try:
            self.parser.feed_data(data)
        except HttpParserError:
            self._refuse(self._fault)
        except HttpParserUpgrade as upgrade:
            self._change_protocol(data[upgrade.args[0] :])
        else:
            # Only data that is all of one head, or all of what follows it.
            if self.headers is headers and self._in_head == was_in_head:
                self._head += max(0, len(data) - self._content)
                if self._head > HEAD:
                    self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _change_protocol(self, rest: bytes) -> None:
        """Goes on after a head that asks for another protocol, with what came after it."""
        if self._handshake:
            self.handle_websocket_upgrade()
            if rest:
                self.transport.get_protocol().data_received(rest)  # type: ignore[attr-defined]
            return
        # Any other is not for us (RFC 9110, 7.8), and the parser leaves out the body: it is given
        # the request as if nobody had asked.
        head = [self.parser.get_method(), b" ", self.url, b" HTTP/"]
        head += [self.parser.get_http_version().encode(), b"\r\n"]
        for name, value in self.headers:
            if name != b"upgrade":
                head += [name, b": ", value, b"\r\n"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
        self.data_received(b"".join([*head, b"\r\n", rest]))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._began = perf_counter()
        self._in_head, self._head = True, 0
        self._fault, self._handshake = HTTPStatus.BAD_REQUEST, False
        self._expect_request()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # else a trailer, which nobody asked for
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if (fault := self._fault_of_head()) is not None:
            self._fault = fault
            raise ValueError  # the parser then ends
        if self.parser.should_upgrade():
            self._handshake = self._is_handshake()
            if not self._handshake:
                return
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self._terms.draining.is_set():
            self.cycle.keep_alive = False  # the next request is for whoever takes over

    def on_chunk_header(self) -> None:
        self._content += CHUNK

    def on_body(self, body: bytes) -> None:
        self._content += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade() and not self._handshake:
            return  # it is read once more
        self._request_is_here()
        super().on_message_complete()

    def _fault_of_head(self) -> HTTPStatus | None:
        """Why a request with this head is not answered, if there is a reason."""
        if self._head > HEAD:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if self.parser.get_method() == b"CONNECT":
            return HTTPStatus.BAD_REQUEST
        encodings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if encodings not in ([], [b"chunked"]):
            return HTTPStatus.NOT_IMPLEMENTED
        return None

    def _is_handshake(self) -> bool:
        """Whether a head that asks for another protocol begins a WebSocket, which has no body and
        follows no request that is still to be answered."""
        return (
            self.app is not answer_full
            and self._get_upgrade() == b"websocket"
            and self.parser.get_method() == b"GET"
            and self.parser.get_http_version() == "1.1"
            and not any(has_body(name, value) for name, value in self.headers)
            and (self.cycle is None or self.cycle.response_complete)
        )

    def _should_upgrade(self) -> bool:
        return self._handshake

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
        else:
            cycle.scope["state"][REFUSED] = status
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(bytes_of(problem(status, REASONS[status])))
        self.transport.close()


REASONS = {
    HTTPStatus.BAD_REQUEST: "the request is not valid HTTP/1.1",
    HTTPStatus.REQUEST_TIMEOUT: "the request has not arrived in time",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: f"the headers are larger than {HEAD:,} bytes",
    HTTPStatus.NOT_IMPLEMENTED: "`chunked` is the only transfer encoding that is read",
}


def has_body(name: bytes, value: bytes) -> bool:
    """Whether a header says that the request has a body."""
    return name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")


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


def connections_of(terms: Terms) -> Any:
    """What makes a connection of uvicorn's arguments."""
    return partial(Connection, terms=terms)
