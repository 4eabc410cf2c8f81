"""A connection's answers are those to its own messages alone, whatever others send and suffer."""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

import rnnbuild
from rnnbuild.config.load import load_config
from rnnbuild.data.kind.codec import Codec
from rnnbuild.inference.stream.opening import NotStepByStepError
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from tests.inference.stream.prepared import one_way, prepared_stream
from tests.inference.stream.test_series import two_columns
from tests.serving.streams import WAIT, check_replies, client_of, gated, served
from tests.small_runs import labels_config, language_config

Made = tuple[Stream, Codec]


def labels(folder: Path) -> Made:
    return prepared_stream(load_config(labels_config(folder)), folder, folder)[:2]


def tags(folder: Path) -> Made:
    return prepared_stream(one_way("amazon", data__size=60, units=5), folder)[:2]


def numbers(folder: Path) -> Made:
    config = rnnbuild.load("adding", {"data.size": 60, "units": 4})
    return prepared_stream(config, folder)[:2]


def series(folder: Path) -> Made:
    return two_columns(folder, transform=["log", "difference"], horizon=2)[:2]


def language(folder: Path) -> Made:
    return prepared_stream(load_config(language_config(folder)), folder, folder)[:2]


TEXTS = [
    "the plot",
    "fine",
    "so very dull a scene",
    "\n",
    " ",
    "",
    '{"input": ["the", "New York"]}',
]
STEPS = [
    "0.5 1",
    "20, 21.5",
    "[3, 4]",
    '{"input": [0.25, 7]}',
    '{"input": [[0.25, 7], [20, 21]]}',
    '{"input": [[0.25, 7], [20.5]]}',
    "",
    "1",
    "0.1 nan",
    "-1 2",
    "x",
]
KINDS: dict[str, tuple[Callable[[Path], Made], list[str]]] = {
    "labels": (labels, TEXTS),
    "tags": (tags, TEXTS),
    "numbers": (numbers, STEPS),
    "series": (series, STEPS),
    "language": (language, TEXTS),
}


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """The stream of each kind, with initial weights."""
    return {kind: make(tmp_path_factory.mktemp(kind)) for kind, (make, _) in KINDS.items()}


@pytest.fixture(scope="module")
def words(streams: dict[str, Made]) -> Made:
    return streams["labels"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("waiting_tokens", [1 << 18, 1], ids=["with room", "overloaded"])
def test_any_interleaving_gives_each_connection_its_own_answers(
    kind: str, waiting_tokens: int, streams: dict[str, Made]
) -> None:
    stream, codec = streams[kind]
    actions = st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from([*KINDS[kind][1], None])), max_size=25
    )
    with client_of(served(stream, codec), waiting_tokens=waiting_tokens) as client:

        @settings(max_examples=40)
        @given(actions)
        def check(sent: list[tuple[int, str | None]]) -> None:
            answered_as_if_alone(client, stream, sent)

        check()


def answered_as_if_alone(
    client: TestClient, stream: Stream, sent: list[tuple[int, str | None]]
) -> None:
    """Sends messages over several connections, none of which waits for answers; None ends one in
    the middle of what it has asked, and its next message begins another."""
    with ExitStack() as every:
        now: dict[int, tuple[ExitStack, Any, list[str]]] = {}
        for number, message in sent:
            if message is None:
                if number in now:
                    now.pop(number)[0].close()
                continue
            if number not in now:
                own = every.enter_context(ExitStack())
                now[number] = (own, own.enter_context(client.websocket_connect("/stream")), [])
            _, session, messages = now[number]
            session.send_text(message)
            messages.append(message)
        for _, session, messages in now.values():
            check_replies(stream, messages, [session.receive_json() for _ in messages])


def test_a_long_message_is_answered_in_one_reply_as_in_many(words: Made) -> None:
    stream, codec = words
    text = "the plot was fine and so very dull " * 100
    with client_of(served(stream, codec)) as client, client.websocket_connect("/stream") as session:
        session.send_text(text)
        reply = session.receive_json()
        assert len(reply) == 800 > 3 * 256
        check_replies(stream, [text], [reply])


@pytest.mark.parametrize(
    ("message", "status", "detail"),
    [
        ('{"input": 7}', 422, "expected a text or a list, found 7"),
        ('{"input": {"a": 1}}', 422, "expected a text or a list, found an object"),
        ('{"input": ["a", 1]}', 422, "expected a text, found 1"),
        ('{"input": "a", "more": 1}', 422, "there is no field `more`"),
        ('{"inputs": ["a b"]}', 422, "`input` is missing"),
        (' {"text": "a"}', 422, "`input` is missing"),
        ("{}", 422, "`input` is missing"),
        (
            '{"input": ["a"',
            400,
            "the message is not JSON at line 1, column 15: a comma is expected, or the end of the "
            "list or object",
        ),
        (
            '{"text',
            400,
            "the message is not JSON at line 1, column 2: a text begins that has no end",
        ),
        ('{"input": "a", "input": "b"}', 400, 'the message has "input" twice in one object'),
        ("a b c d e f", 422, "the message has 6 steps, and at most 5 are read at once"),
        (b"a", 415, "the message is binary"),
    ],
)
def test_what_is_no_input_is_a_problem_and_changes_nothing(
    message: str | bytes, status: int, detail: str, words: Made
) -> None:
    stream, codec = words
    with (
        client_of(served(stream, codec), tokens=5) as client,
        client.websocket_connect("/stream") as session,
    ):
        session.send_text("the plot")
        first = session.receive_json()
        session.send_bytes(message) if isinstance(message, bytes) else session.send_text(message)
        problem = session.receive_json()
        assert (problem["status"], problem["detail"]) == (status, detail)
        assert problem["errors"][0]["hint"]
        session.send_text("was dull")
        check_replies(stream, ["the plot", "was dull"], [first, session.receive_json()])


