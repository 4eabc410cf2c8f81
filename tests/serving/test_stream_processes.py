"""Streams of a server in another process, over real sockets."""

import asyncio
import json
import random
import signal
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_now

from rnnbuild.export.opening import open_stream
from tests.cli.command import rnnbuild as command
from tests.serving.server import serving
from tests.serving.streams import check_replies
from tests.small_runs import WORDS

MESSAGES = [*WORDS, "the plot was very dull", "fine " * 300, " ", '{"input": 7', "a fine\nactor"]
CLIENTS = 60


async def talk(url: str, seed: int) -> tuple[list[str], list[Any]]:
    """What a client sent, and the replies: a third of the clients wait for each, a third send all
    at once, and a third are gone in the middle of an answer."""
    draw = random.Random(seed)
    messages, replies = draw.choices(MESSAGES, k=draw.randint(1, 12)), []
    async with connect(url) as connection:
        if seed % 3 == 0:
            await connection.send("fine " * 2_000)
            connection.transport.abort()
            return [], []
        for message in messages:
            await connection.send(message)
            if seed % 3 == 1:
                replies.append(json.loads(await connection.recv()))
        while len(replies) < len(messages):
            replies.append(json.loads(await connection.recv()))
    return messages, replies


def test_every_client_is_answered_as_if_it_were_alone_and_told_of_the_end(
    classify_run: Path, tmp_path: Path
) -> None:
    stream, _ = open_stream(classify_run)

    async def talk_all(url: str) -> list[tuple[list[str], list[Any]]]:
        return await asyncio.gather(*(talk(url, seed) for seed in range(CLIENTS)))

    with serving(classify_run, "--max-waiting-tokens", 20_000, folder=tmp_path) as server:
        url = server.url.replace("http", "ws") + "/stream"
        talks = asyncio.run(talk_all(url))
        for messages, replies in talks:
            check_replies(stream, messages, replies)
        assert sum(len(replies) for _, replies in talks) > CLIENTS
        with connect_now(url) as connection:
            text = "So very dull a plot"
            connection.send(text)
            printed = command("stream", classify_run, "--format", "json", given=text)
            assert json.loads(connection.recv()) == [*map(json.loads, printed.lines)]
            server.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                connection.recv(timeout=30)
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "the server stops")
        assert server.process.wait(30) == 0
        assert "rror" not in server.log.read_text()
