"""The route, and the headers under which the page runs its own script and loads nothing."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from rnnbuild.inference.generation.settings import USUAL_LENGTH
from rnnbuild.reports.html import digest, environment, resource

SCRIPTS = (
    "elements.js",
    "server.js",
    "bars.js",
    "tags.js",
    "series.js",
    "writing.js",
    "typing.js",
    "page.js",
)
"""One script in this order: each uses those before it."""


def page_route() -> APIRouter:
    """The route. The page names no model: it asks for one, with a token if there is one."""
    router = APIRouter()

    @router.get(
        "/", response_class=HTMLResponse, operation_id="page", summary="A page to try the model"
    )
    async def page() -> HTMLResponse:
        """A page to try the model by hand."""
        return HTMLResponse(page_html(), headers=page_headers())

    return router


@cache
def page_html() -> str:
    """The page's file."""
    template = environment().from_string(own("page.html"))
    return template.render(style=style(), script=script(), usual_length=USUAL_LENGTH)


@cache
def page_headers() -> dict[str, str]:
    """What a browser is told to refuse: every script and style but these, and every other host."""
    return {
        "content-security-policy": (
            f"default-src 'none'; script-src {digest(script())}; style-src {digest(style())}; "
            "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-cache",
    }


@cache
def style() -> Markup:
    """The style: that of all pages, and this one's."""
    return Markup(resource("templates", "theme.css") + own("page.css"))


@cache
def script() -> Markup:
    """The script: the theme's, as on all pages, and this page's."""
    return Markup("\n".join([resource("templates", "theme.js"), *map(own, SCRIPTS)]))


def own(name: str) -> str:
    """A file of this package."""
    return files("rnnbuild.serving.page").joinpath(name).read_text(encoding="utf-8")