def test_a_text_that_looks_like_json_can_be_sent_as_it_is(words: Made) -> None:
    stream, codec = words
    line, text = '["a", {"b": 1}]', '{"input": 7}'
    with client_of(served(stream, codec)) as client, client.websocket_connect("/stream") as session:
        for message in (line, json.dumps({"input": text})):
            session.send_text(message)
        replies = [session.receive_json() for _ in range(2)]
    check_replies(stream, [line, json.dumps({"input": text})], replies)
    assert [one["token"] for one in replies[1]] == ["{", '"', "input", '"', ":", "7", "}"]


def test_refused_for_want_of_room_or_time_a_message_can_be_sent_again(words: Made) -> None:
    stream, codec = words
    slow, model = gated(stream)
    with (
        client_of(served(slow, codec), waiting_tokens=40, seconds=0.05) as client,
        client.websocket_connect("/stream") as first,
        client.websocket_connect("/stream") as late,
        client.websocket_connect("/stream") as refused,
    ):
        first.send_text("fine")
        assert model.waits.wait(WAIT)
        late.send_text("fine")
        refused.send_text("dull plot")
        reply = refused.receive_json()
        assert reply["status"] == 503
        assert reply["detail"] == "too much waits for the model"
        assert reply["errors"][0]["hint"].startswith("try again in ")
        client.portal.call(asyncio.sleep, 0.1)
        model.gate.set()
        check_replies(stream, ["fine"], [first.receive_json()])
        reply = late.receive_json()
        assert (reply["status"], reply["detail"]) == (503, "the model was busy for too long")
        for session in (late, refused):
            session.send_text("dull")
            check_replies(stream, ["dull"], [session.receive_json()])


def test_a_client_that_goes_stops_its_message_within_a_turn(words: Made) -> None:
    stream, codec = words
    slow, model = gated(stream)
    app = app_of(served(slow, codec), Limits())
    scope = {
        "type": "websocket",
        "path": "/stream",
        "query_string": b"",
        "headers": [],
        "subprotocols": [],
    }

    async def send(message: Any) -> None:
        assert message["type"] == "websocket.accept"

    async def run() -> None:
        coming: asyncio.Queue[Any] = asyncio.Queue()
        coming.put_nowait({"type": "websocket.connect"})
        coming.put_nowait({"type": "websocket.receive", "text": "fine " * 1_000})
        async with app.router.lifespan_context(app):
            connection = asyncio.create_task(app(scope, coming.get, send))
            while not model.waits.is_set() and not connection.done():
                await asyncio.sleep(0.001)
            coming.put_nowait({"type": "websocket.disconnect", "code": 1006})
            await asyncio.wait((connection,), timeout=WAIT)
            assert connection.result() is None
            model.gate.set()
            await asyncio.sleep(0.1)

    asyncio.run(run())
    assert model.steps == 256


