"""What plots share: the frame of a specification, colours by role, values under a pointer."""

from collections.abc import Mapping, Sequence
from typing import Any

from rnnbuild.reports.blocks import Spec

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""A name, which nothing fetches."""
Rows = Sequence[Mapping[str, Any]]


def plot(description: str, rows: Rows, **parts: Any) -> Spec:
    """A specification as wide as its place; `description` is what a screen reader says."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "data": {"values": [dict(row) for row in rows]},
        **parts,
    }


def colour(role: str) -> dict[str, str]:
    """A colour by its name in the style: `accent`, `muted`, `ink`."""
    return {"expr": role}


def field(name: str, kind: str = "quantitative", **more: Any) -> dict[str, Any]:
    """An encoding by a field of the data."""
    return {"field": name, "type": kind, **more}


def number(digits: int = 4) -> dict[str, str]:
    """How a tooltip shows a number."""
    return {"format": f".{digits}~g"}


def room_around(low: float, high: float) -> dict[str, Any]:
    """A scale from `low` to `high` with some room, which need not begin at zero."""
    room = (high - low) * 0.06 or abs(high) * 0.06 or 1.0
    return {"domain": [low - room, high + room], "nice": False, "zero": False}


def under_pointer(x: str, series: str, value: str, names: Sequence[str], title: str) -> Spec:
    """A rule at the nearest `x` under the pointer, with the values of all `names` at it."""
    return {
        "transform": [{"pivot": series, "value": value, "groupby": [x]}],
        "mark": {"type": "rule", "strokeWidth": 1, "tooltip": True},
        "encoding": {
            "x": field(x),
            "opacity": {"condition": {"value": 0.5, "param": "under", "empty": False}, "value": 0},
            "tooltip": [
                field(x, title=title),
                *(field(escaped(name), title=name, **number()) for name in names),
            ],
        },
        "params": [
            {
                "name": "under",
                "select": {
                    "type": "point",
                    "fields": [x],
                    "nearest": True,
                    "on": "pointerover",
                    "clear": "pointerout",
                },
            }
        ],
    }


def escaped(name: str) -> str:
    """A field's name in which a dot is a dot, and not a path."""
    for character in "\\.[]'\"":
        name = name.replace(character, f"\\{character}")
    return name
