"""`POST /generate`: text that a language model writes."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, create_model
from starlette.types import Receive, Scope, Send

from rnnbuild.errors import ArgumentError, RnnbuildError
from rnnbuild.inference.generation.settings import USUAL_LENGTH, TextSettings, text_settings
from rnnbuild.inference.generation.writer import TextWriter
from rnnbuild.inference.stream.opening import NotStepByStepError
from rnnbuild.serving.body import STRICT, at_most, body_of
from rnnbuild.serving.disconnect import ClientGoneError, while_connected
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import STEP_TOKENS, ServedModel
from rnnbuild.serving.openapi import BODY_PROBLEMS, problems_of, request_body
from rnnbuild.serving.problems import (
    FieldProblem,
    RefusedError,
    hint_for_clients,
    refused,
    refused_as,
)
from rnnbuild.serving.turns import TooMuchWaitsError, Turns
from rnnbuild.serving.values import FIRST_WRONG
from rnnbuild.tasks.table import TASKS

MOST_STOPS = 16
"""Texts that end a text; each is looked for after each token."""
Stop = Annotated[str, Field(max_length=1_000)]
TOO_MANY = ("{:,} texts, and at most {:,} are looked for", "leave some out")
SLICE = 32
"""Tokens that are read or written in one turn."""
EXAMPLES = {
    "a text": {"length": 100},
    "the same text again": {"length": 100, "seed": 7},
    "text while it is written": {"temperature": 0.7, "stop": ["\n\n"], "stream": True},
}
"""Bodies that are answered."""
PLAIN_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}
SEED = "rnnbuild-seed"
"""The header that has the seed where the answer is plain text."""


class GenerateRequest(BaseModel):
    """How a text is to be written; what is left out is as usual."""

    model_config = STRICT

    prompt: str = Field("", description="What the text begins with; else it begins a line.")
    temperature: float | None = Field(
        None,
        description="1, the default, draws tokens by the model's probabilities; less keeps closer "
        "to the likeliest, and 0 takes it each time.",
        json_schema_extra={"minimum": 0},
    )
    top_k: int | None = Field(
        None,
        description="Draw among this many tokens, the likeliest, alone.",
        json_schema_extra={"minimum": 1},
    )
    top_p: float | None = Field(
        None,
        description="Draw among as few of the likeliest tokens as have this probability together.",
        json_schema_extra={"exclusiveMinimum": 0, "exclusiveMaximum": 1},
    )
    seed: int | None = Field(
        None,
        description="The same seed writes the same text; else one is drawn.",
        json_schema_extra={"minimum": 0},
    )
    length: int | None = None
    stop: Annotated[list[Stop], FIRST_WRONG, at_most(MOST_STOPS, *TOO_MANY)] = Field(
        [],
        description="Texts, before the first of which the text ends.",
        json_schema_extra={"maxItems": MOST_STOPS},
    )
    stream: bool = Field(
        False, description="Answer with plain text, sent while it is written, instead of JSON."
    )

    @property
    def fields(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each field with its pointer, each stop text as one."""
        for name in ("prompt", "temperature", "top_k", "top_p", "seed", "length"):
            yield f"#/{name}", {name: getattr(self, name)}
        for number, text in enumerate(self.stop):
            yield f"#/stop/{number}", {"stop": [text]}


def request_type(limits: Limits) -> type[GenerateRequest]:
    """The request whose text is no longer than the limit."""
    description = "Tokens to write at most, the prompt not counted; {:,} by default."
    return create_model(
        "GenerateRequest",
        __base__=GenerateRequest,
        __doc__=GenerateRequest.__doc__,
        length=(
            int | None,
            Field(
                None,
                description=description.format(usual_length(limits)),
                json_schema_extra={"minimum": 1, "maximum": limits.tokens},
            ),
        ),
    )


def usual_length(limits: Limits) -> int:
    """Tokens that are written where a request does not state their number."""
    return min(USUAL_LENGTH, limits.tokens)


class Generated(BaseModel):
    """A text that was written."""

    text: str = Field(description="The prompt, as the model reads it, and what follows.")
    seed: int | None = Field(
        description="The seed that writes it again; null at a temperature of 0, which draws none."
    )
    note: str | None = Field(None, description="Which settings did nothing, where any did.")


