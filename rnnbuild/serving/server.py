"""The server: uvicorn, from its address to its end."""

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from rnnbuild.errors import ArgumentError

PATIENCE = 0.0005
"""Seconds that a thread waits before it asks for Python's lock, a tenth of the default: a request
that arrives while the model's thread is in Python is not kept waiting."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
BACKLOG = 2_048
"""Connections that the system holds until they are accepted."""


@dataclass(frozen=True, eq=False)
class Address:
    """An address that is listened on."""

    socket: socket.socket

    def __str__(self) -> str:
        host, port = self.socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> Address:
    """Listens on a host's port; 0 is a free one. Raises ArgumentError where that is impossible."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        raise ArgumentError(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            "choose another: --host and --port; --port 0 takes a free one",
        ) from None
    return Address(listening)


class Server(uvicorn.Server):
    """uvicorn's, for which a signal to stop is no failure: the program then exits with 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve_app(app: FastAPI, address: Address) -> None:
    """Serves the application until a signal ends it."""
    sys.setswitchinterval(PATIENCE)
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
    Server(config).run([address.socket])
