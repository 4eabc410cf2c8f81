"""The body of a request as a model of pydantic's; or what is wrong with it, and where."""

import json
import re
import shlex
from collections.abc import Iterable
from http import HTTPStatus
from itertools import islice
from math import inf
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from rnnbuild.errors import did_you_mean
from rnnbuild.formatting import plural
from rnnbuild.serving.json_value import Path, read_json
from rnnbuild.serving.problems import FieldProblem, RefusedError, pointer_to, refused
from rnnbuild.typed_values import json_snippet

Model = TypeVar("Model", bound=BaseModel)

STRICT: Final[ConfigDict] = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
"""How all models of bodies are read: 3 is no text, "3" no number, and no field is ignored."""
MOST_PROBLEMS = 10
"""Of a body, all of which are listed."""
LONGEST_EXAMPLE = 200
"""Characters of an example in a hint."""
JSON_HEADER = "content-type: application/json"
MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}", re.ASCII)
"""What is repeated of a content-type: nothing that is long or odd."""
HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)

EXPECTED = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "float_type": "a number",
    "finite_number": "a number that a float can hold",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "greater_than_equal": "{ge:,.7g} or more",
    "less_than_equal": "{le:,.7g} or less",
    "greater_than": "more than {gt:,.7g}",
    "less_than": "less than {lt:,.7g}",
    "string_too_long": "a text of {max_length:,} characters at most",
    "too_short": "a list of {min_length:,}",
    "too_long": "a list of {max_length:,}",
}
"""What was expected instead, by the type of pydantic's error."""


async def body_of(request: Request, kind: type[Model]) -> Model:
    """The body of a request. Raises RefusedError, with all that is wrong."""
    refuse_other_types(request, kind)
    return checked(kind, read_json(await request.body(), "the body"))


def refuse_other_types(request: Request, kind: type[BaseModel]) -> None:
    """Raises RefusedError for a body that is not sent as JSON in UTF-8.

    A page of another site may send a form without asking, but no JSON.
    """
    stated, _, parameters = request.headers.get("content-type", "").partition(";")
    content_type = stated.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.ASCII | re.IGNORECASE)
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if content_type != "application/json":
        what = "has no content-type"
        if content_type:
            known = MEDIA_TYPE.fullmatch(content_type)
            what = f"is sent as {f'`{content_type}`' if known else 'another content-type'}"
        raise refused(
            status, f"the body {what}, and JSON is expected", hint=header_hint(request, kind)
        )
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise refused(
            status, "the body is sent in another charset, and JSON is in UTF-8", hint="leave it out"
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refused(
            status,
            "the body is compressed, which is not supported",
            hint="send it as it is, without the header `content-encoding`",
        )


def header_hint(request: Request, kind: type[BaseModel]) -> str:
    """The header to add, and a command with it where that is short."""
    header, body, host = JSON_HEADER, example_of(kind), request.headers.get("host", "")
    if body == "{}" or len(body) > LONGEST_EXAMPLE or not HOST.fullmatch(host):
        return f"add the header `{header}`"
    address = f"{request.url.scheme}://{host}{request.url.path}"
    return f"add the header `{header}`: {shlex.join(['curl', '-H', header, '-d', body, address])}"


def example_of(kind: type[BaseModel]) -> str:
    """A body, of the first examples of its fields, in JSON."""
    fields = kind.model_fields.items()
    examples = {name: field.examples[0] for name, field in fields if field.examples}
    return json.dumps(examples, ensure_ascii=False)


def checked(kind: type[Model], value: Any) -> Model:
    """A value as a model. Raises RefusedError with all that is wrong with it."""
    # Of each field that it does not know, pydantic would make an error.
    value, unlisted = with_few_unknown(kind, value)
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    by_place = errors_by_place(value, errors)
    listed = islice(by_place.items(), MOST_PROBLEMS)
    problems = hinted_once(problem_at(kind, value, place, own) for place, own in listed)
    if more := unlisted + len(by_place) - len(problems):
        detail = f"{more:,} more values are wrong"
        problems.append(FieldProblem(detail=detail, pointer=None, hint=None))
    raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, problems)


def with_few_unknown(kind: type[BaseModel], value: Any) -> tuple[Any, int]:
    """A value with those fields that it should not have which are listed, and the number of others
    that it has."""
    if not isinstance(value, dict):
        return value, 0
    unknown = [name for name in value if name not in kind.model_fields]
    others = set(unknown[MOST_PROBLEMS:])
    if not others:
        return value, 0
    return {name: value[name] for name in value if name not in others}, len(others)


