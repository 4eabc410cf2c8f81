"""What a client did wrong, or must wait for, as RFC 9457 has it: `application/problem+json`."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from rnnbuild.errors import RequestError, RnnbuildError
from rnnbuild.serving.turns import TooMuchWaitsError

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


def refused_as(error: RnnbuildError, pointer: str | None) -> RefusedError:
    """What the model says of a value in the body, as an answer. Places are the server's own, and
    are left out."""
    status = (
        HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(error, RequestError)
        else HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return RefusedError(
        status,
        [
            FieldProblem(detail=problem.message, pointer=pointer, hint=problem.hint)
            for problem in error.problems
        ],
    )


def refused_busy(error: TooMuchWaitsError) -> RefusedError:
    """What must wait, as an answer that says for how long."""
    after = str(error.retry_after)
    problem = FieldProblem(detail=error.reason, hint=f"try again in {after} s", pointer=None)
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, [problem], {"retry-after": after})


def problem_body(status: HTTPStatus, errors: Sequence[FieldProblem]) -> bytes:
    """What names all that is wrong, as JSON."""
    body = {
        "title": status.phrase,
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


def pointer_to(place: Sequence[int | str]) -> str | None:
    """The JSON Pointer to a place in the body, as pydantic names it: `("body", "inputs", 3)`."""
    within = [str(part) for part in place if part != "body"]
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in within]
    return "#/" + "/".join(escaped) if within else None


def answer_problems(app: FastAPI) -> None:
    """Has the app answer every failure as a problem."""

    @app.exception_handler(RefusedError)
    async def _(request: Request, error: RefusedError) -> Response:
        return problem_response(error.status, error.errors, error.headers)

    @app.exception_handler(TooMuchWaitsError)
    async def _(request: Request, error: TooMuchWaitsError) -> Response:
        busy = refused_busy(error)
        return problem_response(busy.status, busy.errors, busy.headers)

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        return problem_response(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            [
                FieldProblem(detail=one["msg"], pointer=pointer_to(one["loc"]), hint=None)
                for one in error.errors()
            ],
        )

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        return problem_response(
            status, [FieldProblem(detail=str(error.detail), pointer=None, hint=None)], error.headers
        )
