"""Values with their intervals, one below the other: scores, labels, variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.formatting import interval_text, score_text
from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import colour, field, plot, room_around

ROW = 30
"""Pixels of a row; fewer where there are many."""
MANY, NARROW_ROW = 14, 20
NARROW, LINE = 340, 15
"""Pixels of a narrow plot, and of a line of text."""


@dataclass(frozen=True)
class Measured:
    """A value by its name, with the ends of its interval where it has one."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    role: str = "accent"
    """Colour: `accent` for what is judged, `muted` for what it is compared with."""
    said: str = ""
    """What a pointer shows; by default value and interval as scores."""

    @property
    def row(self) -> dict[str, Any]:
        """As a row of a plot's data."""
        interval = interval_text(self.low, self.high)
        said = score_text(self.value) + (f" ({interval})" if interval else "")
        return {**vars(self), "said": self.said or said}


@dataclass(frozen=True)
class Dot:
    """One of the values behind a mean, in the row of its name."""

    name: str
    value: float
    said: str
    """What a pointer shows: `seed 3: 0.8120`."""


def intervals_plot(
    measured: Sequence[Measured], metric: str, about: str, dots: Sequence[Dot] = ()
) -> Spec:
    """A point for each value and a line for its interval, in the order given, over its dots."""
    values = [*(each.value for each in measured), *(dot.value for dot in dots)]
    ends = [end for each in measured for end in (each.low, each.high) if end is not None]
    x = field("value", title=None, scale=room_around(min(values + ends), max(values + ends)))
    names = [each.name for each in measured]
    rows: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "strokeCap": "round"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {"mark": {"type": "point", "size": 70}, "encoding": {"x": x}},
    ]
    if dots:
        role_of = {each.name: each.role for each in measured}
        under = {
            "data": {"values": [{**vars(dot), "role": role_of[dot.name]} for dot in dots]},
            "mark": {"type": "point", "filled": False, "size": 40, "opacity": 0.7},
            "encoding": {"x": x},
        }
        rows.insert(1, under)
    return plot(
        described(measured, metric, about),
        [each.row for each in measured],
        height=height_of(names),
        encoding={
            "y": named_rows(names),
            "color": coloured(list(dict.fromkeys(each.role for each in measured))),
            "tooltip": said(metric),
        },
        layer=rows,
    )


def height_of(names: Sequence[str]) -> dict[str, int]:
    """Room for each row, and in it for every setting of a variant."""
    lines = max(max(name.count(", "), name.count("\n")) + 1 for name in names)
    return {"step": max(NARROW_ROW if len(names) > MANY else ROW, LINE * lines + 4)}


def named_rows(names: Sequence[str]) -> dict[str, Any]:
    """The vertical position by name, in the order given."""
    axis = {
        "labelLimit": {"expr": "max(150, 0.34 * width)"},
        # Settings of a variant go below each other where there is little room; pairs always do.
        "labelExpr": f"split(datum.label, width < {NARROW} && indexof(datum.label, '\\n') < 0 "
        "? ', ' : '\\n')",
        "labelColor": colour("ink"),
        "grid": True,
        "gridDash": [1, 3],
    }
    return field("name", "nominal", title=None, scale={"domain": list(names)}, axis=axis)


def coloured(roles: Sequence[str]) -> dict[str, Any]:
    """A colour by the field `role`."""
    scale = {"domain": list(roles), "range": [colour(role) for role in roles]}
    return field("role", "nominal", legend=None, scale=scale)


def said(metric: str) -> list[Spec]:
    """What a pointer shows: the name as a title, below it the value and its interval."""
    return [field("name", "nominal", title="title"), field("said", "nominal", title=metric)]


def described(measured: Sequence[Measured], metric: str, about: str) -> str:
    """What the plot says, in a sentence with its first numbers."""
    first = ", ".join(f"{each.name} {score_text(each.value)}" for each in measured[:8])
    return f"{metric} {about}: {first}{', ...' if len(measured) > 8 else ''}"
