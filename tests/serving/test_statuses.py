"""Every status that the description of a route names is provoked once, and is as described."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from rnnbuild.serving.access import Access
from rnnbuild.serving.access_log import OWN, AccessLog
from rnnbuild.serving.app import app_of
from rnnbuild.serving.connection import answer_full
from rnnbuild.serving.door import Door
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import ServedModel, open_model
from rnnbuild.serving.token import Token
from tests.serving.asking import JSON, Asked, responses
from tests.serving.models import CODECS, served

LIMITS = Limits(body=2_000)
SECRET = "/secret/place of the machine"
BODIES = {"/predict": {"input": "a"}, "/generate": {"length": 3}}
"""A valid body of each route that takes one."""


class Broken:
    """What nobody expected."""

    def __init__(self, app: ASGIApp):
        pass

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise OSError(SECRET)


def door(app: FastAPI, access: Access) -> Door:
    log = AccessLog(lambda text: None, requests=False)
    return Door(app, access, LIMITS.body, log, app.state.metrics)


Provoke = Callable[[FastAPI, Asked], httpx.Response]


def asked(change: Callable[[Asked], Asked] = lambda one: one, **access: Any) -> Provoke:
    """Sends a request that was changed."""

    def provoke(app: FastAPI, one: Asked) -> httpx.Response:
        (response,) = responses(app, [change(one)], door(app, Access(**access)))
        return response

    return provoke


def with_headers(**headers: str) -> Callable[[Asked], Asked]:
    return lambda one: replace(one, headers=JSON | headers)


def twice(one: Asked) -> Asked:
    return replace(one, headers=[*JSON.items(), ("host", "server"), ("host", "other")])


def broken(app: FastAPI, one: Asked) -> httpx.Response:
    app.user_middleware.append(Middleware(Broken))
    return asked()(app, one)


def full(app: FastAPI, one: Asked) -> httpx.Response:
    """On a connection that is one too many."""
    (response,) = responses(app, [one], answer_full)
    return response


PROVOKED: dict[str, Provoke] = {
    "200": asked(),
    "400": asked(twice),
    "401": asked(token=Token(b"0123456789abcdef")),
    "403": asked(with_headers(origin="http://elsewhere")),
    "413": asked(lambda one: replace(one, body=b" " * (LIMITS.body + 1))),
    "415": asked(lambda one: replace(one, headers={"content-type": "text/plain"})),
    "421": asked(with_headers(host="elsewhere.example"), hosts=()),
    "422": asked(lambda one: replace(one, body=[])),
    "500": broken,
    "503": full,
}


def refuse_undescribed(
    description: dict[str, Any], described: dict[str, Any], given: httpx.Response
) -> None:
    """Fails where a response is not as described: its type, its headers, its body."""
    kind = given.headers["content-type"].partition(";")[0]
    assert kind in described["content"], given.text
    if kind.endswith("json"):
        schema = described["content"][kind]["schema"] | {"components": description["components"]}
        Draft202012Validator(schema).validate(given.json())
    for name, header in described.get("headers", {}).items():
        assert header["required"] and given.headers[name]


def provoke_every_status(model: ServedModel) -> set[tuple[str, str]]:
    """Provokes every status of every route; what was provoked."""
    description = json.loads(json.dumps(app_of(model, LIMITS).openapi()))
    provoked = set()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            one = Asked(path, BODIES.get(path), method=method.upper())
            assert (one.body is None) == ("requestBody" not in operation)
            for status, described in operation["responses"].items():
                assert status in PROVOKED, f"nothing provokes {status} of {path}"
                response = PROVOKED[status](app_of(model, LIMITS), one)
                assert str(response.status_code) == status, (path, response.text)
                assert SECRET not in response.text
                refuse_undescribed(description, described, response)
                provoked.add((path, status))
    return provoked


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(OWN), "disabled", True)


def test_every_status_of_every_route_is_provoked() -> None:
    provoked = provoke_every_status(served(CODECS["a label"]()))
    assert {("/predict", "422"), ("/metrics", "401"), ("/ready", "503")} <= provoked


def test_every_status_of_a_model_that_writes_is_provoked(language_run: Path) -> None:
    assert ("/generate", "415") in provoke_every_status(open_model(language_run))


def test_a_failure_is_answered_with_a_number_beside_which_the_log_has_the_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger(OWN), "disabled", False)
    response = broken(
        app_of(served(CODECS["a label"]()), LIMITS), Asked("/predict", {"input": "a"})
    )
    (record,) = (each for each in caplog.records if each.name == OWN)
    number = record.getMessage().removeprefix("request ")
    assert response.json() == {
        "title": "Internal Server Error",
        "status": 500,
        "detail": (detail := "something failed here that should not: the log has it as request ")
        + number,
        "errors": [{"detail": detail + number}],
    }
    assert record.exc_info is not None and SECRET in str(record.exc_info[1])


def test_the_log_has_the_number_and_the_traceback_without_control_characters() -> None:
    from rnnbuild.serving.access_log import LibraryMessages

    written: list[str] = []
    messages = LibraryMessages(AccessLog(written.append), tracebacks=False)
    try:
        raise OSError("\x1b[2J of a client")
    except OSError as error:
        record = logging.LogRecord(
            OWN, logging.ERROR, "", 1, "request %s", ("abc",), (OSError, error, error.__traceback__)
        )
    messages.emit(record)
    text = "".join(written)
    assert "request abc, unexpected error in rnnbuild: OSError: \\x1b[2J of a client" in text
    assert "Traceback" in text and "raise OSError" in text and "\x1b" not in text
