"""A WebSocket's connection: uvicorn's, whose clients are told what is wrong as all others are."""

from functools import partial
from http import HTTPStatus
from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import MAX_LINE_LENGTH, MAX_NUM_HEADERS, Request, Response
from websockets.server import ServerProtocol

from rnnbuild.serving.access import problem
from rnnbuild.serving.connection import Terms, bytes_of
from rnnbuild.serving.problems import title_of

NO_TEXT = 1007
"""Code of RFC 6455: the message is not UTF-8."""
TOO_LONG = (
    f"the request for a WebSocket has more than {MAX_NUM_HEADERS} headers, "
    f"or one of more than {MAX_LINE_LENGTH:,} bytes"
)


class Handshake(ServerProtocol):
    """The protocol of a WebSocket, whose refusals are problems."""

    def reject(self, status: Any, text: str) -> Response:
        """The answer to a request for a WebSocket that cannot be one."""
        status = HTTPStatus(status)
        detail = text.removeprefix("Failed to open a WebSocket connection: ").partition("\n")[0]
        answer = problem(status, detail or title_of(status))
        headers = Headers((name.decode(), value.decode()) for name, value in answer.raw_headers)
        headers["connection"] = "close"
        return Response(status.value, title_of(status), headers, bytes(answer.body))


class StreamConnection(WebSocketsSansIOProtocol):
    """A WebSocket's connection, which is over when its client does not answer a ping."""

    def __init__(self, *arguments: Any, terms: Terms, **named: Any):
        super().__init__(*arguments, **named)
        self._terms = terms
        self.conn = Handshake(max_size=self.config.ws_max_size, logger=self.logger)

    def data_received(self, data: bytes) -> None:
        if self.handshake_initiated and not self.handshake_complete:
            self.transport.abort()  # a client waits for the answer (RFC 6455, 4.1)
            return
        super().data_received(data)
        if not self.handshake_initiated:  # all of it is here, and the parser has given up
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self._log("-", status)
            self.transport.write(bytes_of(problem(status, TOO_LONG)))
            self.transport.close()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._log(event.path, self.response.status_code)

    def _log(self, path: str, status: int) -> None:
        """Notes a request that never reaches the application."""
        client = self.client[0] if self.client else "-"
        self._terms.log.request(client, "WEBSOCKET", path.encode(), status, 0)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not is_utf8(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(NO_TEXT)
            self.handle_parser_exception()  # sends it, and ends the connection
        else:
            super().send_receive_event_to_app()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # refused, which uvicorn reports as never answered

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()  # the client does not read the reason either


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def stream_connections_of(terms: Terms) -> Any:
    """What makes a WebSocket's connection of uvicorn's arguments."""
    return partial(StreamConnection, terms=terms)
