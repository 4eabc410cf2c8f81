"""What a client sends and receives, byte by byte."""

import socket
from urllib.parse import urlsplit

HOST = b"Host: localhost\r\n"
LAST = HOST + b"Connection: close\r\n\r\n"


def connect(url: str, receive_buffer: int | None = None) -> socket.socket:
    """A connection to a server; nothing is waited for longer than 20 s."""
    parts = urlsplit(url)
    connection = socket.socket()
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(20)
    connection.connect((parts.hostname, parts.port))
    return connection


def all_of(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection, even by a reset."""
    received = b""
    try:
        while part := connection.recv(1 << 16):
            received += part
    except ConnectionResetError:
        pass
    return received


def reply(url: str, request: bytes) -> bytes:
    """What a server sends to these bytes until it closes the connection."""
    with connect(url) as connection:
        connection.sendall(request)
        return all_of(connection)


def status(received: bytes) -> int:
    """The status of a reply."""
    return int(received.split(b" ", 2)[1])
