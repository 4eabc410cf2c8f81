"""The description of the routes, as OpenAPI has it: true for the model that is served."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from rnnbuild.serving.problems import MEDIA_TYPE, Problem, title_of
from rnnbuild.serving.token import OPEN

REFERENCE = "#/components/schemas/{model}"

MEANINGS = {
    400: "The body is not JSON, or the request cannot be read.",
    401: "The server asks for a token, which is missing or another.",
    403: "A page of another origin asked: pages must come from the server's own host and port.",
    404: "This server has no such thing.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    421: "The server is not known by the name in the `Host` header.",
    422: "A field of the body is wrong, or an input cannot be answered.",
    500: "Something failed that should not; the server's log has it under the number given.",
    503: "Too much waits for the model, or the server stops: try again later.",
}
HEADERS: dict[int, dict[str, str]] = {
    401: {"WWW-Authenticate": "How a token is shown."},
    503: {"Retry-After": "Seconds after which to try again."},
}
EVERYWHERE: Final = (400, 401, 403, 421, 500, 503)
"""Statuses of failures of whatever is asked: see `access.py` and `connection.py`."""
BODY_PROBLEMS: Final = (413, 415, 422)
"""Statuses of whatever takes a body, besides those."""


def problems_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for each status of a failure."""
    return {status: problem_of(status) for status in statuses}


def problem_of(status: int) -> dict[str, Any]:
    example = {
        "title": title_of(HTTPStatus(status)),
        "status": status,
        "detail": MEANINGS[status],
        "errors": [{"detail": MEANINGS[status]}],
    }
    content = {"schema": {"$ref": REFERENCE.format(model="Problem")}, "example": example}
    described = {"description": MEANINGS[status], "content": {MEDIA_TYPE: content}}
    headers = {
        name: {"description": text, "required": True, "schema": {"type": "string"}}
        for name, text in HEADERS.get(status, {}).items()
    }
    return described | ({"headers": headers} if headers else {})


def request_body(kind: type[BaseModel], examples: Mapping[str, Any]) -> dict[str, Any]:
    """The `openapi_extra` of a route that takes a body; `examples` by their names, all valid."""
    schema = kind.model_json_schema(ref_template=REFERENCE)
    content = {
        "schema": schema,
        "examples": {name: {"value": value} for name, value in examples.items()},
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def statuses_of(path: str) -> tuple[int, ...]:
    """Statuses of failures of whatever is asked at a path."""
    return tuple(one for one in EVERYWHERE if one != 401 or path not in OPEN)


class DescribedApp(FastAPI):
    """An application whose description has the types of bodies and all problems in one place."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = self._described()
        return self.openapi_schema

    def _described(self) -> dict[str, Any]:
        described = get_openapi(
            title=self.title,
            version=self.version,
            description=self.description,
            routes=self.routes,
            servers=[{"url": "."}],  # where the description is, also behind a proxy's prefix
        )
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template=REFERENCE)
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        schemas |= problem.pop("$defs") | {"Problem": problem}
        for path, operation in operations_of(described):
            operation["responses"] |= {
                str(status): problem_of(status) for status in statuses_of(path)
            }
            if path not in OPEN:
                operation["security"] = [{}, {"token": []}]  # where the server asks for one
            for content in operation.get("requestBody", {}).get("content", {}).values():
                body = content["schema"]
                schemas |= body.pop("$defs", {}) | {body["title"]: body}
                content["schema"] = {"$ref": REFERENCE.format(model=body["title"])}
        return described


def operations_of(described: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation of a description, with its path."""
    for path, operations in described["paths"].items():
        for operation in operations.values():
            yield path, operation
