"""A server under load from this process: every answer is the asker's own, whatever others do."""

import json
import statistics
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np
import pytest

from rnnbuild import open_run
from rnnbuild.export.opening import open_stream
from rnnbuild.inference.questions import answers_together, question_of
from tests.serving.load import (
    Connection,
    Exchange,
    Tally,
    alike,
    leaving,
    memory_watched,
    patient,
    post,
    resident,
    run_together,
    slow,
    talking,
)
from tests.serving.server import Server, serving
from tests.small_runs import WORDS

ANSWERED = {200, 503}
SHORT, LONG = 1.0, 60.0
"""Seconds of a load."""
SECONDS = pytest.mark.parametrize("seconds", [SHORT, pytest.param(LONG, marks=pytest.mark.torture)])
GROWTH = 16 << 20
"""Bytes by which a server may grow in the second half of a load: free parts of its heap."""


def texts_of(draw: np.random.Generator, count: int, words: int) -> list[str]:
    choice = [*WORDS, "fine", "dull", "not"]
    return [" ".join(draw.choice(choice, draw.integers(1, words))) for _ in range(count)]


@pytest.fixture(scope="module")
def exchanges(classify_run: Path) -> list[list[Exchange]]:
    """Requests of 240 clients, four each of one to six texts; no two have the same answers."""
    trained, draw = open_run(classify_run), np.random.default_rng(5)
    asked = [texts_of(draw, int(draw.integers(3, 7)), 30) for _ in range(960)]
    answered = answers_together(trained, [question_of(trained, texts) for texts in asked])
    every = [
        Exchange(post("/predict", {"inputs": texts}), {"answers": answers})
        for texts, answers in zip(asked, answered, strict=True)
    ]
    seen = {json.dumps(one.answer) for one in every}
    assert len(seen) == len(every)
    return [every[first : first + 4] for first in range(0, len(every), 4)]


@pytest.fixture(scope="module")
def flood(classify_run: Path) -> list[Exchange]:
    """Large requests: 1,000 texts each."""
    trained, draw = open_run(classify_run), np.random.default_rng(6)
    asked = [texts_of(draw, 1_000, 20) for _ in range(3)]
    answered = answers_together(trained, [question_of(trained, texts) for texts in asked])
    return [
        Exchange(post("/predict", {"inputs": texts}), {"answers": answers})
        for texts, answers in zip(asked, answered, strict=True)
    ]


@pytest.fixture(scope="module")
def conversations(classify_run: Path) -> list[list[tuple[str, Any]]]:
    """Messages of 40 streams with the replies to each after those before it."""
    stream, _ = open_stream(classify_run)
    draw, every = np.random.default_rng(7), []
    for _ in range(40):
        messages, state = [], stream.initial
        for message in texts_of(draw, 12, 4):
            records, state = stream.after(message, state)
            messages.append((message, records))
        every.append(messages)
    return every


def assert_sound(tally: Tally, server: Server) -> None:
    """Nothing but answers and honest 503s, and nothing that the server did not expect."""
    assert not tally.faults, (len(tally.faults), tally.faults[:3])
    assert tally.statuses.keys() <= ANSWERED
    assert "Traceback" not in server.log.read_text()


def latency(url: str, exchange: Exchange, times: int) -> list[float]:
    """Seconds of each of some requests, one after the other."""
    seconds: list[float] = []

    async def ask() -> None:
        connection = await Connection.to(url)
        for _ in range(times):
            began = perf_counter()
            reply = await connection.ask(exchange.request)
            assert reply.status == 200, reply
            assert exchange.answered_by(reply.body)
            seconds.append(perf_counter() - began)
        connection.transport.close()

    run_together(lambda: [ask()])
    return seconds


