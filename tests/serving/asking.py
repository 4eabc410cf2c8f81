"""Requests to the application itself, without a server: as its routes answer them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Asked:
    """A request."""

    path: str
    body: Any = None
    """A value that is sent as JSON, or bytes as they are; None sends none."""
    headers: Any = None
    method: str = "POST"

    @property
    def content(self) -> bytes | None:
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return httpx.Request("POST", "http://x", json=self.body).content


def responses(
    app: FastAPI, requests: Sequence[Asked], door: ASGIApp | None = None
) -> list[httpx.Response]:
    """The response to each request, which are sent one after the other; those of the application
    alone, or through a door."""

    async def ask() -> list[httpx.Response]:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(door or app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
                return [
                    await client.request(
                        one.method,
                        one.path,
                        content=one.content,
                        headers=JSON if one.headers is None else one.headers,
                    )
                    for one in requests
                ]

    return asyncio.run(ask())
