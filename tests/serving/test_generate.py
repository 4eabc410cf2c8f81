"""Texts over HTTP, beside those that `rnnbuild generate` and Python write by the same seed."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rnnbuild import open_run
from rnnbuild.config.load import load_config
from rnnbuild.data.kind.codec import Codec
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.serving.app import app_of
from rnnbuild.serving.disconnect import ClientGoneError
from rnnbuild.serving.limits import Limits
from tests.cli.command import rnnbuild as command
from tests.inference.stream.prepared import prepared_stream
from tests.serving.server import serving
from tests.serving.streams import client_of, gated, served
from tests.small_runs import language_config


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stream, Codec]:
    """A language model with initial weights, which writes nonsense."""
    folder = tmp_path_factory.mktemp("language")
    return prepared_stream(load_config(language_config(folder)), folder, folder)[:2]


@pytest.fixture(scope="module")
def client(untrained: tuple[Stream, Codec]) -> Iterator[TestClient]:
    with client_of(served(*untrained), tokens=100) as client:
        yield client


def test_the_same_seed_writes_the_text_of_the_command_and_of_python(
    language_run: Path, tmp_path: Path
) -> None:
    run = open_run(language_run)
    keys: dict[str, Any] = {"temperature": 0.8, "top_k": 9, "top_p": 0.95, "stop": [".\n", "was s"]}
    with serving(language_run, folder=tmp_path) as server:
        url = f"{server.url}/generate"

        def text_of(seed: int) -> str:
            asked = {"prompt": "The pl", "seed": seed, "length": 300}
            return str(httpx.post(url, json=asked).json()["text"])

        with ThreadPoolExecutor(8) as threads:  # all at once, each in turns with the others
            texts = list(threads.map(text_of, range(8)))
        assert texts == [run.generate("The pl", seed=seed, length=300) for seed in range(8)]
        options = ("--prompt", "The pl", "--length", 300, "--seed", 7)
        assert command("generate", language_run, *options).out == texts[7]

        drawn = httpx.post(url, json={"length": 50}).json()
        assert drawn["text"] == run.generate(seed=drawn["seed"], length=50)
        with httpx.stream("POST", url, json={"seed": 5, "stream": True, **keys}) as reply:
            assert reply.headers["content-type"] == "text/plain; charset=utf-8"
            assert reply.headers["rnnbuild-seed"] == "5"
            assert "".join(reply.iter_text()) == run.generate(seed=5, **keys)
        likeliest = httpx.post(url, json={"temperature": 0, "length": 20}).json()
        assert likeliest == {"text": run.generate(temperature=0, length=20), "seed": None}


def test_everything_that_is_wrong_is_named_with_its_field(client: TestClient) -> None:
    body = {
        "prompt": "The ☃",
        "temperature": -1,
        "top_k": 0,
        "top_p": 2,
        "seed": -3,
        "length": 101,
        "stop": ["fine", "", "☃"],
    }
    reply = client.post("/generate", json=body)
    assert reply.status_code == 422
    details = {one["pointer"]: one["detail"] for one in reply.json()["errors"]}
    assert list(details) == [
        "#/prompt",
        "#/temperature",
        "#/top_k",
        "#/top_p",
        "#/seed",
        "#/length",
        "#/stop/1",
        "#/stop/2",
    ]
    assert details["#/prompt"].startswith("line 1, column 5: the prompt has `☃`, which is not ")
    assert details["#/length"] == "the length is 101: it is from 1 to 100 tokens"
    assert "the stop text has `☃`" in details["#/stop/2"]


@pytest.mark.parametrize(
    ("stop", "pointer", "detail"),
    [
        (["a"] * 17, "#/stop", "17 texts, and at most 16 are looked for"),
        (["a"] * 300_000, "#/stop", "300,000 texts, and at most 16 are looked for"),
        (["a", 1, 2], "#/stop/1", "expected a text, found 1"),
        (["a", "b" * 1_001], "#/stop/1", "expected a text of 1,000 characters at most, found "),
    ],
)
def test_stop_texts_are_few_and_short(
    client: TestClient, stop: list[Any], pointer: str, detail: str
) -> None:
    """Each is looked for after each token."""
    reply = client.post("/generate", json={"stop": stop})
    (problem,) = reply.json()["errors"]
    assert (reply.status_code, problem["pointer"]) == (422, pointer)
    assert problem["detail"].startswith(detail)
    assert client.post("/generate", json={"stop": ["fine"] * 16, "length": 1}).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({"prompt": "fine " * 21}, "#/prompt", "the prompt is 105 tokens, and at most 100 are"),
        ({"length": 0}, "#/length", "the length is 0: it is from 1 to 100 tokens"),
        ({"top_k": 1_000}, "#/top_k", "a top-k of 1000 does nothing: the model knows"),
    ],
)
def test_a_field_is_limited_by_the_server_and_by_the_model(
    body: dict[str, Any], pointer: str, detail: str, client: TestClient
) -> None:
    (problem,) = client.post("/generate", json=body).json()["errors"]
    assert problem["pointer"] == pointer
    assert problem["detail"].startswith(detail)


def test_the_description_has_the_length_that_the_server_allows(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    length = schemas["GenerateRequest"]["properties"]["length"]
    assert (length["minimum"], length["maximum"]) == (1, 100)
    assert "100 by default" in length["description"]  # less than the 500 of the command


def test_a_setting_that_does_nothing_is_noted(client: TestClient) -> None:
    reply = client.post("/generate", json={"temperature": 0, "top_k": 3, "length": 5}).json()
    assert reply["note"].startswith("top-k does nothing at a temperature of 0")


def test_without_a_length_no_more_is_written_than_the_server_allows(client: TestClient) -> None:
    assert len(client.post("/generate", json={"seed": 1}).json()["text"]) == 100


@pytest.mark.parametrize("stream", [False, True])
def test_a_full_queue_is_answered_at_once(stream: bool, untrained: tuple[Stream, Codec]) -> None:
    slow, model = gated(untrained[0])
    with (
        client_of(served(slow, untrained[1]), waiting_tokens=1) as client,
        client.websocket_connect("/stream") as session,
    ):
        session.send_text("T")
        assert model.waits.wait(30)
        reply = client.post("/generate", json={"stream": stream})
        model.gate.set()
        assert session.receive_json()
    assert (reply.status_code, reply.json()["detail"]) == (503, "too much waits for the model")
    assert int(reply.headers["retry-after"]) >= 1


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_goes_stops_the_writing_within_a_slice(
    stream: bool, untrained: tuple[Stream, Codec]
) -> None:
    slow, model = gated(untrained[0])
    model.gate.set()
    app = app_of(served(slow, untrained[1]), Limits())

    async def run() -> tuple[int, int, list[Any]]:
        gone = asyncio.Event()
        async with app.router.lifespan_context(app):
            asking = asyncio.create_task(messages_to(app, stream, gone))
            while model.steps < 200:
                await asyncio.sleep(0.001)
            gone.set()
            before = model.steps
            await asyncio.wait((asking,), timeout=30)
            await asyncio.sleep(0.05)
            return before, model.steps, bodies_in(asking)

    before, after, bodies = asyncio.run(run())
    assert before <= after <= before + 2 * 32 < 20_000
    assert bool(bodies) == stream
    assert all(body["more_body"] for body in bodies)  # and so it is not complete


def test_what_fails_midway_leaves_the_text_unfinished(untrained: tuple[Stream, Codec]) -> None:
    slow, model = gated(untrained[0])
    model.gate.set()
    outputs = model.outputs

    def failing(inputs: Any, layers: Any) -> Any:
        given, after = outputs(inputs, layers)
        return (given * 0 if model.steps > 100 else given), after

    model.outputs = failing  # type: ignore[method-assign]
    with client_of(served(slow, untrained[1])) as client:
        reply = client.post("/generate", json={})
        assert reply.status_code == 422
        assert "gives each token that it knows the probability 0" in reply.json()["detail"]
    model.steps = 0
    app = app_of(served(slow, untrained[1]), Limits())

    async def run() -> list[Any]:
        async with app.router.lifespan_context(app):
            asking = asyncio.create_task(messages_to(app, True, asyncio.Event()))
            await asking
            return bodies_in(asking)

    bodies = asyncio.run(run())
    assert len(b"".join(body["body"] for body in bodies)) == 96
    assert all(body["more_body"] for body in bodies)


async def messages_to(app: FastAPI, stream: bool, gone: asyncio.Event) -> list[Any]:
    """What the application sends to a client that asks for a long text, until it has gone."""
    sent: list[Any] = []
    body = b'{"length": 20000, "stream": %s}' % (b"true" if stream else b"false")
    asked = iter([{"type": "http.request", "body": body}])

    async def receive() -> Any:
        for message in asked:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/generate",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    with suppress(ClientGoneError):
        await app(scope, receive, send)
    return sent


def bodies_in(asking: "asyncio.Task[list[Any]]") -> list[Any]:
    """The parts of a text that were sent."""
    start, *bodies = asking.result()
    return bodies if start["status"] == 200 else []
