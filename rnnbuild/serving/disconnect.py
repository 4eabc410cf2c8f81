"""Requests whose client may go away before they are answered."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

Result = TypeVar("Result")

REFUSED = "refused"
"""Key in the state of a request whose connection was ended before all of it had arrived: the
status that it was answered with."""


class ClientGoneError(Exception):
    """Raised where nobody waits for the answer any more."""


async def while_connected(request: Request, answer: Coroutine[Any, Any, Result]) -> Result:
    """The answer, unless the client hangs up first: then it is cancelled.

    Raises ClientGoneError, and what the answer raises.
    """
    working = asyncio.ensure_future(answer)
    # Once the body is read, the next message is that the client is gone.
    gone = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGoneError
        return working.result()
    finally:
        gone.cancel()
        working.cancel()
