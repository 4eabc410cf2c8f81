"""A config as YAML lines, each knowing whether it was written or follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rnnbuild.config.places import Path
from rnnbuild.config.written import inline_text


@dataclass(frozen=True)
class Line:
    """One line of YAML."""

    text: str
    path: Path
    written: bool
    """Whether the config states this value itself; of a mapping, anything within it."""


def outline(complete: Any, written: Any) -> list[Line]:
    """The lines of a complete config, marked by what the config as written states.

    Joined, their texts are `yaml_text(complete)`. Both are plain values, as of `plain_values`.
    """
    return list(_lines(complete, written, (), ""))


def leaves(values: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is neither a mapping nor a list, with its path."""
    if isinstance(values, dict) and values:
        for key, value in values.items():
            yield from leaves(value, (*path, key))
    elif isinstance(values, list) and values:
        for number, value in enumerate(values):
            yield from leaves(value, (*path, number))
    else:
        yield path, values


def states(written: Any, path: Path) -> bool:
    """Whether a config as written states the value at a path, perhaps in its short form."""
    for part in path:
        if isinstance(written, str):
            # `optimizer: adam` states `optimizer.name`.
            return part == "name"
        try:
            written = written[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _lines(value: Any, written: Any, path: Path, indent: str) -> Iterator[Line]:
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for part, inner in entries:
        here = (*path, part)
        stated = states(written, here)
        if isinstance(value, list) and isinstance(inner, dict | list) and inner:
            # The first line of an entry carries the dash.
            first, *rest = _lines(inner, written, here, f"{indent}  ")
            yield Line(f"{indent}- {first.text[len(indent) + 2 :]}", first.path, first.written)
            yield from rest
        elif isinstance(inner, dict | list) and inner:
            yield Line(f"{indent}{inline_text(part)}:", here, stated)
            yield from _lines(inner, written, here, f"{indent}  ")
        else:
            key = "- " if isinstance(value, list) else f"{inline_text(part)}: "
            yield Line(f"{indent}{key}{inline_text(inner)}", here, stated)
