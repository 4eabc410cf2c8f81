"""What may follow in a key that is being typed, and the values that a key chooses from."""

import re
import typing
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from rnnbuild.config.keys import DEPTH, LAYER_KEYS, TOP_KEYS
from rnnbuild.config.schema.layers import RECURRENT_LAYERS
from rnnbuild.config.schema_walk import (
    is_list,
    sections_at,
    sections_in,
    tag_key,
    tags_of,
    value_of,
)


def keys_after(typed: str) -> list[str]:
    """The keys that begin as typed, up to their next part: `model.e` gives `model.embedding.`.

    A key that is complete ends in `=`, one that goes on in a dot.
    """
    inside, _, begun = typed.rpartition(".")
    outer = inside.split(".") if inside else []
    fields = _fields(outer)
    found = {
        f"{'.'.join([*outer, name])}{end}"
        for name, annotations in fields.items()
        if name.startswith(begun)
        for annotation in annotations
        for end in _ends(annotation)
    }
    return sorted(found)


def values_of(key: str) -> list[str]:
    """The values that a key chooses from; none where it takes any number or text.

    Those that would need quotes, for YAML and again for the shell, are left out.
    """
    *outer, name = key.split(".")
    annotations = _fields(outer).get(name, [])
    values = dict.fromkeys(value for each in annotations for value in _choices(each))
    return [value for value in values if re.fullmatch("[A-Za-z0-9_-]+", value)]


def _fields(outer: list[str]) -> dict[str, list[Any]]:
    """The keys in the sections at a path, each with the annotations that it has there."""
    sections: list[type[BaseModel]] = sections_at(
        tuple(int(part) if part.isdecimal() else part for part in outer)
    )
    fields: dict[str, list[Any]] = {}
    if outer:
        for section in sections:
            for name, field in section.model_fields.items():
                fields.setdefault(name, []).append(field.annotation)
        return fields
    (top,) = sections
    for layer in RECURRENT_LAYERS.values():
        for name in LAYER_KEYS.intersection(layer.model_fields):
            fields.setdefault(name, []).append(layer.model_fields[name].annotation)
    return {
        **fields,
        DEPTH: [int],
        **{name: [top.model_fields[name].annotation] for name in TOP_KEYS},
    }


def _ends(annotation: Any) -> Iterator[str]:
    """How a key of this kind ends: `=` for a value, a dot for a section, the first of a list."""
    sections = sections_in(annotation)
    named = any(tag_key(section) == "name" for section in sections)
    if not sections or named or is_list(annotation):
        yield "="
    if sections or value_of(annotation) is not None:
        yield ".0." if is_list(annotation) else "."


def _choices(annotation: Any) -> Iterator[str]:
    origin = get_origin(annotation)
    if annotation is bool:
        yield from ("true", "false")
    elif origin is typing.Literal:
        yield from map(str, get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if tag_key(annotation) == "name":
            yield from tags_of(annotation)
    elif origin not in (tuple, list, dict):
        for inner in get_args(annotation):
            yield from _choices(inner)
