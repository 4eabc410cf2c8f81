"""The end of a server: asked to stop, twice, before it serves, or in the midst of work."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from fcntl import F_SETPIPE_SZ, fcntl, ioctl
from pathlib import Path
from termios import TIOCSCTTY

import httpx
import pytest
from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import connect as connect_stream

from tests.serving.raw import HOST, LAST, all_of, connect, reply, status
from tests.serving.server import PLAIN, SERVE, Server, serving

SIGNALS = [signal.SIGTERM, signal.SIGINT]
SOON = 5.0
"""Seconds that an end may take where nothing is waited for, on a machine in use."""


@contextmanager
def asked(url: str, path: str) -> Iterator["Future[httpx.Response]"]:
    """The answer to a request that is under way within this context."""
    with ThreadPoolExecutor(1) as threads:
        yield threads.submit(httpx.get, f"{url}{path}", timeout=30)


def wait_for(server: Server, seconds: float = SOON) -> int:
    """The exit code of a server, once all that it wrote is in its log."""
    return server.process.wait(seconds)


@pytest.mark.parametrize("number", SIGNALS)
def test_what_is_under_way_is_finished_and_nothing_new_is_accepted(
    tmp_path: Path, number: signal.Signals
) -> None:
    with serving(folder=tmp_path, command=PLAIN) as server:
        with connect(server.url) as idle, connect(server.url) as begun:
            idle.sendall(b"GET /ready HTTP/1.1\r\n" + HOST + b"\r\n")
            assert status(idle.recv(1_000)) == 200
            begun.sendall(b"GET /re")
            with asked(server.url, "/slow/1") as answer:
                time.sleep(0.3)
                server.process.send_signal(number)
                assert all_of(idle) == b""
                assert all_of(begun) == b""
                with pytest.raises(httpx.ConnectError):
                    httpx.get(f"{server.url}/ready")
        assert (answer.result().status_code, answer.result().json()) == (200, "done")
        assert wait_for(server) == 0
    log = server.log.read_text()
    assert "finishing 1 request within 5 s; a second signal ends at once\n" in log
    assert "cut off: 0" in log


def test_while_draining_only_ready_fails_and_connections_move_on(tmp_path: Path) -> None:
    with serving("--drain", "5", folder=tmp_path, command=PLAIN) as server:
        with httpx.Client(base_url=server.url) as client:
            before = client.get("/ready")
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            ready, echo = client.get("/ready"), client.post("/echo", content=b"a")
        assert [before.status_code, ready.status_code, echo.status_code] == [200, 503, 200]
        assert "connection" not in before.headers
        assert ready.headers["connection"] == echo.headers["connection"] == "close"
        with connect_stream(f"{server.url.replace('http', 'ws')}/stream") as stream:
            stream.send("still")
            assert stream.recv() == "still"
        assert wait_for(server, 5 + SOON) == 0


def test_a_drain_is_announced_with_its_seconds(tmp_path: Path) -> None:
    with serving("--drain", "0.5", folder=tmp_path, command=PLAIN) as server:
        server.process.send_signal(signal.SIGTERM)
        assert wait_for(server) == 0
    assert server.log.read_text().splitlines()[1:] == [
        "stopping: for 0.5 s /ready fails, and all else is still answered; a second signal ends "
        "at once",
        "cut off: 0",
    ]


@pytest.mark.parametrize("grace", ["0", "30"])
def test_a_stream_without_a_message_is_nothing_to_finish(tmp_path: Path, grace: str) -> None:
    with serving("--grace", grace, folder=tmp_path, command=PLAIN) as server:
        url = f"{server.url.replace('http', 'ws')}/stream"
        with connect_stream(url), connect_stream(url):
            server.process.send_signal(signal.SIGTERM)
            assert wait_for(server) == 0
    lines = server.log.read_text().splitlines()
    assert [one for one in lines if "WEBSOCKET" not in one][1:] == ["cut off: 0"]


def test_a_closed_terminal_is_like_sigterm_but_under_nohup(
    tmp_path: Path, classify_run: Path
) -> None:
    with serving("--drain", "1", folder=tmp_path, command=PLAIN) as server:
        began = time.monotonic()
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert httpx.get(f"{server.url}/ready").status_code == 503
        assert wait_for(server) == 0
        assert time.monotonic() - began > 1
    with serving(classify_run, folder=tmp_path, command=("nohup", *SERVE)) as server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert httpx.get(f"{server.url}/ready").status_code == 200


def test_a_server_whose_terminal_is_gone_finishes_what_is_under_way(tmp_path: Path) -> None:
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(
        PLAIN, stdin=its_end, stdout=its_end, stderr=its_end, start_new_session=True,
        preexec_fn=lambda: ioctl(0, TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(its_end)
    line = b""
    while b";" not in line:
        line += os.read(terminal, 1_000)
    url = re.search(r"http://\S+(?=;)", line.decode())
    assert url is not None
    with asked(url[0], "/slow/1") as answer:
        time.sleep(0.3)
        os.close(terminal)
    assert answer.result().json() == "done"
    assert process.wait(SOON) == 0


def test_ctrl_c_does_not_drain(tmp_path: Path) -> None:
    with serving("--drain", "60", folder=tmp_path, command=PLAIN) as server:
        server.process.send_signal(signal.SIGINT)
        assert wait_for(server) == 0


@pytest.mark.parametrize("command", ["plain", "model"])
def test_streams_are_told_between_two_messages(
    tmp_path: Path, classify_run: Path, command: str
) -> None:
    arguments = () if command == "plain" else (classify_run,)
    with serving(*arguments, folder=tmp_path, command=PLAIN if not arguments else SERVE) as server:
        with connect_stream(f"{server.url.replace('http', 'ws')}/stream") as stream:
            stream.send("a fine film")
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            assert stream.recv()
            with pytest.raises(ConnectionClosedOK) as caught:
                stream.recv()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1001
        assert caught.value.rcvd.reason
        assert wait_for(server) == 0


def test_a_stream_whose_client_does_not_answer_is_left_behind(tmp_path: Path) -> None:
    handshake = (
        b"GET /stream HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    )
    with serving("--grace", "30", folder=tmp_path, command=PLAIN) as server:
        deaf = connect(server.url)
        deaf.sendall(handshake + HOST + b"\r\n")
        assert status(deaf.recv(1_000)) == 101
        server.process.send_signal(signal.SIGTERM)
        assert wait_for(server) == 0
        assert b"the server stops" in all_of(deaf)
        deaf.close()


def test_after_the_grace_what_is_left_is_cut_off_and_reported(tmp_path: Path) -> None:
    with serving("--grace", "0.5", folder=tmp_path, command=PLAIN) as server:
        with asked(server.url, "/slow/3") as answer, connect(server.url) as sending:
            sending.sendall(b"POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" + HOST + b"\r\nab")
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            assert all_of(sending) == b""
            with pytest.raises(httpx.RemoteProtocolError):
                answer.result()
        assert wait_for(server) == 0
    log = server.log.read_text()
    assert "cut off: 2" in log
    assert "Traceback" not in log
    assert "error" not in log


@pytest.mark.parametrize("second", SIGNALS)
@pytest.mark.parametrize("drain", [0, 60])
def test_a_second_signal_ends_it_at_once(
    tmp_path: Path, second: signal.Signals, drain: float
) -> None:
    options = ("--grace", "60", "--drain", drain)
    with serving(*options, folder=tmp_path, command=PLAIN) as server, asked(server.url, "/slow/20"):
        for number in (signal.SIGTERM, second):
            time.sleep(0.3)
            server.process.send_signal(number)
        assert wait_for(server) == 128 + second
    assert "Traceback" not in server.log.read_text()


MOST = 1 << 24
ROOM = ("--max-tokens", MOST, "--max-waiting-tokens", MOST)


def test_work_under_way_is_finished_and_nothing_is_left(
    language_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with serving(language_run, "--grace", "60", *ROOM, folder=tmp_path) as server:
        with ThreadPoolExecutor(1) as threads:
            body = {"length": 60_000}  # seconds of work
            answer = threads.submit(httpx.post, f"{server.url}/generate", json=body, timeout=60)
            time.sleep(0.5)
            under_way = not answer.done()
            server.process.send_signal(signal.SIGTERM)
            assert len(answer.result().json()["text"]) == 60_000
        assert under_way
        assert server.process.wait(60) == 0
    log = server.log.read_text()
    assert re.search(r'"POST /generate" 200', log)
    assert "Traceback" not in log
    # onnxruntime has a file of its own there.
    assert {path.name for path in temporary.iterdir()} <= {".ses"}


def test_work_that_is_cut_off_is_reported(language_run: Path, tmp_path: Path) -> None:
    with serving(language_run, "--grace", "0", *ROOM, folder=tmp_path) as server:
        with ThreadPoolExecutor(1) as threads:
            body = {"length": MOST}  # minutes of it
            answer = threads.submit(httpx.post, f"{server.url}/generate", json=body, timeout=60)
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            with pytest.raises(httpx.HTTPError):
                answer.result()
        assert wait_for(server) == 0
    last = server.log.read_text().splitlines()[-1]
    assert last == "note: cut off, unfinished after 0 s: 1 request; see --grace"


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_the_model_loads_ends_it_without_a_word(
    classify_run: Path, number: signal.Signals
) -> None:
    assert_ends_without_a_word(classify_run, number, 0.7)


@pytest.mark.torture
def test_a_signal_at_any_moment_ends_it_without_a_word(classify_run: Path) -> None:
    for moment in range(100):
        assert_ends_without_a_word(classify_run, SIGNALS[moment % 2], moment * 0.03)


def assert_ends_without_a_word(run: Path, number: signal.Signals, seconds: float) -> None:
    process = subprocess.Popen(
        [*SERVE, str(run)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    time.sleep(seconds)
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    # Before Python has begun it ends by the signal, and by 0 where it already served. Ctrl-C while
    # Python itself starts is Python's own affair.
    starting = seconds < 0.3 and number == signal.SIGINT
    assert starting or not [x for x in output.splitlines() if not x.startswith(SAYS)], output
    assert process.returncode in (128 + number, -number, 0)


SAYS = ("serving", "note: /stream is refused")


def test_a_reader_of_the_log_who_has_gone_does_not_stop_it(tmp_path: Path) -> None:
    process = subprocess.Popen([*PLAIN], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    url = re.search(r"http://\S+(?=;)", line)
    assert url is not None
    process.stderr.close()
    for _ in range(3):
        assert status(reply(url[0], b"GET /ready HTTP/1.1\r\n" + LAST)) == 200
        time.sleep(0.2)
    process.kill()
    process.wait()


@contextmanager
def unread(*arguments: object) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server's URL, and its process, from whose log no more is read than that."""
    command = [*PLAIN, *map(str, arguments)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, bufsize=1)
    assert process.stderr is not None
    fcntl(process.stderr, F_SETPIPE_SZ, 4_096)
    try:
        url = re.search(r"http://\S+(?=;)", process.stderr.readline())
        assert url is not None
        yield url[0], process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.skipif(sys.platform != "linux", reason="a pipe's size is set as Linux has it")
def test_a_log_that_is_not_read_keeps_nobody_waiting(tmp_path: Path) -> None:
    with unread("--drain", "0.3") as (url, process), httpx.Client(base_url=url, timeout=10) as ask:
        for _ in range(5):
            for _ in range(20):
                assert ask.get(f"/ready?{'a' * 200}").status_code == 200
                assert ask.get(f"/{'a' * 200}").status_code == 404
            time.sleep(0.15)  # lines of a tenth of a second are written together
        process.send_signal(signal.SIGTERM)
        assert process.wait(2 * SOON) == 0


def test_a_port_in_use_is_said_before_the_model_is_loaded(
    classify_run: Path, tmp_path: Path
) -> None:
    with serving(folder=tmp_path, command=PLAIN) as server:
        port = server.url.rpartition(":")[2]
        command = [sys.executable, "-m", "rnnbuild", "serve", str(classify_run), "--port", port]
        result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        f"error: port {port} of 127.0.0.1 is in use by another program",
        "  hint: choose another with --port; --port 0 takes a free one",
    ]
