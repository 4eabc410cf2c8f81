"""Values for the keys of the config's schema, drawn from the schema itself.

A new key is drawn without a line here, unless what it may be lies outside the schema: the names of
files, columns, datasets and metrics, which NAMES lists.
"""

import types
import typing
from collections.abc import Mapping, Sequence
from random import Random
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rnnbuild.config.schema import ALTERNATIVES
from rnnbuild.config.schema_walk import full_annotation

Values = dict[str, Any]
Names = Mapping[str, Sequence[str]]
NAMES: Names = {
    "dataset": ("amazon", "co2", "sunspots", "stocks", "adding", "dates", "copy", "addition"),
    "train": ("small.csv", "series.csv", "tags.jsonl", "pairs.tsv", "small.*"),
    "validation": ("small.csv", "series.csv"),
    "test": ("small.csv", "series.csv"),
    "delimiter": (",", ";", "\t", "|"),
    "text": ("text", "words", "label", "2"),
    "label": ("label", "tags", "text", "1"),
    "labels": ("label", "text"),
    "source": ("source", "text"),
    "target": ("target", "label"),
    "date": ("date", "a"),
    "date_format": ("%Y-%m-%d", "%d/%m/%Y"),
    "missing": ("-9999", "a"),
    "columns": ("a", "b", "date"),
    "targets": ("a", "b"),
    "metric": ("loss", "accuracy", "macro_f1", "rmse", "nothing"),
    "pretrained": ("vectors.txt", "missing.txt"),
    "name": ("drawn", "x"),
    "label_separator": ("|", ",", " "),
    "comment": ("#", "word1"),
    "encoding": ("latin-1", "cp1251", "utf-16", "ascii", "base64"),
}
"""By key: what a text may be, right or wrong, in the folder that `tests.fuzz` writes."""
OPTIONAL = 0.15
"""Share of the optional keys that a drawn section has."""


def section_values(section: type[BaseModel], random: Random, names: Names = NAMES) -> Values:
    """A mapping for a section: all required keys, and some of the others."""
    values: Values = {}
    for key, field in section.model_fields.items():
        if key not in ALTERNATIVES and (field.is_required() or random.random() < OPTIONAL):
            values[key] = key_value(key, field, random, names)
    return values


def key_value(key: str, field: FieldInfo, random: Random, names: Names = NAMES) -> Any:
    """A value that the schema allows for a key."""
    return _drawn(key, full_annotation(field), random, names)


def _drawn(key: str, annotation: Any, random: Random, names: Names, bounds: Any = ()) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return section_values(annotation, random, names)
    if origin is Annotated:
        return _drawn(key, arguments[0], random, names, (*bounds, *_bounds_in(arguments[1:])))
    if origin is typing.Literal:
        return random.choice(arguments)
    if origin in (typing.Union, types.UnionType):
        return _drawn(key, random.choice(arguments), random, names, bounds)
    if origin in (tuple, list):
        count = random.randint(1, 3)
        return [_drawn(key, arguments[0], random, names) for _ in range(count)]
    if origin is dict:
        return {random.choice("ab"): _drawn(key, arguments[1], random, names)}
    if annotation is type(None):
        return None
    if annotation is bool:
        return random.random() < 0.5
    if annotation is int:
        return random.randint(*_integers(bounds))
    if annotation is float:
        return _float(bounds, random)
    # Only alternatives may be anything.
    assert annotation in (str, Any), annotation
    return random.choice(names.get(key, ("a", "b")))


def _bounds_in(metadata: Sequence[Any]) -> list[Any]:
    """Bounds among what is annotated; those of a `Field` are within it."""
    found: list[Any] = []
    for item in metadata:
        found += item.metadata if isinstance(item, FieldInfo) else [item]
    return found


def _integers(bounds: Sequence[Any]) -> tuple[int, int]:
    low = max((bound.ge for bound in bounds if isinstance(bound, Ge)), default=0)
    return int(low), int(low) + 8


def _float(bounds: Sequence[Any], random: Random) -> float:
    low, high = 0.0, 2.0
    for bound in bounds:
        match bound:
            case Ge():
                low = float(bound.ge)  # type: ignore[arg-type]
            case Gt():
                low = float(bound.gt) + 1e-3  # type: ignore[arg-type]
            case Le():
                high = float(bound.le)  # type: ignore[arg-type]
            case Lt():
                high = float(bound.lt) - 1e-3  # type: ignore[arg-type]
    return round(random.uniform(low, high), 4)
