"""`WS /stream`: an answer after each step of a sequence that is still coming.

A connection has a state, in its handler alone: the one after the last message that was answered. A
message is answered before the next is taken; one more is read ahead, and no other, so that whoever
sends faster than the model answers, or does not read the answers, is slowed down by the network.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import APIRouter, Request, WebSocket, WebSocketDisconnect

from rnnbuild.errors import RnnbuildError
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.stream.opening import NotStepByStepError
from rnnbuild.inference.stream.stream import Stream, StreamState
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.message import Message, given_in, message_type
from rnnbuild.serving.model import STEP_TOKENS, ServedModel
from rnnbuild.serving.problems import (
    FieldProblem,
    RefusedError,
    hint_for_clients,
    problem_body,
    problem_response,
    refused,
    refused_as,
    refused_busy,
)
from rnnbuild.serving.token import PROTOCOL
from rnnbuild.serving.turns import TooMuchWaitsError, Turns

SLICE = 256
"""Steps of a message in one turn."""
BUSY_AGAIN = 10
"""Seconds after which a connection may be free."""
AWAY, POLICY = 1001, 1008
"""Codes of RFC 6455: the server ends; the connection does not keep to its limits."""
STOPS = "the server stops"


def stream_route(
    model: ServedModel, turns: Turns, limits: Limits, stopping: asyncio.Event
) -> APIRouter:
    """The route of a model, or of one that has no streams, where each is refused with the reason.

    Once `stopping` is set, each connection ends between two messages.
    """
    router, stream, connections = APIRouter(), model.stream, set[WebSocket]()
    form = message_type(model.trained.codec)

    @router.websocket("/stream")
    async def answer(websocket: WebSocket) -> None:
        if (none := without_streams(model, limits)) is not None:
            return await deny(websocket, none)
        assert isinstance(stream, Stream)
        if stopping.is_set():
            return await deny(websocket, no_room(STOPS))
        if len(connections) >= limits.streams:
            most = f"{limits.streams:,}, the most that may be open at once"
            return await deny(websocket, no_room(f"no stream is free: there are {most}"))
        connections.add(websocket)
        try:
            with (
                suppress(WebSocketDisconnect),
                websocket.app.state.metrics.streams.track_inprogress(),
            ):
                await converse(websocket, Replies(stream, form, turns, limits), stopping)
        finally:
            connections.discard(websocket)
        return None

    @router.api_route("/stream", methods=["GET", "POST"], include_in_schema=False)
    async def plain(request: Request) -> None:
        raise without_streams(model, limits) or plain_http()

    return router


async def deny(websocket: WebSocket, why: RefusedError) -> None:
    """Answers a handshake with a problem."""
    await websocket.send_denial_response(problem_response(why.status, why.errors, why.headers))


def without_streams(model: ServedModel, limits: Limits) -> RefusedError | None:
    """The answer to whoever asks for a stream where there are none."""
    later = "`/predict` answers once the input is complete"
    if isinstance(error := model.stream, NotStepByStepError):
        why = f"this model cannot answer while its input is still coming: {error.reason}"
        return refused(HTTPStatus.NOT_FOUND, why, hint=hint_for_clients(error.remedy) or later)
    if limits.streams == 0:
        return refused(HTTPStatus.NOT_FOUND, "streams are switched off on this server", hint=later)
    return None


def plain_http() -> RefusedError:
    """The answer to a request that is no handshake: of a client of HTTP, or through a proxy."""
    hint = (
        "open it as a WebSocket, ws:// or wss://; a proxy must pass on `Upgrade` and `Connection`"
    )
    problem = FieldProblem(detail="this path is for WebSockets", pointer=None, hint=hint)
    upgrade = {"upgrade": "websocket", "connection": "upgrade"}  # RFC 9110, 15.5.22
    return RefusedError(HTTPStatus.UPGRADE_REQUIRED, [problem], upgrade)


def no_room(why: str) -> RefusedError:
    """The answer where no other connection is accepted now."""
    problem = FieldProblem(detail=why, pointer=None, hint=f"try again in {BUSY_AGAIN} s")
    after = {"retry-after": str(BUSY_AGAIN)}
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, [problem], after)


async def converse(websocket: WebSocket, replies: "Replies", stopping: asyncio.Event) -> None:
    """Answers each message of a connection until it ends.

    Raises WebSocketDisconnect where the client goes while it is answered.
    """
    # A browser that shows its token as a subprotocol must be answered with one.
    await websocket.accept(PROTOCOL if PROTOCOL in websocket.scope["subprotocols"] else None)
    state, idle = replies.stream.initial, replies.limits.idle
    coming = asyncio.ensure_future(websocket.receive())
    stopped = asyncio.ensure_future(stopping.wait())
    try:
        while True:
            await asyncio.wait((coming, stopped), timeout=idle, return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                return await websocket.close(AWAY, STOPS)
            if not coming.done():
                return await websocket.close(POLICY, f"no message for {idle:g} s")
            if is_end(message := coming.result()):
                return None
            # One message ahead: the next one, or that the client is gone.
            coming = asyncio.ensure_future(websocket.receive())
            reply, state = await unless_gone(replies.reply_to(message, state), coming)
            await websocket.send_text(reply.decode())
    finally:
        coming.cancel()
        stopped.cancel()


def is_end(message: Any) -> bool:
    """Whether it says that the client is gone."""
    return bool(message["type"] == "websocket.disconnect")


async def unless_gone(
    answer: Coroutine[Any, Any, tuple[bytes, StreamState]], coming: "asyncio.Future[Any]"
) -> tuple[bytes, StreamState]:
    """The answer, unless the client goes first: then it is cancelled, and WebSocketDisconnect
    raised."""
    working = asyncio.ensure_future(answer)
    try:
        await asyncio.wait((working, coming), return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and is_end(coming.result()):
            raise WebSocketDisconnect
        return await working
    finally:
        working.cancel()


@dataclass(frozen=True, eq=False)
class Replies:
    """What messages are answered with."""

    stream: Stream
    form: type[Message]
    """What a message in JSON is."""
    turns: Turns
    limits: Limits

    async def reply_to(self, message: Any, state: StreamState) -> tuple[bytes, StreamState]:
        """The reply to a message, and the state after it: after a problem, that before it."""
        try:
            given, pointer = given_in(message, self.form)
            try:
                records, state = await self.after(given, state)
            except RnnbuildError as error:
                raise refused_as(error, pointer, "item") from None
        except RefusedError as error:
            return problem_body(error.status, error.errors), state
        except TooMuchWaitsError as error:
            busy = refused_busy(error)
            return problem_body(busy.status, busy.errors), state
        return msgspec.json.encode(records), state

    async def after(self, given: Any, state: StreamState) -> tuple[list[Record], StreamState]:
        """The answer to each step of a message, and the state after it; see `Stream.after`.

        Raises DataError, RefusedError, and what `Turns.result` raises.
        """
        stream, most = self.stream, self.limits.tokens
        if stream.begins_anew(given):
            return [], stream.initial
        steps, records = stream.reader.steps(given), list[Record]()
        if len(steps) > most:
            raise refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"the message has {len(steps):,} steps, and at most {most:,} are read at once",
                hint="send it in several messages: the sequence goes on",
            )
        with self.turns.room(STEP_TOKENS * len(steps[:SLICE])) as room:
            for first in range(0, len(steps), SLICE):
                part = steps[first : first + SLICE]
                work = partial(stream.after_steps, part, state)
                more, state = await self.turns.result(work, STEP_TOKENS * len(part), room)
                records += more
        return records, state
