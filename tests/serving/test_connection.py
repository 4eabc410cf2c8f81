"""Connections: clients that are slow, silent, greedy, many, or pipeline their requests."""

import json
import re
import resource
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnbuild.serving.connection import HEAD
from tests.serving.raw import HOST, LAST, all_of, connect, reply, status
from tests.serving.server import PLAIN, Server, serving

RECEIVING = 1.0
LATEST = RECEIVING + 5
"""On a machine in use."""


def headers_and_body(received: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return dict(line.lower().split(": ", 1) for line in lines), body


def assert_problem(received: bytes, expected: int) -> dict[str, str]:
    """Asserts that a reply is a whole problem of a status, and returns its headers."""
    headers, body = headers_and_body(received)
    assert status(received) == json.loads(body)["status"] == expected
    assert headers["content-type"] == "application/problem+json"
    assert int(headers["content-length"]) == len(body)
    return headers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("connections")
    options = ("--receiving", RECEIVING, "--body", 10_000, "--connections", 50)
    with serving(*options, folder=folder, command=PLAIN) as server:
        yield server


@pytest.mark.parametrize(
    "request_",
    [
        b"NONSENSE\r\n\r\n",
        b"BREW /ready HTTP/1.1\r\n" + LAST,
        b"GET /ready HTTP/9.9\r\n" + LAST,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS says hello
        b"POST /echo HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" + LAST,
        b"POST /echo HTTP/1.1\r\nContent-Length: -1\r\n" + LAST,
        b"POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n" + LAST,
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + LAST + b"zz\r\n",
        b"GET /ready HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /ready HTTP/1.1\r\n" + HOST + LAST,
        b"CONNECT localhost:80 HTTP/1.1\r\n" + LAST,
        b"POST /echo HTTP/1.1\r\nOrigin: http://evil.example\r\nOrigin: http://localhost\r\n"
        + LAST,
    ],
)
def test_what_is_not_http_is_a_problem(server: Server, request_: bytes) -> None:
    assert assert_problem(reply(server.url, request_), 400)["connection"] == "close"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/ready/", 404),
        ("OPTIONS", "*", 404),
        ("PATCH", "/ready", 405),
        ("OPTIONS", "/ready", 405),
    ],
)
def test_unknown_paths_and_methods_are_problems(
    server: Server, method: str, path: str, expected: int
) -> None:
    headers = assert_problem(
        reply(server.url, f"{method} {path} HTTP/1.1\r\n".encode() + LAST), expected
    )
    assert expected != 405 or headers["allow"] == "get"


def test_head_is_get_without_the_body(server: Server) -> None:
    got, head = (
        headers_and_body(reply(server.url, method + b" /large/1000 HTTP/1.1\r\n" + LAST))
        for method in (b"GET", b"HEAD")
    )
    assert head == ({**got[0], "date": head[0]["date"]}, b"")
    assert len(got[1]) == 1_000


@pytest.mark.parametrize(("path", "expected"), [(b"/echo", 413), (b"/nowhere", 404)])
def test_a_body_that_says_that_it_is_too_large_is_refused_before_it_comes(
    server: Server, path: bytes, expected: int
) -> None:
    with connect(server.url) as connection:
        connection.sendall(b"POST " + path + b" HTTP/1.1\r\nContent-Length: 10001\r\n" + LAST)
        assert_problem(all_of(connection), expected)


def test_a_body_of_unknown_length_is_read_up_to_the_limit(server: Server) -> None:
    start = b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + LAST
    chunk = b"3e8\r\n" + b"x" * 1_000 + b"\r\n"
    assert status(reply(server.url, start + 10 * chunk + b"0\r\n\r\n")) == 200
    assert_problem(reply(server.url, start + 10 * chunk + b"1\r\nx\r\n"), 413)


def test_headers_have_a_limit_whether_they_end_or_not(server: Server) -> None:
    start = b"GET /ready HTTP/1.1\r\nX: "
    assert status(reply(server.url, start + b"a" * (HEAD - 200) + b"\r\n" + LAST)) == 200
    assert_problem(reply(server.url, start + b"a" * HEAD + b"\r\n" + LAST), 431)
    # 120 MB, of which it takes a thousandth.
    with connect(server.url) as connection, pytest.raises(ConnectionError):
        connection.sendall(b"GET /ready HTTP/1.1\r\n")
        for _ in range(1_000):
            connection.sendall(b"a: b\r\n" * 20_000)
    assert status(reply(server.url, b"GET /ready HTTP/1.1\r\n" + LAST)) == 200


