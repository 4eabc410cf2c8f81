"""Who may ask: whoever shows the token, and no page of another site through a visitor's browser."""

import ipaddress
import re
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Response
from starlette.types import Scope

from rnnbuild.serving.problems import FieldProblem, problem_response
from rnnbuild.serving.token import BEARER, OPEN, PROTOCOL, Token, shown_token

HEADER_HINT = "send it as `Authorization: Bearer TOKEN`"
BROWSERS_HINT = (
    f"{HEADER_HINT}; or, from a browser, ask for the subprotocols `{PROTOCOL}` and "
    f"`{BEARER}CODED`, where CODED is the token in base64url, without `=`"
)

HOST = re.compile(r"(\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[^:\[\]@]+))(:[0-9]*)?")
"""`[::1]:8000` or `localhost:8000`, with or without the port (RFC 9110, 7.2)."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may ask.

    token: what a client must show, if anything
    hosts: names by which the server may be called besides `localhost` and addresses; None is any.
        A page on the internet can have its own name stand for 127.0.0.1 (DNS rebinding), and is
        then of the same origin as the server: only the name that it calls gives it away. A token
        protects as well: the page does not know it.
    """

    token: Token | None = None
    hosts: tuple[str, ...] | None = None

    def refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that may not be made, or None where it may."""
        headers = dict(scope["headers"])
        counts = Counter(name for name, _ in scope["headers"])
        hosts = counts[b"host"]
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if hosts != 1 and not (hosts == 0 and scope["http_version"] == "1.0"):
            return problem(HTTPStatus.BAD_REQUEST, "a request has one `Host` header")
        if counts[b"origin"] > 1 or counts[b"authorization"] > 1:
            return problem(
                HTTPStatus.BAD_REQUEST, "a request has at most one `Origin` and one `Authorization`"
            )
        if self.hosts is not None and host and not self.knows(host):
            return problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "the server is not known by the name in the `Host` header",
                "call it by its address or `localhost`; `rnnbuild serve --allowed-host NAME` "
                "or `--token-file` allows other names",
            )
        origin = headers.get(b"origin")
        if origin is not None and origin_host(origin) != host:
            return problem(
                HTTPStatus.FORBIDDEN,
                "a page of another origin may not use this server",
                "a page must come from the server's own host and port, as through a proxy that has "
                "both behind one address, and passes on the `Host` header that the browser sent",
            )
        if self.token is None or scope["path"] in OPEN:
            return None
        shown = shown_token(headers.get(b"authorization"), scope.get("subprotocols", ()))
        hint = BROWSERS_HINT if scope["type"] == "websocket" else HEADER_HINT
        if shown is None:
            return unauthorized("this server asks for a token", hint, "Bearer")
        if not self.token.equals(shown):
            return unauthorized("the token is wrong", hint, 'Bearer error="invalid_token"')
        return None

    def knows(self, host: str) -> bool:
        """Whether a `Host` header is one of the server's names, or an address."""
        named = HOST.fullmatch(host)
        if named is None:
            return False
        name = named["address"] or named["name"]
        try:
            ipaddress.ip_address(name)
        except ValueError:
            name = name.removesuffix(".")
            return name.endswith(".localhost") or name in ("localhost", *(self.hosts or ()))
        return True


def origin_host(origin: bytes) -> str | None:
    """The host and port of an `Origin` header; None of `null`, which hidden pages send."""
    scheme, separator, host = origin.decode("latin-1").lower().partition("://")
    return host if separator and scheme in ("http", "https") else None


def problem(status: HTTPStatus, detail: str, hint: str | None = None) -> Response:
    return problem_response(status, [FieldProblem(detail=detail, hint=hint, pointer=None)])


def unauthorized(detail: str, hint: str, challenge: str) -> Response:
    """401, with how a token is shown."""
    problems = [FieldProblem(detail=detail, hint=hint, pointer=None)]
    return problem_response(HTTPStatus.UNAUTHORIZED, problems, {"www-authenticate": challenge})
