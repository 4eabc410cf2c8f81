"""What nobody expected: the client gets a number, beside which the log has the traceback."""

import logging
import secrets
from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from rnnbuild.serving.access_log import OWN
from rnnbuild.serving.disconnect import ClientGoneError
from rnnbuild.serving.problems import FieldProblem, problem_response

LOG = logging.getLogger(OWN)


class Failures:
    """Answers what nobody expected with a number, beside which the log has the traceback."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except (ClientGoneError, ClientDisconnect, WebSocketDisconnect):
            raise
        except Exception:  # whatever it is, nothing of it may reach the client
            if begun or scope["type"] != "http":  # the connection breaks off
                raise
            number = secrets.token_hex(8)
            LOG.exception("request %s", number)
            detail = f"something failed here that should not: the log has it as request {number}"
            await problem_response(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                [FieldProblem(detail=detail, pointer=None, hint=None)],
            )(scope, receive, send)
