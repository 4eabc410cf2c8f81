"""What every request passes before the application sees it, and every answer after."""

from http import HTTPStatus
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rnnbuild.formatting import plural
from rnnbuild.serving.access import Access
from rnnbuild.serving.access_log import AccessLog
from rnnbuild.serving.disconnect import REFUSED, ClientGoneError
from rnnbuild.serving.metrics import Metrics

CLIENT_GONE = 499
"""The status that is logged where nobody waited for the answer, as nginx has it."""
SWITCHING = HTTPStatus.SWITCHING_PROTOCOLS


class Door:
    """An application behind the rules of who may ask and how much, with a line for each request."""

    def __init__(self, app: ASGIApp, access: Access, body: int, log: AccessLog, metrics: Metrics):
        """`body`: bytes of a request's body, of which no more are read."""
        self.metrics = metrics
        self.app = app
        self.access = access
        self.body = body
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        status = CLIENT_GONE

        async def send_noted(message: Message) -> None:
            nonlocal status
            if "status" in message:
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = SWITCHING
            await send(message)

        answer = self.access.refusal(scope) or self.app
        passed = self.passed(scope)
        try:
            await answer(passed, self.limited(scope, receive), send_noted)
        except (ClientGoneError, ClientDisconnect):
            status = CLIENT_GONE
        finally:
            if status == CLIENT_GONE:  # or the client was sent away, as one that is too slow
                status = scope["state"].get(REFUSED, CLIENT_GONE)
            client = scope["client"][0] if scope["client"] else "-"
            what = scope.get("method", "WEBSOCKET")
            seconds = perf_counter() - began
            self.log.request(client, what, scope["raw_path"], status, seconds)
            route = getattr(passed.get("route"), "path", "other")
            self.metrics.request(route, status, seconds if scope["type"] == "http" else None)

    def passed(self, scope: Scope) -> Scope:
        """The request as the application sees it: HEAD is GET, and uvicorn leaves the body out."""
        return {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope

    def limited(self, scope: Scope, receive: Receive) -> Receive:
        """Reads no more of a body than may be, and nothing of one that says that it is larger."""
        stated = [value for name, value in scope["headers"] if name == b"content-length"]
        too_large = any(int(value) > self.body for value in stated)
        size = 0

        async def receive_limited() -> Message:
            nonlocal size
            message = None if too_large else await receive()
            if message is not None and message["type"] == "http.request":
                size += len(message.get("body", b""))
            if message is None or size > self.body:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.too_large)
            return message

        return receive_limited

    @property
    def too_large(self) -> str:
        return f"the body is larger than {plural(self.body, 'byte')}, the most that is read"
