"""Who may ask: tokens, origins and hosts, decided and as a client meets them."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from rnnbuild.serving.access import Access
from rnnbuild.serving.token import Token
from tests.serving.server import PLAIN, serving

SECRET = "0123456789abcdef/+=="
OPEN, GUARDED = Access(), Access(hosts=("example.org",))
TOKEN = Access(token=Token(SECRET.encode()))


def refusal(access: Access, path: str = "/predict", **headers: str) -> int | None:
    """The status of the refusal of a request with these headers."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "path": path,
        "headers": [
            (name.encode(), value.encode("latin-1"))
            for name, value in {"host": "localhost:8000", **headers}.items()
        ],
    }
    response = access.refusal(scope)
    return None if response is None else response.status_code


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "a.localhost",
        "127.0.0.1:8000",
        "127.9.9.9",
        "[::1]:8000",
        "[::1]",
        "192.168.1.2:80",
        "example.org",
        "example.org:8080",
        "localhost.",
    ],
)
def test_a_server_on_loopback_answers_to_its_own_names(host: str) -> None:
    assert refusal(GUARDED, host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "notlocalhost",
        "[",
        "é",
        "evil.example:8000",
        "example.org.evil",
        "localhost@evil.example",
        ":8000",
        "127.0.0.1@a",
        "localhost:80@evil.example",
        "localhost:80a",
        "[::1]evil.example",
        "[::1",
        "[::1]:80:80",
        "::1",
        "[localhost]",
        "local host",
    ],
)
def test_a_name_that_stands_for_loopback_by_rebinding_is_refused(host: str) -> None:
    assert refusal(GUARDED, host=host) == 421
    assert refusal(OPEN, host=host) is None


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost",
        "http://localhost:8001",
        "file://",
        "",
        "http://localhost:8000.evil.example",
        "chrome-extension://localhost:8000",
    ],
)
def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    for access in (OPEN, GUARDED, TOKEN):
        assert refusal(access, origin=origin, authorization=f"Bearer {SECRET}") == 403


def test_the_server_s_own_page_may_ask() -> None:
    assert refusal(GUARDED, origin="http://localhost:8000") is None
    assert refusal(OPEN, host="example.org", origin="https://example.org") is None
    assert refusal(GUARDED, origin="http://LOCALHOST:8000") is None


def test_a_token_is_asked_for_but_where_it_is_entered_and_by_supervisors() -> None:
    assert [refusal(TOKEN, path) for path in ("/", "/health", "/ready")] == [None] * 3
    for path in ("/predict", "/metrics", "/model", "/openapi.json", "/stream", "/nowhere", "//"):
        assert refusal(TOKEN, path) == 401
        assert refusal(TOKEN, path, authorization=f"Bearer {SECRET[:-1]}") == 401
        assert refusal(TOKEN, path, authorization=f"Bearer {SECRET}") is None


def test_clients_show_the_token_by_header_and_browsers_by_subprotocol(
    classify_run: Path, tmp_path: Path
) -> None:
    path = tmp_path / "token"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    with serving(classify_run, "--token-file", path, folder=tmp_path) as server:
        ask = {"input": "fine"}
        refused = httpx.post(f"{server.url}/predict", json=ask)
        wrong = httpx.post(
            f"{server.url}/predict", json=ask, headers={"authorization": "Bearer 0123456789abcdef"}
        )
        answered = httpx.post(
            f"{server.url}/predict", json=ask, headers={"authorization": f"Bearer {SECRET}"}
        )
        stream = f"{server.url.replace('http', 'ws')}/stream"
        coded = f"bearer.{urlsafe_b64encode(SECRET.encode()).decode().rstrip('=')}"
        with connect(stream, subprotocols=["rnnbuild", coded]) as socket:  # type: ignore[list-item]
            assert socket.subprotocol == "rnnbuild"
        with pytest.raises(InvalidStatus) as caught:
            connect(stream, subprotocols=["rnnbuild", f"{coded}a"])  # type: ignore[list-item]
        # A token that ended up in an address is not written down either.
        httpx.get(f"{server.url}/health", params={"token": SECRET})
    assert (refused.status_code, wrong.status_code, answered.status_code) == (401, 401, 200)
    assert refused.headers["www-authenticate"] == "Bearer"
    assert wrong.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert refused.headers["content-type"] == "application/problem+json"
    assert caught.value.response.status_code == 401
    problem = json.loads(caught.value.response.body)
    assert problem["status"] == 401
    hint = problem["errors"][0]["hint"]
    assert all(part in hint for part in ("Authorization: Bearer", "`rnnbuild`", "`bearer.CODED`"))
    assert "subprotocol" not in refused.text
    log = server.log.read_text()
    assert SECRET not in log
    assert coded not in log
    assert "error" not in log
    assert '"WEBSOCKET /stream" 401' in log


def test_beyond_loopback_without_a_token_is_noted(classify_run: Path, tmp_path: Path) -> None:
    with serving(classify_run, "--host", "0.0.0.0", folder=tmp_path) as server:
        named = httpx.get(f"{server.url}/model", headers={"host": "any.example"})
    assert named.status_code == 200
    assert "note: whoever reaches this machine may use the model" in server.log.read_text()


def test_other_sites_are_refused_at_the_door(tmp_path: Path) -> None:
    with serving(folder=tmp_path, command=PLAIN) as server:
        rebound = httpx.get(f"{server.url}/ready", headers={"host": "evil.example"})
        foreign = httpx.post(f"{server.url}/echo", headers={"origin": "http://evil.example"})
        with pytest.raises(InvalidStatus) as caught:
            connect(f"{server.url.replace('http', 'ws')}/stream", origin="http://evil.example")  # type: ignore[arg-type]
    assert (rebound.status_code, foreign.status_code) == (421, 403)
    assert "--allowed-host" in rebound.json()["errors"][0]["hint"]
    assert caught.value.response.status_code == 403