UPGRADES = [
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQA\r\n",
    b"Connection: Upgrade\r\nUpgrade: websocket\r\n",  # which has no body
]


@pytest.mark.parametrize("upgrade", UPGRADES)
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("cut", [0, 40, 10_000])
def test_a_body_is_no_request_whatever_protocol_is_asked_for(
    server: Server, upgrade: bytes, chunked: bool, cut: int
) -> None:
    """`cut`: where what is sent is cut in two, of which the second comes later; 0 is before the
    end of the head."""
    smuggled = b"GET /large/5 HTTP/1.1\r\n" + HOST + b"\r\n"
    length = b"Transfer-Encoding: chunked\r\n" if chunked else b"Content-Length: %d\r\n"
    head = b"POST /echo HTTP/1.1\r\n" + upgrade + HOST
    head += (length if chunked else length % len(smuggled)) + b"\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled), smuggled) if chunked else smuggled
    sent = head + body + b"GET /large/7 HTTP/1.1\r\n" + LAST
    place = cut and min(len(head) - 1 + cut, len(sent) - 1)
    with connect(server.url) as connection:
        connection.sendall(sent[:place])
        time.sleep(0.1 if place else 0)
        connection.sendall(sent[place:])
        received = all_of(connection)
    assert [status(received), received.count(b"HTTP/1.1 200")] == [200, 2]
    first, _, second = received.partition(smuggled)
    assert first.endswith(b"\r\n\r\n") or chunked
    assert second.endswith(b"\r\n\r\nxxxxxxx")


