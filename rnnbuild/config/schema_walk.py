"""Walking the schema: which section a path leads to, and which keys it has."""

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from rnnbuild.config.places import Path
from rnnbuild.config.schema import ALTERNATIVES, Config

TAG_KEYS = ("cell", "kind", "name")
"""Keys that distinguish a union's sections."""

Location = tuple[int | str, ...]
"""A path as pydantic reports it, the tags of unions among its parts."""


def section_at(location: Location) -> type[BaseModel] | None:
    """The section at a location; None where there is none."""
    sections = sections_at(location)
    return sections[0] if sections else None


def sections_at(location: Location) -> list[type[BaseModel]]:
    """The sections possible at a location: several where a union's tag is left open."""
    candidates: list[Any] = [Config]
    for part in location:
        candidates = [inner for candidate in candidates for inner in _step(candidate, part)]
    return [section for candidate in candidates for section in sections_in(candidate)]


def siblings_at(location: Location) -> list[type[BaseModel]]:
    """The other sections of the union that the tag at the end of a location chose from."""
    chosen = section_at(location)
    if chosen is None or not location or location[-1] not in tags_of(chosen):
        return []
    return [section for section in sections_at(location[:-1]) if section is not chosen]


def _step(annotation: Any, part: int | str) -> list[Any]:
    sections = sections_in(annotation)
    # Of several sections a tag chooses one; within one, the part is a key.
    if chosen := [section for section in sections if part in tags_of(section)][: len(sections) - 1]:
        return list(chosen)
    if (value := value_of(annotation)) is not None:
        return [value]
    fields = [section.model_fields for section in sections if part in section.model_fields]
    return [known[str(part)].annotation for known in fields] or (
        # A tag that is not a value of a key has a blank in it, which a key never has.
        [annotation] if isinstance(part, int) or " " in part else []
    )


def tag_key(section: type[BaseModel]) -> str | None:
    """The key that distinguishes a section from its siblings, where its value is fixed."""
    for key in TAG_KEYS:
        field = section.model_fields.get(key)
        if field is not None and get_origin(field.annotation) is typing.Literal:
            return key
    return None


def tags_of(section: type[BaseModel]) -> tuple[str, ...]:
    """The values of that key that name this section."""
    key = tag_key(section)
    return get_args(section.model_fields[key].annotation) if key else ()


def sections_in(annotation: Any) -> list[type[BaseModel]]:
    """The sections that an annotation allows, through unions, tuples and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType, tuple, list):
        return [section for inner in get_args(annotation) for section in sections_in(inner)]
    return []


def all_sections() -> Iterator[tuple[Path, type[BaseModel]]]:
    """Every section with its path, a list's entries under `N`, a mapping's under `KEY`; the top
    first."""

    def walk(section: type[BaseModel], path: Path) -> Iterator[tuple[Path, type[BaseModel]]]:
        yield path, section
        for key, field in section.model_fields.items():
            entry: Path = ("N",) if is_list(field.annotation) else ()
            for inner in sections_in(field.annotation):
                yield from walk(inner, (*path, key, *entry))
            for inner in sections_in(value_of(field.annotation)):
                yield from walk(inner, (*path, key, "KEY"))

    yield from walk(Config, ())


def is_list(annotation: Any) -> bool:
    """Whether a key takes a list of entries."""
    return get_origin(annotation) in (tuple, list)


def paths_of_key(name: str) -> list[Path]:
    """The paths of the sections that have a key of this name, not the top; arguments of named
    things (`momentum` of an optimizer) come last, and shorter paths before longer ones.
    """
    depths = {
        path: (tag_key(section) == "name", sum(part != "N" for part in path))
        for path, section in all_sections()
        if path and path[0] not in ALTERNATIVES and name in section.model_fields
    }
    return sorted(depths, key=lambda path: depths[path])


@dataclass(frozen=True)
class _Slot:
    """A place for a value in the schema: the whole config, a key's value, or its entries."""

    section: type[BaseModel]
    key: str | None = None
    entry: bool = False

    @property
    def annotation(self) -> Any:
        if self.key is None:
            return self.section
        annotation = full_annotation(self.section.model_fields[self.key])
        return entry_of(annotation) if self.entry else annotation


@cache
def _adapter(slot: _Slot) -> TypeAdapter[Any]:
    # Making one takes milliseconds, and thousands of variants may ask for the same.
    return TypeAdapter(slot.annotation)


def valid_sections(values: Any, wrong: set[Path]) -> Iterator[tuple[Path, Any]]:
    """The largest sections of a config's values in which nothing is wrong, validated."""

    def walk(slot: _Slot, values: Any, path: Path) -> Iterator[tuple[Path, Any]]:
        sections = sections_in(slot.annotation)
        if sections and not any(bad[: len(path)] == path for bad in wrong):
            yield path, _adapter(slot).validate_python(values)
        elif isinstance(values, dict) and len(sections) == 1:
            for key in sections[0].model_fields:
                if key in values:
                    yield from walk(_Slot(sections[0], key), values[key], (*path, key))
        elif isinstance(values, list) and entry_of(slot.annotation) is not None:
            for number, value in enumerate(values):
                yield from walk(replace(slot, entry=True), value, (*path, number))

    for path, section in walk(_Slot(Config), values, ()):
        if isinstance(section, BaseModel):
            yield path, section
        elif isinstance(section, tuple):
            # A list may have sections among names: a seasonal difference after `log`.
            inner = (((*path, number), entry) for number, entry in enumerate(section))
            yield from (place for place in inner if isinstance(place[1], BaseModel))


def full_annotation(field: FieldInfo) -> Any:
    """A field's annotation with what pydantic took apart from it: bounds, discriminators."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def value_of(annotation: Any) -> Any:
    """The annotation of the values of a mapping with any keys; None where it is not one."""
    return get_args(annotation)[1] if get_origin(annotation) is dict else None


def entry_of(annotation: Any) -> Any:
    """The annotation of a list's entries; None where it is not a list."""
    if get_origin(annotation) is Annotated:
        return entry_of(get_args(annotation)[0])
    return get_args(annotation)[0] if get_origin(annotation) in (tuple, list) else None