def hinted_once(problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    """The problems, each hint with the first that has it alone."""
    given: set[str | None] = set()
    hinted = []
    for problem in problems:
        hint = None if problem.hint in given else problem.hint
        hinted.append(problem.model_copy(update={"hint": hint}))
        given.add(hint)
    return hinted


def errors_by_place(value: Any, errors: list[ErrorDetails]) -> dict[Path, list[ErrorDetails]]:
    """The errors at each place that is wrong.

    Where a value may be of several types, pydantic reports what each of them lacks. What counts is
    the type that fails furthest inside.
    """
    by_place: dict[Path, list[ErrorDetails]] = {}
    for error in errors:
        by_place.setdefault(place_of(error, value), []).append(error)
    outer = {place[:length] for place in by_place for length in range(len(place))}
    return {place: own for place, own in by_place.items() if place not in outer}


def place_of(error: ErrorDetails, value: Any) -> Path:
    """Where in the value an error is: its location without the names of pydantic's types."""
    place: list[int | str] = []
    for part in error["loc"]:
        inside = part in value if isinstance(value, dict) else is_item(value, part)
        if inside:
            value = value[part]
        if inside or (error["type"] == "missing" and part is error["loc"][-1]):
            place.append(part)
    return tuple(place)


def is_item(value: Any, part: int | str) -> bool:
    return isinstance(value, list) and isinstance(part, int) and part < len(value)


def problem_at(
    kind: type[BaseModel], body: Any, place: Path, errors: list[ErrorDetails]
) -> FieldProblem:
    """What is wrong at a place, in our words."""
    names = list(kind.model_fields)
    # What a model of ours raises says more than that the value might be of another type.
    error = next((each for each in errors if each["type"] == "value_error"), errors[0])
    match error["type"]:
        case "extra_forbidden":
            name = str(place[-1])[:40]
            detail = f"there is no field `{name}`{did_you_mean(name, names)}"
            several = "fields are" if len(names) > 1 else "only field is"
            fields = f"the {several} " + ", ".join(f"`{each}`" for each in names)
            return FieldProblem(detail=detail, pointer=pointer_to(place), hint=fields)
        case "missing":
            name, siblings = str(place[-1]), value_at(body, place[:-1])
            given = next((key for key in siblings if key.lower() == name.lower()), None)
            hint = described(kind, place) if given is None else f"write `{name}`, not `{given}`"
            detail = f"`{name}` is missing"
            return FieldProblem(detail=detail, pointer=pointer_to(place[:-1]), hint=hint)
        case "value_error":  # raised by a model of ours
            detail, hint = (*error["ctx"]["error"].args, None)[:2]
            return FieldProblem(detail=detail, pointer=pointer_to(place), hint=hint)
    stated = [each for each in errors if each["type"] != "none_required"]
    expected = " or ".join(dict.fromkeys(map(expectation, stated)))
    found = value_text(value_at(body, place))
    hint = described(kind, place)
    if not place and len(example := example_of(kind)) <= LONGEST_EXAMPLE:
        hint = f"a body is {example}"
    detail = f"expected {expected}, found {found}"
    return FieldProblem(detail=detail, pointer=pointer_to(place), hint=hint)


def described(kind: type[BaseModel], place: Path) -> str | None:
    """What the field that a place is in may be, as a hint."""
    description = kind.model_fields[str(place[0])].description if place else None
    return description and f"{description[0].lower()}{description[1:].rstrip('.')}"


def at_most(count: int, detail: str, hint: str) -> BeforeValidator:
    """Refuses a longer list before each of its items is looked at. `detail` has places for the
    number of items and for the most there may be."""

    def refuse_longer(value: Any) -> Any:
        if isinstance(value, list) and len(value) > count:
            raise ValueError(detail.format(len(value), count), hint)
        return value

    return BeforeValidator(refuse_longer)


def expectation(error: ErrorDetails) -> str:
    return EXPECTED.get(error["type"], "another value").format(**error.get("ctx", {}))


def value_at(value: Any, place: Path) -> Any:
    for part in place:
        value = value[part]
    return value


def value_text(value: Any) -> str:
    """A value as the client wrote it, shortened."""
    if isinstance(value, list):
        return f"a list of {plural(len(value), 'value')}"
    if isinstance(value, dict):
        return "an object"
    if value in (inf, -inf):
        return "a number too large for a float"
    return json_snippet(value[:100] if isinstance(value, str) else value)
