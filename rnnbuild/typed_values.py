"""Plain JSON values as typed values: read strictly, the place of the first mismatch reported.

    dataclass               an object with exactly these keys
    tuple[T, ...], dict     a list, an object with any keys
    float                   a finite number, integers included
    Annotated[T, Check]     a T that passes the check

A field with a default is a key that may be missing; one with the default None is not written if it
is None.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from string import hexdigits
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from rnnbuild.formatting import is_encodable

LONGEST_SHOWN = 40
"""Number of characters shown of a wrong value."""


@dataclass(frozen=True)
class Check:
    """A condition on a value besides its type; `expected` describes it."""

    expected: str
    passes: Callable[[Any], bool]


LARGEST = 2**63 - 1
Count = Annotated[int, Check("a whole number, 0 or more", lambda value: 0 <= value <= LARGEST)]
Positive = Annotated[int, Check("a whole number, 1 or more", lambda value: 1 <= value <= LARGEST)]
Name = Annotated[str, Check("a text, not empty", bool)]
Names = Annotated[
    tuple[str, ...],
    Check(
        "texts, none of them empty or there twice",
        lambda names: len(set(names)) == len(names) and "" not in names,
    ),
]
PositiveNumber = Annotated[float, Check("a number above 0", lambda value: value > 0)]
Sha256 = Annotated[
    str,
    Check("64 hexadecimal digits", lambda text: len(text) == 64 and not set(text) - set(hexdigits)),
]
Seconds = Annotated[float, Check("seconds, 0 or more", lambda value: value >= 0)]

PRIMITIVES: dict[Any, tuple[str, Callable[[Any], bool]]] = {
    str: ("a text", lambda value: isinstance(value, str) and is_encodable(value)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: ("a whole number", lambda value: type(value) is int),
    float: ("a number", lambda value: type(value) in (int, float) and is_finite(value)),
    type(None): ("null", lambda value: value is None),
}

PLAIN = frozenset(PRIMITIVES)


class UnexpectedValueError(Exception):
    """Raised for a value that does not have its field's type: place, expected and actual value."""

    def __init__(self, place: str, expected: str, found: str):
        where = f"`{place}`: " if place else ""
        super().__init__(f"{where}expected {expected}, found {found}")


def to_plain(value: Any) -> Any:
    """A record as plain JSON values."""
    if is_dataclass(value):
        return {
            field.name: to_plain(getattr(value, field.name))
            for field in fields(value)
            if field.default is not None or getattr(value, field.name) is not None
        }
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        if PLAIN.issuperset(map(type, value)):
            return list(value)
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: Any, value: Any, place: str = "") -> Any:
    """Plain JSON values as a `kind`. Raises UnexpectedValueError where they do not match it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        parsed = from_plain(arguments[0], value, place)
        for check in arguments[1:]:
            if parsed is not None and not check.passes(parsed):
                raise UnexpectedValueError(place, check.expected, json_snippet(value))
        return parsed
    if origin in (Union, UnionType):
        return from_plain(branch_for(arguments, value, place), value, place)
    if is_dataclass(kind):
        return object_from(kind, value, place)
    if origin is tuple:
        return tuple_from(arguments, value, place)
    if origin is dict:
        expect(isinstance(value, dict), kind, value, place)
        return {
            from_plain(arguments[0], key, place): from_plain(arguments[1], item, inside(place, key))
            for key, item in value.items()
        }
    fits = PRIMITIVES[kind][1](value) if origin is not Literal else is_one_of(arguments, value)
    expect(fits, kind, value, place)
    return value


def object_from(kind: Any, value: Any, place: str) -> Any:
    """An object with exactly the keys of a dataclass."""
    expect(isinstance(value, dict), kind, value, place)
    kinds = types_of(kind)
    for key in value:
        if key not in kinds:
            raise UnexpectedValueError(
                inside(place, key), "no key of that name", json_snippet(value[key])
            )
    for field in fields(kind):
        if field.name not in value and field.default is MISSING:
            expected = description(kinds[field.name])
            raise UnexpectedValueError(inside(place, field.name), expected, "nothing")
    return kind(
        **{key: from_plain(kinds[key], item, inside(place, key)) for key, item in value.items()}
    )


def tuple_from(kinds: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    """A list of any length for `tuple[T, ...]`, else with one item for each type."""
    expect(isinstance(value, list), tuple, value, place)
    if kinds[-1] is Ellipsis and are_plain(kinds[0], value):
        return tuple(value)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise UnexpectedValueError(place, f"a list of {len(kinds)}", f"one of {len(value)}")
    items = enumerate(zip(kinds, value, strict=True))
    return tuple(from_plain(kind, item, f"{place}[{number}]") for number, (kind, item) in items)


def are_plain(kind: Any, values: list[Any]) -> bool:
    """Whether values are of a kind, as is seen without looking at each by itself.

    So a vocabulary of a million words is read in no time. False where they are not, or where the
    kind takes a closer look.
    """
    types, checks = plain_types(kind)
    if not set(map(type, values)) <= types:
        return False
    given = [value for value in values if value is not None] if type(None) in types else values
    if str in types and not is_encodable("".join(given)):
        return False
    if float in types and not all(map(is_finite, given)):
        return False
    return all(check.passes(value) for check in checks for value in given)


@cache
def plain_types(kind: Any) -> tuple[frozenset[type], tuple[Check, ...]]:
    """The types that values of a kind have in JSON, and what is checked of them besides.

    No types for a kind of objects, lists, or values of several types.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        types, checks = plain_types(arguments[0])
        return types, (*checks, *arguments[1:])
    if origin in (Union, UnionType):
        (first, *others) = (each for each in arguments if each is not type(None))
        types, checks = plain_types(first)
        return (types | {type(None)} if types and not others else frozenset()), checks
    if kind is float:
        return frozenset((float, int)), ()
    return frozenset((kind,) if kind in (str, bool, int) else ()), ()