def test_curl_may_ask_for_http_2(server: Server) -> None:
    command = ["curl", "-sS", "--http2", "-d", "a body", f"{server.url}/echo"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"a body"


CHUNKED = b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"


def test_trailers_are_no_headers(server: Server) -> None:
    body, trailer = b"\r\n2\r\nab\r\n0\r\n", b"Origin: http://localhost\r\nHost: a\r\n\r\n"
    foreign = b"Origin: http://evil.example\r\n"
    assert status(reply(server.url, CHUNKED + foreign + LAST[:-2] + body + trailer)) == 403
    assert reply(server.url, CHUNKED + LAST[:-2] + body + trailer).endswith(b"\r\n\r\nab")


@pytest.mark.parametrize("endless", [b"a: b\r\n", b"a", b"1;" + b"a" * 100 + b"\r\nx\r\n"])
def test_what_is_neither_head_nor_body_has_a_limit(server: Server, endless: bytes) -> None:
    """Trailers, one trailer that does not end, and what chunks say of themselves."""
    last = b"0\r\n" if endless[:1] == b"a" else b""
    before = memory_of(server)
    with connect(server.url) as connection, pytest.raises(ConnectionError):
        connection.sendall(CHUNKED + LAST + b"1\r\nx\r\n" + last)
        for _ in range(1_000):
            connection.sendall(endless * (120_000 // len(endless)))
    assert memory_of(server) < before + 20_000_000
    assert status(reply(server.url, b"GET /ready HTTP/1.1\r\n" + LAST)) == 200


def test_a_body_may_come_in_the_smallest_chunks(server: Server) -> None:
    body = b"1\r\nx\r\n" * 10_000
    with connect(server.url) as connection:
        connection.sendall(CHUNKED + LAST)
        for start in range(0, len(body), 1_000):
            connection.sendall(body[start : start + 1_000])
        connection.sendall(b"0\r\n\r\n")
        assert all_of(connection).endswith(b"x" * 10_000)


def memory_of(server: Server) -> int:
    """Bytes of memory that a server has now."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"gzip", b"chunked, chunked", b"identity"])
def test_an_encoding_that_is_not_read_is_not_taken_for_another(
    server: Server, coding: bytes
) -> None:
    head = b"POST /echo HTTP/1.1\r\nTransfer-Encoding: " + coding + b"\r\n" + LAST
    received = reply(server.url, head + b"1\r\nx\r\n0\r\n\r\n")
    # What does not end in `chunked` has no end at all (RFC 9112, 6.3).
    assert_problem(received, 501 if coding == b"gzip, chunked" else status(received))
    assert status(received) in (400, 501)


END = HOST + b"\r\n"
HANDSHAKE = (
    b"GET /stream HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


@pytest.mark.parametrize(
    ("handshake", "expected"),
    [
        (HANDSHAKE, 101),
        (HANDSHAKE + b"Content-Length: 0\r\n", 101),
        (HANDSHAKE + b"Content-Length: 3\r\n" + END + b"abc", 404),
        (HANDSHAKE + b"Transfer-Encoding: chunked\r\n" + END + b"0\r\n\r\n", 404),
        (HANDSHAKE.replace(b"GET", b"POST") + b"Content-Length: 3\r\n" + END + b"abc", 404),
        (HANDSHAKE.replace(b"GET", b"PUT"), 404),
        (HANDSHAKE.replace(b"HTTP/1.1", b"HTTP/1.0"), 404),
        (HANDSHAKE.replace(b"13", b"12"), 400),
        (HANDSHAKE.replace(b"-Key", b"-Keys"), 400),
        (HANDSHAKE.replace(b"AAAA==", b"AA=="), 400),
        (HANDSHAKE + b"A: b\r\n" * 200, 431),
        (HANDSHAKE + b"A: " + b"b" * 10_000 + b"\r\n", 431),
        (HANDSHAKE.replace(b"/stream", b"/nowhere"), 404),
    ],
)
def test_a_handshake_is_answered_at_once(server: Server, handshake: bytes, expected: int) -> None:
    with connect(server.url) as connection:
        if expected == 101:
            connection.sendall(handshake + END)
            assert status(connection.recv(1_000)) == 101
        else:
            connection.sendall(handshake if END in handshake else handshake + END)
            assert_problem(all_of(connection), expected)
    path = "/nowhere" if b"/nowhere" in handshake else "/stream"
    logged(server, rf'"(WEBSOCKET|POST|GET|PUT) ({path}|-)" {expected} ')


def test_what_follows_a_handshake_too_early_ends_the_connection(server: Server) -> None:
    early = HANDSHAKE + END + b"\x81\x81\0\0\0\0a"
    assert reply(server.url, early) == b""


def test_a_message_that_is_no_text_is_the_client_s_affair(server: Server) -> None:
    with connect(server.url) as connection:
        connection.sendall(HANDSHAKE + END)
        assert status(connection.recv(1_000)) == 101
        connection.sendall(b"\x81\x81\0\0\0\0\xff")
        assert all_of(connection)[:4] == b"\x88\x02\x03\xef"  # closed with 1007
    assert "error" not in server.log.read_text()


def test_a_pipelined_handshake_does_not_cut_an_answer_off(server: Server) -> None:
    slow = b"GET /slow/0.3 HTTP/1.1\r\n" + HOST + b"\r\n"
    received = reply(server.url, slow + HANDSHAKE + END)
    assert received.index(b'"done"') < received.index(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    ("sent", "ends", "expected"),
    [
        (b"Content-Length: 5\r\n" + HOST + b"\r\nab", True, 499),
        (b"Content-Length: 5\r\n" + HOST + b"\r\nab", False, 408),
        (b"Transfer-Encoding: chunked\r\n" + HOST + b"\r\n2\r\nab\r\nzz", False, 400),
    ],
)
def test_a_body_that_does_not_come_whole_is_no_bug(
    server: Server, sent: bytes, ends: bool, expected: int
) -> None:
    with connect(server.url) as connection:
        connection.sendall(f"POST /echo?{expected} HTTP/1.1\r\n".encode() + sent)
        time.sleep(0.2)
        if not ends:
            assert_problem(all_of(connection), expected)
    logged(server, rf'"POST /echo" {expected} ')
    assert "error" not in server.log.read_text()


def logged(server: Server, line: str) -> None:
    """Waits until there is such a line in the log."""
    end = time.monotonic() + LATEST
    while not re.search(line, server.log.read_text()):
        assert time.monotonic() < end, server.log.read_text()
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", None),
        (b"\r\n", None),
        (b"GET /re", 408),
        (b"GET /ready HTTP/1.1\r\nHost: a\r\n", 408),
        (b"POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" + HOST + b"\r\nab", 408),
    ],
)
def test_a_request_must_arrive_in_time(server: Server, sent: bytes, expected: int | None) -> None:
    began = time.monotonic()
    with connect(server.url) as connection:
        connection.sendall(sent)
        received = all_of(connection)
    assert RECEIVING - 0.1 < time.monotonic() - began < LATEST
    if expected is None:
        assert received == b""
    else:
        assert_problem(received, expected)


def test_sending_slowly_gains_nothing(server: Server) -> None:
    began = time.monotonic()
    with connect(server.url) as connection, pytest.raises(ConnectionError):
        connection.sendall(b"GET /ready HTTP/1.1\r\n")
        while time.monotonic() - began < LATEST:
            connection.sendall(b"a: b\r\n")
            time.sleep(0.1)
    assert time.monotonic() - began > RECEIVING - 0.1


def test_a_connection_that_was_used_must_send_the_next_request_in_time_too(server: Server) -> None:
    with connect(server.url) as connection:
        connection.sendall(b"GET /ready HTTP/1.1\r\n" + HOST + b"\r\n")
        assert status(connection.recv(1_000)) == 200
        time.sleep(RECEIVING + 0.5)  # idle, which may take longer
        connection.sendall(b"GET /re")
        assert_problem(all_of(connection), 408)


def test_a_long_answer_may_take_longer_than_a_request(server: Server) -> None:
    seconds = RECEIVING + 0.5
    assert status(reply(server.url, f"GET /slow/{seconds} HTTP/1.1\r\n".encode() + LAST)) == 200


def test_a_client_that_does_not_take_its_answer_is_cut_off(server: Server) -> None:
    with connect(server.url, receive_buffer=4_096) as connection:
        connection.sendall(b"GET /large/50000000 HTTP/1.1\r\n" + LAST)
        time.sleep(RECEIVING + 3)
        assert len(all_of(connection)) < 50_000_000
    with connect(server.url, receive_buffer=4_096) as connection:
        connection.sendall(b"GET /large/300000 HTTP/1.1\r\n" + LAST)
        received = b""
        while part := connection.recv(20_000):  # slow, and never still for as long
            received += part
            time.sleep(0.1)
        assert received.endswith(b"x" * 300_000)


def test_pipelined_requests_are_answered_in_their_order(server: Server) -> None:
    first = b"GET /slow/0.2 HTTP/1.1\r\n" + HOST + b"\r\n"
    received = reply(server.url, first + b"GET /nowhere HTTP/1.1\r\n" + LAST)
    assert [status(received), received.count(b"HTTP/1.1 404")] == [200, 1]
    # What follows and is no request does not take the answer away.
    received = reply(server.url, first + b"NONSENSE\r\n\r\n")
    assert status(received) == 200
    assert received.endswith(b'"done"')


def test_one_connection_too_many_is_a_problem_and_then_there_is_room_again(
    server: Server,
) -> None:
    held = [connect(server.url) for _ in range(50)]
    for one in held:
        one.sendall(b"GET /ready HTTP/1.1\r\n" + HOST + b"\r\n")
        assert status(one.recv(1_000)) == 200
    for upgrade in (b"", b"Upgrade: websocket\r\nConnection: upgrade\r\n"):
        received = reply(server.url, b"GET /stream HTTP/1.1\r\n" + upgrade + HOST + b"\r\n")
        assert assert_problem(received, 503)["retry-after"] == "1"
    for one in held:
        one.close()
    end = time.monotonic() + 5
    while status(reply(server.url, b"GET /ready HTTP/1.1\r\n" + LAST)) != 200:
        assert time.monotonic() < end


def test_a_hundred_clients_that_send_nothing_keep_nobody_out(tmp_path: Path) -> None:
    options = ("--receiving", "0.5", "--connections", "50")
    with serving(*options, folder=tmp_path, command=PLAIN) as server:
        silent: list[socket.socket] = [connect(server.url) for _ in range(100)]
        time.sleep(2)
        assert status(reply(server.url, b"GET /ready HTTP/1.1\r\n" + LAST)) == 200
        assert all(one.recv(1) == b"" for one in silent)
        for one in silent:
            one.close()