@SECONDS
def test_200_clients_get_their_own_answers_and_memory_is_flat(
    classify_run: Path, exchanges: list[list[Exchange]], tmp_path: Path, seconds: float
) -> None:
    tally, memory = Tally(), list[tuple[float, int]]()
    with serving(classify_run, "-q", folder=tmp_path) as server:
        until = perf_counter() + seconds
        run_together(
            lambda: [
                *(patient(server.url, own, tally, until) for own in exchanges[:200]),
                memory_watched(server.process.pid, memory, until),
            ]
        )
        assert_sound(tally, server)
    assert tally.answered > 200
    half = [size for at, size in memory if at > until - seconds / 2]
    assert max(half) - half[0] < GROWTH, memory


@SECONDS
def test_clients_that_hang_up_harm_nobody(
    classify_run: Path, exchanges: list[list[Exchange]], tmp_path: Path, seconds: float
) -> None:
    tally = Tally()
    with serving(classify_run, "-q", folder=tmp_path) as server:
        until = perf_counter() + seconds
        run_together(
            lambda: [
                *(patient(server.url, own, tally, until) for own in exchanges[:80]),
                *(leaving(server.url, exchanges[n], tally, until, seed=n) for n in range(80, 100)),
                *(slow(server.url, own, tally, until) for own in exchanges[100:105]),
            ]
        )
        assert_sound(tally, server)
        assert tally.answered > 100
        latency(server.url, exchanges[0][0], 20)


@SECONDS
def test_after_an_overload_answers_come_as_before(
    classify_run: Path,
    exchanges: list[list[Exchange]],
    flood: list[Exchange],
    tmp_path: Path,
    seconds: float,
) -> None:
    tally = Tally()
    with serving(classify_run, "-q", "--max-waiting-tokens", 50_000, folder=tmp_path) as server:
        before = latency(server.url, exchanges[0][0], 100)
        until = perf_counter() + seconds
        run_together(lambda: [patient(server.url, flood, tally, until) for _ in range(40)])
        assert_sound(tally, server)
        assert tally.statuses[503] > 0
        assert tally.answered > 0
        sleep(max(0.0, until + 2 - perf_counter()))
        after = latency(server.url, exchanges[0][0], 100)
    # A machine in use has its own ups and downs; a queue that is left over would take seconds.
    assert statistics.median(after) < 3 * statistics.median(before) + 0.005


@SECONDS
def test_no_state_and_no_answer_crosses_connections(
    classify_run: Path,
    exchanges: list[list[Exchange]],
    flood: list[Exchange],
    conversations: Sequence[Sequence[tuple[str, Any]]],
    tmp_path: Path,
    seconds: float,
) -> None:
    """With timeouts, a full queue and clients that hang up, all at once."""
    tally, streams, large = Tally(), Tally(), Tally()
    limits = ("--max-waiting-tokens", 30_000, "--max-wait", 0.15)
    with serving(classify_run, "-q", *limits, folder=tmp_path) as server:
        until = perf_counter() + seconds
        run_together(
            lambda: [
                *(patient(server.url, own, tally, until) for own in exchanges[:60]),
                *(leaving(server.url, exchanges[n], tally, until, seed=n) for n in range(60, 80)),
                *(patient(server.url, flood, large, until) for _ in range(6)),
                *(talking(server.url, own, streams, until) for own in conversations),
            ]
        )
        for each in (tally, streams, large):
            assert_sound(each, server)
        assert (tally.statuses + large.statuses)[503] > 0
        assert streams.answered > 0
        quiet = Tally()
        until = perf_counter() + 0.5
        calm = [partial(talking, server.url, own, quiet, until) for own in conversations[:5]]
        run_together(lambda: [*(one() for one in calm), patient(server.url, flood, quiet, until)])
        assert_sound(quiet, server)


def test_a_crossed_answer_would_be_found(exchanges: list[list[Exchange]]) -> None:
    one, other = exchanges[0][0], exchanges[0][1]
    assert one.answered_by(json.dumps(one.answer).encode())
    assert not one.answered_by(json.dumps(other.answer).encode())
    assert not alike([0.5], [0.50001])
    assert resident(1) > 0