def branch_for(kinds: tuple[Any, ...], value: Any, place: str) -> Any:
    """The one of several types that a value has, or comes closest to."""
    given = [kind for kind in kinds if kind is not type(None)]
    if value is None and len(given) < len(kinds):
        return type(None)
    if len(given) == 1:
        return given[0]
    if isinstance(value, dict) and all(map(is_dataclass, given)):
        # The most keys in common, and then the fewest that are needed and missing.
        return max(given, key=lambda kind: (common(kind, value), -len(lacking(kind, value))))
    for kind in given:
        try:
            from_plain(kind, value, place)
            return kind
        except UnexpectedValueError:
            continue
    expected = " or ".join(map(description, kinds))
    raise UnexpectedValueError(place, expected, json_snippet(value))


def common(kind: Any, value: dict[str, Any]) -> int:
    """Number of keys that a value has of a dataclass."""
    return len(types_of(kind).keys() & value.keys())


def lacking(kind: Any, value: dict[str, Any]) -> set[str]:
    """The keys that a dataclass needs and a value does not have."""
    return {field.name for field in fields(kind) if field.default is MISSING} - value.keys()


def expect(holds: bool, kind: Any, value: Any, place: str) -> None:
    """Raises UnexpectedValueError unless `holds`: the value is not of that kind."""
    if not holds:
        raise UnexpectedValueError(place, description(kind), json_snippet(value))


def description(kind: Any) -> str:
    """A type in words."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return str(arguments[1].expected)
    if origin in (Union, UnionType):
        return " or ".join(map(description, arguments))
    if origin is Literal:
        return "one of " + ", ".join(map(json_snippet, arguments))
    if origin is tuple or kind is tuple:
        return "a list"
    return "an object" if dict in (origin, kind) or is_dataclass(kind) else PRIMITIVES[kind][0]


def is_one_of(choices: tuple[Any, ...], value: Any) -> bool:
    """Whether a value is among a Literal's; True is not equal to 1 here."""
    return any(type(value) is type(choice) and value == choice for choice in choices)


def is_finite(number: float) -> bool:
    """Whether a number is neither NaN nor infinite and fits a float."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


@cache
def types_of(kind: Any) -> dict[str, Any]:
    """The type of each field of a dataclass."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)}


def inside(place: str, key: str) -> str:
    """The place of an object's key."""
    return f"{place}.{key}" if place else str(key)


def json_snippet(value: Any) -> str:
    """A value as written in the file, shortened if it is long."""
    text = json.dumps(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
