"""`search`: what `tune` tries for which keys."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from rnnbuild.config.schema.base import Section


def number(value: Any) -> Any:
    # One problem, where a union would report one for each of its types.
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PydanticCustomError("float_type", "Input should be a number")
    return value


Number = Annotated[int | float, BeforeValidator(number)]


class SearchRange(Section):
    """Numbers from `low` to `high`, both included; whole ones where the key takes no others."""

    low: Number
    """The lowest number."""
    high: Number
    """The highest number."""
    log: bool = False
    """Whether each factor is as likely as another: from 1 to 10 as often as from 10 to 100."""
    step: Number | None = None
    """What the numbers differ by; without it any number may be proposed."""


def list_or_range(value: Any) -> Any:
    if not isinstance(value, list | dict | SearchRange):
        expected = "a list of alternatives, or a range such as `{low: 16, high: 256}`"
        raise PydanticCustomError("list_or_range", expected)
    return value


def kind_of_search(value: Any) -> str:
    # With a blank, as no key has one: see `schema_walk`.
    return "a list" if isinstance(value, list) else "a range"


Searched = Annotated[
    Annotated[list[Any], Field(min_length=1), Tag("a list")]
    | Annotated[SearchRange, Tag("a range")],
    Discriminator(kind_of_search),
    BeforeValidator(list_or_range),
]
