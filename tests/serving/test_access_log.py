"""The log: one line a request, and nothing in it that a terminal would obey."""

import re
from pathlib import Path
from unicodedata import category

import httpx

from rnnbuild.serving.access_log import LONGEST
from tests.serving.raw import HOST, LAST, reply, status
from tests.serving.server import PLAIN, serving

ESCAPE, C1, BIDI, NOT_UTF8 = b"\x1b[2J", b"\xc2\x9b2J", b"\xe2\x80\xae", b"\xff\xfe"
HOSTILE = (ESCAPE, C1, BIDI, NOT_UTF8, b"\x07", b"\x00", b"\x7f")
LINE = r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (\S+) "(.+)" (\d{3}) \d+\.\d ms'


def test_each_request_has_a_line(tmp_path: Path) -> None:
    with serving(folder=tmp_path, command=PLAIN) as server:
        httpx.get(f"{server.url}/ready", params={"what": "ever"})
        httpx.head(f"{server.url}/ready")
        httpx.post(f"{server.url}/nowhere/caf%C3%A9")
        reply(server.url, b"NONSENSE\r\n\r\n")
        httpx.get(f"{server.url}/{'a' * (LONGEST + 100)}")
    lines = [re.fullmatch(LINE, line) for line in server.log.read_text().splitlines()[1:-1]]
    assert [line and line.groups() for line in lines] == [
        ("127.0.0.1", "GET /ready", "200"),
        ("127.0.0.1", "HEAD /ready", "200"),
        ("127.0.0.1", "POST /nowhere/caf%C3%A9", "404"),
        ("127.0.0.1", "- -", "400"),
        ("127.0.0.1", f"GET /{'a' * (LONGEST - 1)}...", "404"),
    ]


def test_nothing_that_a_client_sends_reaches_the_log_raw(tmp_path: Path) -> None:
    with serving(folder=tmp_path, command=PLAIN) as server:
        for bad in HOSTILE:
            for request in (
                b"GET /" + bad + b" HTTP/1.1\r\n" + LAST,
                b"GET /?a=" + bad + b" HTTP/1.1\r\n" + LAST,
                b"GET" + bad + b" / HTTP/1.1\r\n" + LAST,
                b"GET / HTTP/" + bad + b"\r\n" + LAST,
                b"GET / HTTP/1.1\r\nX" + bad + b": y\r\n" + LAST,
                b"GET / HTTP/1.1\r\nX-Forwarded-For: " + bad + b"\r\n" + LAST,
                b"GET / HTTP/1.1\r\nUser-Agent: " + bad + b"\r\n" + LAST,
                b"GET / HTTP/1.1\r\nHost: " + bad + b"\r\nConnection: close\r\n\r\n",
                b"GET / HTTP/1.1\r\nOrigin: " + bad + b"\r\n" + LAST,
                bad * 3 + b"\r\n\r\n",
            ):
                assert 400 <= status(reply(server.url, request)) < 500
        reply(server.url, b"GET /%1b%5b2J%0d%0aFAKE%E2%80%AE%C2%9B HTTP/1.1\r\n" + LAST)
        reply(server.url, b"GET /a\r\n X: y HTTP/1.1\r\n" + LAST)
        # What is wrong inside is reported by one line too, from wherever its text comes.
        assert status(reply(server.url, b"GET /bug HTTP/1.1\r\n" + LAST)) == 500
    log = server.log.read_text()
    # Controls, formats, surrogates, and separators of lines and paragraphs.
    assert {category(one) for one in log} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == {"Cc"}
    assert {one for one in log if category(one) == "Cc"} == {"\n"}
    lines = log.splitlines()
    assert all(re.fullmatch(LINE, one) for one in lines if not one.startswith(BESIDES)), lines
    assert "error: unexpected error in rnnbuild: KeyError: 'a\\x1b[2Jb'" in lines
    assert "Traceback" not in log
    assert '"GET /%1b%5b2J%0d%0aFAKE%E2%80%AE%C2%9B" 404' in log


BESIDES = ("plain at", "cut off", "error: unexpected", "  hint: this is a bug")


def test_a_proxy_s_word_for_the_client_is_escaped(tmp_path: Path) -> None:
    with serving(folder=tmp_path, command=PLAIN) as server:
        for client in (b"192.0.2.7", b"\x9b31m"):
            forwarded = b"X-Forwarded-For: " + client + b"\r\n"
            reply(server.url, b"GET /ready HTTP/1.1\r\n" + forwarded + LAST)
    log = server.log.read_text()
    assert ' 192.0.2.7 "GET /ready" 200 ' in log
    assert ' \\x9b31m "GET /ready" 200 ' in log


def test_quiet_leaves_requests_out(tmp_path: Path) -> None:
    with serving("--quiet", folder=tmp_path, command=PLAIN) as server:
        httpx.get(f"{server.url}/ready")
        reply(server.url, b"NONSENSE\r\n" + HOST + b"\r\n")
    assert len(server.log.read_text().splitlines()) == 2  # the first and the last


def test_debug_shows_the_traceback_of_a_bug(tmp_path: Path) -> None:
    with serving("--debug", folder=tmp_path, command=PLAIN) as server:
        httpx.get(f"{server.url}/bug")
    log = server.log.read_text()
    assert "Traceback (most recent call last):" in log
    assert "\x1b" not in log