def generate_route(model: ServedModel, turns: Turns, limits: Limits) -> APIRouter:
    """The route of a model, or of one that writes no text, where each request is refused."""
    router, writer, kind = APIRouter(), model.writer, request_type(limits)
    if writer is None:

        @router.post("/generate", include_in_schema=False)
        async def refuse() -> None:
            raise without_text(model)

        return router

    async def generate(request: Request) -> Response:
        body = await body_of(request, kind)
        settings, pieces = text_asked_for(body, writer, limits)
        parts = parts_of(pieces, turns)
        try:
            # Of a text that is sent while it is written, what fails in the first part.
            text = await while_connected(
                request, first_of(parts) if body.stream else whole_of(parts)
            )
        except RnnbuildError as error:
            raise refused_as(error, None) from None
        if body.stream:
            return TextWhileWritten(text, parts, settings.seed)
        answer = {"text": text, "seed": settings.seed}
        if settings.note is not None:
            answer["note"] = settings.note
        return Response(msgspec.json.encode(answer), media_type="application/json")

    router.add_api_route(
        "/generate",
        generate,
        methods=["POST"],
        operation_id="generate",
        summary="Text that the model writes",
        response_model=Generated,
        responses=problems_of(*BODY_PROBLEMS) | PLAIN_TEXT,
        openapi_extra=request_body(kind, EXAMPLES),
    )
    return router


def without_text(model: ServedModel) -> RefusedError:
    """The answer to whoever asks a model for a text that writes none."""
    traits = TASKS[model.task]
    if traits.goes_on_with_text and isinstance(model.stream, NotStepByStepError):
        why, remedy = model.stream.reason, model.stream.remedy
    else:
        why, remedy = f"it {traits.does}", None
    return refused(
        HTTPStatus.NOT_FOUND,
        f"this model writes no text: {why}",
        hint=hint_for_clients(remedy) or "`/predict` answers with it",
    )


def text_asked_for(
    given: GenerateRequest, writer: TextWriter, limits: Limits
) -> tuple[TextSettings, Iterator[str]]:
    """The settings, and the text piece by piece. Raises RefusedError with all that is wrong."""
    problems = [
        problem
        for pointer, field in given.fields
        for problem in problems_with(pointer, field, writer, limits)
    ]
    if problems:
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, problems)
    settings = text_settings(
        temperature=given.temperature,
        top_k=given.top_k,
        top_p=given.top_p,
        seed=given.seed,
        length=usual_length(limits) if given.length is None else given.length,
        stop=given.stop,
    )
    return settings, writer.pieces(given.prompt, settings)


def problems_with(
    pointer: str, field: dict[str, Any], writer: TextWriter, limits: Limits
) -> Iterator[FieldProblem]:
    """What is wrong with a field, all others being as usual."""
    prompt, length = field.get("prompt", ""), field.get("length")
    count, most = len(writer.codec.tokens(prompt)), limits.tokens
    detail = None
    if count > most:
        detail = f"the prompt is {count:,} tokens, and at most {most:,} are allowed"
    elif length is not None and not 1 <= length <= most:
        detail = f"the length is {length:,}: it is from 1 to {most:,} tokens"
    if detail is not None:
        yield FieldProblem(detail=detail, pointer=pointer, hint=None)
        return
    try:
        writer.pieces(prompt, text_settings(**{n: field[n] for n in field if n != "prompt"}))
    except ArgumentError as error:
        yield from refused_as(error, pointer).errors


async def parts_of(pieces: Iterator[str], turns: Turns) -> AsyncIterator[str]:
    """The text in parts, each written in a turn of its own, in the model's thread alone.

    Raises what `Turns.result` raises, and RunError where no token follows.
    """
    tokens = SLICE * STEP_TOKENS
    with turns.room(tokens) as room:  # nobody knows how long the text will be
        while True:
            written: list[str] = await turns.result(
                partial(list, islice(pieces, SLICE)), tokens, room
            )
            yield "".join(written)
            if len(written) < SLICE:
                return


async def first_of(parts: AsyncIterator[str]) -> str:
    """The first part of a text."""
    return await anext(parts)


async def whole_of(parts: AsyncIterator[str]) -> str:
    """All of a text."""
    return "".join([part async for part in parts])


class TextWhileWritten(Response):
    """A text that is sent part by part.

    If the client goes, no more is written; and no more than it reads. Where writing fails, the
    connection is closed before the body is complete, which a client notices.
    """

    media_type = "text/plain"

    def __init__(self, first: str, parts: AsyncIterator[str], seed: int | None):
        super().__init__(headers={"x-accel-buffering": "no"})  # a proxy is to pass each part on
        del self.headers["content-length"]
        if seed is not None:
            self.headers[SEED] = str(seed)
        self._first, self._parts = first, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await while_connected(Request(scope, receive), self._send_all(send))
        except (ClientGoneError, TooMuchWaitsError, RnnbuildError):
            return

    async def _send_all(self, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        await send({"type": "http.response.body", "body": self._first.encode(), "more_body": True})
        async for part in self._parts:
            await send({"type": "http.response.body", "body": part.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