def test_a_silent_connection_is_told_and_closed(words: Made) -> None:
    with (
        client_of(served(*words), idle=0.05) as client,
        client.websocket_connect("/stream") as session,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        session.receive_text()
    assert (closed.value.code, closed.value.reason) == (1008, "no message for 0.05 s")


def test_at_the_end_the_message_under_way_is_answered_and_then_all_are_told(words: Made) -> None:
    stream, codec = words
    slow, model = gated(stream)
    with (
        client_of(served(slow, codec)) as client,
        client.websocket_connect("/stream") as busy,
        client.websocket_connect("/stream") as silent,
    ):
        busy.send_text("fine")
        assert model.waits.wait(WAIT)
        client.portal.call(client.app.state.stopping.set)
        model.gate.set()
        check_replies(stream, ["fine"], [busy.receive_json()])
        for session in (busy, silent):
            with pytest.raises(WebSocketDisconnect) as closed:
                session.receive_text()
            assert (closed.value.code, closed.value.reason) == (1001, "the server stops")
        with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/stream"):
            pass
        assert denied.value.status_code == 503


def test_one_connection_too_many_is_refused_until_another_ends(words: Made) -> None:
    with client_of(served(*words), streams=1) as client:
        with client.websocket_connect("/stream"):
            with (
                pytest.raises(WebSocketDenialResponse) as denied,
                client.websocket_connect("/stream"),
            ):
                pass
            assert denied.value.status_code == 503
            assert denied.value.headers["retry-after"] == "10"
            assert denied.value.json()["detail"] == (
                "no stream is free: there are 1, the most that may be open at once"
            )
        with client.websocket_connect("/stream") as session:
            session.send_text("fine")
            assert session.receive_json()


def test_streams_that_are_switched_off_are_not_to_be_waited_for(words: Made) -> None:
    with client_of(served(*words), streams=0) as client:
        with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/stream"):
            pass
        plain, model = client.get("/stream"), client.get("/model").json()
        described = client.get("/openapi.json").json()["info"].get("description", "")
    for answer in (denied.value, plain):
        assert answer.status_code == 404
        assert answer.json()["detail"] == "streams are switched off on this server"
    assert model["streams"] is False
    assert "/stream" not in described


def test_a_browser_that_offers_a_token_as_subprotocol_is_answered_with_ours(words: Made) -> None:
    with (
        client_of(served(*words)) as client,
        client.websocket_connect("/stream", subprotocols=["rnnbuild", "bearer.YQ"]) as session,
    ):
        assert session.accepted_subprotocol == "rnnbuild"


def test_a_model_that_needs_the_end_is_served_and_says_what_would_not(words: Made) -> None:
    reason = "layer `gru` reads the sequence from its end"
    remedy = "train one: rnnbuild train CONFIG --set bidirectional=false"
    without = NotStepByStepError("/home/me/run", reason, remedy, "rnnbuild train /home/me/run")
    with client_of(replace(served(*words), stream=without)) as client:
        with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/stream"):
            pass
        assert denied.value.status_code == 404
        assert denied.value.headers["content-type"] == "application/problem+json"
        (problem,) = denied.value.json()["errors"]
        assert problem["detail"].endswith(reason)
        # A client cannot train another.
        assert problem["hint"] == "`/predict` answers once the input is complete"
        assert "/home/me" not in denied.value.text
        assert "/stream" not in client.get("/openapi.json").json()["info"].get("description", "")
        refused = client.post("/generate", json={})
        assert (refused.status_code, refused.json()["detail"]) == (
            404,
            "this model writes no text: it classifies",
        )


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_description_shows_of_a_stream_is_answered_as_it_shows(
    kind: str, streams: dict[str, Made]
) -> None:
    stream, codec = streams[kind]
    with client_of(served(stream, codec)) as client:
        usage = client.get("/openapi.json").json()["info"]["description"]
        message, answer, anew, *_ = re.findall(r"^- (.*)", usage, re.MULTILINE)
        messages = [shown for shown in re.findall("`([^`]*)`", message) if shown != '{"']
        assert len(messages) == (2 if kind == "language" else 3)
        for sent in messages:
            with client.websocket_connect("/stream") as session:
                session.send_text(sent)
                records = session.receive_json()
                assert isinstance(records, list), records
                assert list(records[0]) == keys_shown(answer)[: len(records[0])]
                if kind == "series":
                    while records[-1]["load"] == []:
                        session.send_text(sent)
                        records = session.receive_json()
                    assert f"follows step {records[-1]['step']};" in answer
                session.send_text(" ")
                assert (session.receive_json() == []) == ("begins a new sequence" in anew)


def keys_shown(answer: str) -> list[str]:
    """The names in a record that a description shows."""
    return re.findall(r'"([\w-]+)":', answer)


def test_a_request_that_is_no_handshake_is_told_of_websockets(words: Made) -> None:
    stream, codec = words
    with client_of(served(stream, codec)) as client:
        for response in (client.get("/stream"), client.post("/stream", json={"input": "a"})):
            assert response.status_code == 426
            assert response.headers["upgrade"] == "websocket"
            assert response.json()["detail"] == "this path is for WebSockets"
            assert "ws://" in response.json()["errors"][0]["hint"]
    reason = "layer `gru` reads the sequence from its end"
    without = NotStepByStepError("run", reason, None, "")
    with client_of(replace(served(stream, codec), stream=without)) as client:
        response = client.get("/stream")
        assert response.status_code == 404
        assert response.json()["detail"].endswith(reason)


def test_the_place_of_a_wrong_step_and_a_message_to_send_instead_are_named(
    streams: dict[str, Made], tmp_path: Path
) -> None:
    one_column, codec = two_columns(tmp_path, columns=["heat"], targets=["heat"])[:2]
    with (
        client_of(served(one_column, codec)) as client,
        client.websocket_connect("/stream") as session,
    ):
        session.send_text('{"input": {"heat": 370}}')
        hint = session.receive_json()["errors"][0]["hint"]
        shown = re.findall(r"`(\{[^`]*)`", hint)
        assert len(shown) == 2
        for message in shown:
            session.send_text(message)
            assert isinstance(session.receive_json(), list)
    with (
        client_of(served(*streams["numbers"])) as client,
        client.websocket_connect("/stream") as session,
    ):
        session.send_text('{"input": [[0.5, 1], [0.5], [1, 1]]}')
        (error,) = session.receive_json()["errors"]
        assert error["pointer"] == "#/input/1"
        assert error["detail"] == "`[0.5]` has 1 number"
        assert error["hint"] == "a step is 2 numbers, as a list"
