"""A page as one HTML file that asks nothing of any network.

Everything is text until this file makes HTML of it: templates escape what they are given, and
nothing but the templates and the scripts of this package is markup. A Content-Security-Policy names
the scripts and the style by their hashes, so that the browser runs and fetches nothing else.
"""

import base64
import hashlib
import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

from rnnbuild.formatting import capitalised, value_text
from rnnbuild.reports.blocks import Figure, Page
from rnnbuild.reports.style import PAGE_CONFIG
from rnnbuild.visible import visible_lines
from rnnbuild.wording.table import Column, Row

GENERATOR = '<meta name="generator" content="rnnbuild report">'
"""By which a file is recognised as a page that may be replaced."""

SCRIPTS = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")
_CODE = re.compile(r"`([^`]+)`")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def page_html(page: Page) -> str:
    """The page's file."""
    drawing = library() if page.figures else ""
    own = "\n".join(resource("templates", name) for name in ("theme.js", "page.js"))
    scripts = [text for text in (drawing, own) if text]
    style = "".join(resource("templates", name) for name in ("theme.css", "page.css"))
    return (
        environment()
        .get_template("page.html")
        .render(
            page=page,
            generator=Markup(GENERATOR),
            policy=policy(scripts, style),
            style=Markup(style),
            scripts=[Markup(script) for script in scripts],
            licences=Markup(resource("javascript", "licences.txt")) if drawing else "",
        )
    )


def policy(scripts: Sequence[str], style: str) -> str:
    """A Content-Security-Policy under which these scripts run, and nothing is fetched."""
    allowed = " ".join(digest(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """`'sha256-...'`: what a browser compares an inline script or style with."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def resource(folder: str, name: str) -> str:
    """A text file of this package."""
    return files("rnnbuild.reports").joinpath(folder, name).read_text(encoding="utf-8")


@cache
def library() -> str:
    """Vega, Vega-Lite and Vega-Embed, as published; a map of their sources would be a request."""
    return "\n".join(_SOURCE_MAP.sub("", resource("javascript", name)) for name in SCRIPTS)


@cache
def environment() -> jinja2.Environment:
    """Templates that escape everything, and refuse names that nobody gave them."""
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: resource("templates", name)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=readable,
    )
    made.filters |= {
        "capitalised": capitalised,
        "prose": prose,
        "spec": spec_json,
        "sort_value": sort_value,
    }
    return made


def readable(value: Any) -> Any:
    """A text without control characters and lone surrogates, which no HTML can contain."""
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return visible_lines(value) if plain else value


def prose(text: str) -> Markup:
    """A sentence in which what is in `backticks` is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible_lines(text)))))


def spec_json(figure: Figure) -> Markup:
    """A figure's specification for a script element, which `</script>` or `<!--` would end."""
    spec = {**figure.spec, "config": PAGE_CONFIG}
    text = json.dumps(readable_in(spec), allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def readable_in(value: Any) -> Any:
    """A JSON value whose texts are readable, names of fields too."""
    if isinstance(value, dict):
        return {readable(key): readable_in(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [readable_in(inner) for inner in value]
    return readable(value)


def sort_value(column: Column, row: Row) -> str:
    """The number by which a cell is sorted; empty where its text decides."""
    value = row.get(column.keys[0])
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return repr(value) if value_text(value) != column.cell(row) or "," in column.cell(row) else ""
