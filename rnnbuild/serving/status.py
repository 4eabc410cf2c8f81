"""`GET /health`, `/ready` and `/metrics`: for whoever supervises the server."""

import asyncio
from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from rnnbuild.serving.metrics import Metrics
from rnnbuild.serving.problems import FieldProblem, RefusedError

RETRY_AFTER = 10
"""Seconds after which another server may be here."""
TEXT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The metrics, in Prometheus' text format.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


class Health(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Requests are answered."""

    status: Literal["ready"] = "ready"


def status_route(metrics: Metrics, draining: asyncio.Event) -> APIRouter:
    """The routes; once `draining` is set the server is not ready."""
    router = APIRouter()

    @router.get("/health", operation_id="health", summary="Whether the process answers")
    async def health() -> Health:
        """Always the same, for whoever restarts a server that does not answer."""
        return Health()

    @router.get("/ready", operation_id="ready", summary="Whether requests are to be sent here")
    async def ready() -> Readiness:
        """503 once the server is about to stop, while it still answers."""
        if draining.is_set():
            problem = FieldProblem(
                detail="the server is about to stop", hint="send requests elsewhere", pointer=None
            )
            headers = {"retry-after": str(RETRY_AFTER)}
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, [problem], headers)
        return Readiness()

    @router.get(
        "/metrics",
        operation_id="metrics",
        summary="What has been counted",
        response_class=Response,
        responses=TEXT,
    )
    async def counted() -> Response:
        """Requests, tokens, turns and what was refused, for Prometheus."""
        return Response(metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})

    return router
