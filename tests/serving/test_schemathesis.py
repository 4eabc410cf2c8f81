"""Whatever the description allows, and much that it does not, is answered as it says."""

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from tests.serving.models import CODECS, served
from tests.serving.server import Server, serving

CHECKS = [
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
FEW, MANY = 4, 500
"""Requests to each operation, valid and invalid ones each."""
SEED = 16


def ask(url: str, operation: str, mode: GenerationMode, requests: int) -> int:
    """Sends requests to an operation; the number of them. Fails where an answer is not as
    described, or is a failure of the server's but one that says when to try again."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    (described,) = (
        result.ok() for result in schema.get_all_operations() if result.ok().label == operation
    )
    sent = 0

    @hypothesis.seed(SEED)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=described.as_strategy(generation_mode=mode))
    def one(case: Case) -> None:
        nonlocal sent
        sent += 1
        response = case.call()
        honest = response.status_code == 503 and "retry-after" in response.headers
        assert response.status_code < 500 or honest, response.text
        case.validate_response(response, checks=CHECKS)

    one()
    return sent


def operations(url: str) -> list[str]:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    return [result.ok().label for result in schema.get_all_operations()]


def ask_all(server: Server, requests: int) -> None:
    names = operations(server.url)
    assert {"POST /predict", "GET /model", "GET /ready", "GET /metrics"} <= set(names)
    for name in names:
        takes_body = name.startswith("POST")
        assert ask(server.url, name, GenerationMode.POSITIVE, requests if takes_body else 1)
        if takes_body:
            assert ask(server.url, name, GenerationMode.NEGATIVE, requests)
    assert "Traceback" not in server.log.read_text()


@pytest.fixture(params=CODECS)
def drawn(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server of each kind of answer."""
    root = str(Path(__file__).parents[2])
    command = (sys.executable, "-c", PROGRAM, root)
    with serving(request.param, folder=tmp_path, command=command) as server:
        yield server


PROGRAM = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); " + (
    "runpy.run_module('tests.serving.drawn', run_name='__main__')"
)


def test_a_model_of_every_kind_answers_as_described(drawn: Server) -> None:
    ask_all(drawn, FEW)


@pytest.mark.torture
def test_much_is_answered_as_described_by_a_model_of_every_kind(drawn: Server) -> None:
    ask_all(drawn, MANY)


def test_the_description_is_beside_what_it_describes_also_behind_a_prefix() -> None:
    app = app_of(served(next(iter(CODECS.values()))()), Limits())
    (server,) = app.openapi()["servers"]
    assert urljoin("http://h/openapi.json", server["url"]) == "http://h/"
    assert urljoin("http://h/model/openapi.json", server["url"]) == "http://h/model/"


def test_a_model_that_writes_answers_as_described(language_run: Path, tmp_path: Path) -> None:
    with serving(language_run, folder=tmp_path) as server:
        assert "POST /generate" in operations(server.url)
        ask(server.url, "POST /generate", GenerationMode.NEGATIVE, FEW)


@pytest.mark.torture
def test_much_is_answered_as_described_by_a_model_that_writes(
    language_run: Path, tmp_path: Path
) -> None:
    with serving(language_run, "--max-tokens", 500, folder=tmp_path) as server:
        ask_all(server, MANY // 5)
