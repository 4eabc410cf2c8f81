"""How to fix a wrong value, where the schema shows the way."""

import re
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from rnnbuild.config.schema.encoding import known_names
from rnnbuild.config.schema_walk import (
    Location,
    full_annotation,
    is_list,
    section_at,
    sections_at,
    tags_of,
)
from rnnbuild.errors import nearest

THOUSANDS = re.compile(r"[0-9]{1,3}([_,][0-9]{3})+")
WORDS_FOR_TRUE, WORDS_FOR_FALSE = ("yes", "on", "y"), ("no", "off", "n")


def hint_for(kind: str, value: Any, location: Location) -> str | None:
    """A hint for pydantic's error of this kind at a location, or None where none is sure."""
    match kind:
        case "int_type" | "int_from_float" | "float_type":
            return _number(kind, value)
        case "bool_type":
            return _truth(value)
        case "tuple_type" | "list_type":
            return _list(value, location)
        case "model_type" | "model_attributes_type":
            return _mapping(value, location)
        case "string_pattern_mismatch":
            fitting = re.sub(r"[^A-Za-z0-9._-]+", "-", value).strip("-._")
            return f"write `{fitting}`" if fitting else None
        case "encoding":
            close = nearest(value, known_names())
            return f"did you mean `{close}`?" if close else "such as `latin-1`, `cp1252`, `utf-16`"
        case _:
            return None


def _number(kind: str, value: Any) -> str | None:
    from rnnbuild.config.yaml_tree import core_scalar

    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"write `{int(value)}`"
    if not isinstance(value, str):
        return None
    plain = value.strip()
    if plain.endswith("%") and isinstance(share := core_scalar(plain[:-1]), int | float):
        return f"write `{share / 100:g}`" if kind == "float_type" else None
    if isinstance(core_scalar(plain), int | float):
        return "leave the quotes out"
    if THOUSANDS.fullmatch(plain):
        number = plain.replace("_", "").replace(",", "")
        return f"write `{number}`"
    return None


def _truth(value: Any) -> str | None:
    if isinstance(value, str) and value.lower() in (*WORDS_FOR_TRUE, *WORDS_FOR_FALSE):
        meant = "true" if value.lower() in WORDS_FOR_TRUE else "false"
        return f"`{value}` is a text in YAML 1.2: write `{meant}`"
    if isinstance(value, int) and value in (0, 1):
        return f"write `{'true' if value else 'false'}`"
    return None


def _list(value: Any, location: Location) -> str | None:
    """A single entry where a list is wanted: put it into one."""
    parent = section_at(location[:-1])
    field = parent.model_fields.get(str(location[-1])) if parent else None
    if field is None or not is_list(field.annotation) or value is None:
        return None
    if not _accepts(field, [value]):
        return None
    return "start it with `- `: a list of one" if isinstance(value, dict) else f"write `[{value}]`"


def _mapping(value: Any, location: Location) -> str | None:
    """A single value where a mapping is wanted: name the key that it belongs to."""
    section = section_at(location)
    if section is None or not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    if tags_of(section):
        example = example_of(section)
        short = f"write a name, such as `{tags_of(section)[0]}`"
        return f"{short}, or `{example}`" if example else short
    required = [name for name, field in section.model_fields.items() if field.is_required()]
    for name in required or section.model_fields:
        if _accepts(section.model_fields[name], value):
            return f"write `{{{name}: {value}}}`"
    return None


def example_of(section: type[BaseModel]) -> str | None:
    """`{name: l2, l2: 0.01}`: a section's name and its first argument as it is by default."""
    for key, field in section.model_fields.items():
        if isinstance(field.default, int | float):
            return f"{{name: {tags_of(section)[0]}, {key}: {field.default}}}"
    return None


def _accepts(field: Any, value: Any) -> bool:
    try:
        TypeAdapter(full_annotation(field)).validate_python(
            value, strict=not is_list(field.annotation)
        )
    except ValidationError:
        return False
    return True


def name_left_out(value: dict[str, Any], location: Location) -> str | None:
    """`{l2: 0.1}` where `{name: l2, l2: 0.1}` is meant: one of the keys is a name."""
    names = [tag for section in sections_at(location) for tag in tags_of(section)]
    meant = next((key for key in value if key in names), None)
    typo = next((key for key in value if nearest(str(key), ("name",))), None)
    if typo is not None:
        return f"did you mean `name` for `{typo}`?"
    if meant is None:
        return f"add `name:`, one of {', '.join(f'`{name}`' for name in names)}"
    inner = ", ".join(f"{key}: {item}" for key, item in value.items())
    return f"write `{{name: {meant}, {inner}}}`"
