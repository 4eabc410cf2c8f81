"""JSON that a client sends, read strictly."""

import json
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from rnnbuild.formatting import is_encodable
from rnnbuild.serving.problems import LONGEST_NAME, RefusedError, pointer_to, refused
from rnnbuild.typed_values import json_snippet

Path = tuple[int | str, ...]

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""Where half of a surrogate pair may be."""
SYNTAX = {
    "Expecting value": "a value is expected",
    "Expecting property name enclosed in double quotes": "the name of a field is expected, in "
    "double quotes",
    "Expecting ':' delimiter": "a colon is expected",
    "Expecting ',' delimiter": "a comma is expected, or the end of the list or object",
    "Illegal trailing comma before end of object": "a comma comes before the end",
    "Illegal trailing comma before end of array": "a comma comes before the end",
    "Extra data": "nothing more is expected",
    "Unterminated string starting at": "a text begins that has no end",
    "Invalid control character at": "a control character in a text must be escaped",
}
"""What is wrong with the syntax, by the message of Python's json."""


class NotStrictError(Exception):
    """Raised for what Python's json would read: what it is, and how to fix it."""


def read_json(raw: bytes, what: str) -> Any:
    """The value of a JSON text. `what` it is: `the body`. Raises RefusedError.

    RFC 8259 leaves open which of two fields of one name counts, and knows no NaN: both are refused.
    """

    def problem(detail: str, hint: str | None = None, pointer: str | None = None) -> RefusedError:
        return refused(HTTPStatus.BAD_REQUEST, f"{what} {detail}", pointer, hint)

    if not raw.strip():
        raise problem("is empty, and JSON is expected")
    try:
        value = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=unique, parse_constant=refuse_constant
        )
        place = half_in(value) if SURROGATE.search(raw) else None
    except UnicodeDecodeError as error:
        raise problem(f"is not UTF-8 from byte {error.start + 1:,} on") from None
    except json.JSONDecodeError as error:
        reason = SYNTAX.get(error.msg, "it cannot be read from there on")
        at = f"line {error.lineno:,}, column {error.colno:,}"
        raise problem(f"is not JSON at {at}: {reason}") from None
    except NotStrictError as error:
        raise problem(*error.args) from None
    except RecursionError:
        raise problem("has lists or objects that are nested too deeply") from None
    except ValueError:  # Python reads only so many digits
        raise problem("has a number with too many digits") from None
    if place is not None:
        detail = "has half of a surrogate pair, which is no character"
        raise problem(detail, "replace what is damaged in the text", pointer_to(place))
    return value


def refuse_constant(name: str) -> Any:
    """Raises NotStrictError for NaN and Infinity."""
    raise NotStrictError(
        f"has {name}, which JSON does not know", "a missing value of a series is null"
    )


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises NotStrictError where a field is there twice."""
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for twice, _ in pairs:
            if twice in seen:
                break
            seen.add(twice)
        raise NotStrictError(
            f"has {json_snippet(twice[:LONGEST_NAME])} twice in one object", "leave one out"
        )
    return values


def half_in(value: Any) -> Path | None:
    """The place of the first text that has half of a surrogate pair, or of an object whose names
    have one; None where there is none."""
    if isinstance(value, str):
        return None if is_encodable(value) else ()
    items: Iterable[tuple[int | str, Any]] = ()
    if isinstance(value, list):
        items = enumerate(value)
    elif isinstance(value, dict):
        items = value.items()
    for part, item in items:
        if isinstance(part, str) and not is_encodable(part):
            return ()
        inside = half_in(item)
        if inside is not None:
            return (part, *inside)
    return None
