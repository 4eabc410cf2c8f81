"""A server behind nginx, under a prefix: the documentation's snippet, in a real nginx."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect

from tests.readme import DOCS
from tests.serving.server import PLAIN, Server, serving

SNIPPET = (Path(__file__).parent / "behind_nginx.conf").read_text()
NGINX = """
daemon off;
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {snippet}
}}
"""


@dataclass(frozen=True)
class Proxy:
    url: str
    """Of the server, as a client of nginx calls it."""
    server: Server


@contextmanager
def nginx_before(server: Server, folder: Path) -> Iterator[str]:
    """nginx on a free port before a server; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    snippet = SNIPPET.replace("127.0.0.1:8000", server.url.removeprefix("http://"))
    config = folder / "nginx.conf"
    snippet = snippet.replace("listen 80;", f"listen 127.0.0.1:{port};")
    config.write_text(NGINX.format(folder=folder, snippet=snippet))
    process = subprocess.Popen(["nginx", "-e", "stderr", "-c", str(config), "-p", str(folder)])
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/model"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    with serving(folder=tmp_path, command=PLAIN) as server, nginx_before(server, tmp_path) as url:
        yield Proxy(url, server)


def test_the_documentation_has_this_snippet() -> None:
    page = (DOCS / "answers.md").read_text(encoding="utf-8")
    assert re.findall(r"```nginx\n(.*?)```", page, re.DOTALL) == [SNIPPET]


def test_requests_streams_and_refusals_pass_through(proxy: Proxy) -> None:
    own = proxy.url.removesuffix("/model")
    with httpx.Client() as client:
        for _ in range(3):  # the second goes over a connection that is kept
            assert client.post(f"{proxy.url}/echo", content=b"a" * 9_000).content == b"a" * 9_000
        assert client.get(f"{proxy.url}/nowhere").json()["status"] == 404
        own_page = client.get(f"{proxy.url}/ready", headers={"origin": own})
        forwarded = client.get(f"{proxy.url}/ready", headers={"x-forwarded-for": "192.0.2.9"})
        foreign = client.get(f"{proxy.url}/ready", headers={"origin": "http://evil.example"})
        rebound = client.get(f"{proxy.url}/ready", headers={"host": "evil.example"})
    assert [one.status_code for one in (own_page, forwarded, foreign, rebound)] == [
        200,
        200,
        403,
        421,
    ]
    stream = f"{proxy.url.replace('http', 'ws')}/stream"
    with connect(stream, origin=own) as socket:  # type: ignore[arg-type]
        socket.send("through")
        assert socket.recv() == "through"
    with pytest.raises(InvalidStatus) as caught:
        connect(stream, origin="http://evil.example")  # type: ignore[arg-type]
    assert caught.value.response.status_code == 403
    time.sleep(0.3)
    log = proxy.server.log.read_text()
    assert '127.0.0.1 "POST /echo" 200' in log
    # What a client says of itself is before the address from which it reached nginx.
    assert "192.0.2.9" in log


def test_a_client_that_hangs_up_is_passed_on(proxy: Proxy) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{proxy.url}/patient", timeout=0.5)
    end = time.monotonic() + 10
    while '"GET /patient" 499' not in proxy.server.log.read_text():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_end_is_passed_on(proxy: Proxy) -> None:
    with connect(f"{proxy.url.replace('http', 'ws')}/stream") as socket:
        proxy.server.process.terminate()
        with pytest.raises(ConnectionClosedOK) as caught:
            socket.recv()
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1001, "the server stops")
    assert proxy.server.process.wait(10) == 0
