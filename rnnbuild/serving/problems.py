"""What a client did wrong, or must wait for, as RFC 9457 has it: `application/problem+json`."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import takewhile
from typing import Literal
from urllib.parse import quote

import msgspec
from fastapi import FastAPI, Request, Response, WebSocket
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from rnnbuild import errors
from rnnbuild.errors import RnnbuildError
from rnnbuild.serving.turns import TooMuchWaitsError

SAFE = "~!$&'()*+,;=:@"
"""Characters of a pointer that an address may have as they are (RFC 3986, 3.5)."""
LONGEST_NAME = 200
"""Characters of a name that a client made up, in an answer."""
MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One thing that is wrong with a request."""

    detail: str = Field(description="What is wrong, and what was expected.")
    pointer: str | None = Field(
        None, description="Where in the body: a JSON Pointer (RFC 6901), `#/inputs/3`."
    )
    hint: str | None = Field(None, description="How to fix it, where that is known.")


class Problem(BaseModel):
    """Why a request was not answered."""

    title: str = Field(description="The status in words.")
    status: int
    detail: str
    errors: list[FieldProblem] = Field([], description="Everything that is wrong with the request.")


class RefusedError(Exception):
    """Raised by a route for a request that it does not answer."""

    def __init__(
        self,
        status: HTTPStatus,
        errors: Sequence[FieldProblem],
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(errors[0].detail)
        self.status = status
        self.errors = errors
        self.headers = headers


def refused(
    status: HTTPStatus, detail: str, pointer: str | None = None, hint: str | None = None
) -> RefusedError:
    """The error for one thing that is wrong."""
    return RefusedError(status, [FieldProblem(detail=detail, pointer=pointer, hint=hint)])


Row = Literal["item", "step", "line"]
"""What a place's line is, of a value in the body: an item of a list, a step of columns by their
names, or a line of a text."""


def refused_as(error: RnnbuildError, pointer: str | None, row: Row = "line") -> RefusedError:
    """What the model says of a value in the body, as an answer."""
    return RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        [field_problem(problem, pointer, row) for problem in error.problems],
    )


def field_problem(problem: errors.Problem, pointer: str | None, row: Row) -> FieldProblem:
    """A problem of a value in the body, with its place there."""
    detail, place = problem.message, problem.place
    if place is not None and place.line:
        match row:
            case "item":
                pointer = f"{pointer}/{place.line - 1}"
            case "step":
                detail = f"step {place.line:,}: {detail}"
            case "line":
                detail = f"line {place.line:,}, column {place.column:,}: {detail}"
    return FieldProblem(detail=detail, pointer=pointer, hint=hint_for_clients(problem.hint))


OWNERS = re.compile(
    r"`(data|model|training|decimal)\b|(^|\s|`)--\w|rnnbuild |codec\.json|in a shell"
)
"""What only whoever runs the server can change: keys of the config, options, files."""


def hint_for_clients(hint: str | None) -> str | None:
    """The hint without the ways that are not open to a client."""
    first, *others = re.split(r"(?=; |, or )", hint or "")
    ways = [way for way in (first, *others) if not OWNERS.search(way)]
    return re.sub(r"^(; |, or )", "", "".join(ways)) or None


def refused_busy(error: TooMuchWaitsError) -> RefusedError:
    """What must wait, as an answer that says for how long."""
    after = str(error.retry_after)
    problem = FieldProblem(detail=error.reason, hint=f"try again in {after} s", pointer=None)
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, [problem], {"retry-after": after})


TITLES = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
"""Names that RFC 9110 changed, which Python has from 3.13 on."""


def title_of(status: HTTPStatus) -> str:
    """The name of a status, the same on every version of Python."""
    return TITLES.get(status.value, status.phrase)


def problem_body(status: HTTPStatus, errors: Sequence[FieldProblem]) -> bytes:
    """What names all that is wrong, as JSON."""
    body = {
        "title": title_of(status),
        "status": status.value,
        "detail": errors[0].detail,
        "errors": [error.model_dump(exclude_none=True) for error in errors],
    }
    return msgspec.json.encode(body)


def problem_response(
    status: HTTPStatus, errors: Sequence[FieldProblem], headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that names what is wrong."""
    return Response(problem_body(status, errors), status, headers, MEDIA_TYPE)


def pointer_to(place: Sequence[int | str]) -> str:
    """The JSON Pointer to a place in the body, `#/inputs/3`; `#` is all of it.

    As the fragment of an address, RFC 6901, 6: what has no place there is escaped by %. Of what is
    inside a field with an endless name it is the place of the object that has the field.
    """
    named = takewhile(lambda part: len(part) <= LONGEST_NAME, map(str, place))
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in named)
    return "".join(["#", *(f"/{quote(part, SAFE)}" for part in escaped)])


NOTHING_HERE = FieldProblem(
    detail="there is nothing at this path",
    pointer=None,
    hint="GET /openapi.json describes all paths",
)


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a request to an unknown path, which may be one for a WebSocket."""
    response = problem_response(HTTPStatus.NOT_FOUND, [NOTHING_HERE])
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)


def answer_problems(app: FastAPI) -> None:
    """Has the app answer every failure as a problem."""
    app.router.default = nothing_here

    @app.exception_handler(RefusedError)
    async def _(request: Request, error: RefusedError) -> Response:
        return problem_response(error.status, error.errors, error.headers)

    @app.exception_handler(TooMuchWaitsError)
    async def _(request: Request, error: TooMuchWaitsError) -> Response:
        busy = refused_busy(error)
        return problem_response(busy.status, busy.errors, busy.headers)

    @app.exception_handler(RnnbuildError)
    async def _(request: Request, error: RnnbuildError) -> Response:
        refused = refused_as(error, "#")
        return problem_response(refused.status, refused.errors)

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        status, headers = HTTPStatus(error.status_code), error.headers
        problem = FieldProblem(detail=str(error.detail), pointer=None, hint=None)
        if status is HTTPStatus.NOT_FOUND:
            problem = NOTHING_HERE
        elif status is HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (headers or {}).get("Allow", "")
            problem = FieldProblem(
                detail=f"this path takes {allowed} only", pointer=None, hint=None
            )
        return problem_response(status, [problem], headers)
