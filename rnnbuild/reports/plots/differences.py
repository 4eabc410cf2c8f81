"""Differences of variants with their intervals, beside zero and the margin."""

from collections.abc import Sequence

from rnnbuild.formatting import difference_text
from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.intervals import Measured, coloured, height_of, named_rows
from rnnbuild.reports.plots.marks import colour, field, plot, room_around


def differences_plot(
    measured: Sequence[Measured], unit: str, about: str, margin: float | None
) -> Spec:
    """A point and an interval for each difference; a line at zero, a band as wide as the margin."""
    band = [0.0] if margin is None else [-margin, margin]
    ends = [
        end for each in measured for end in (each.value, each.low, each.high) if end is not None
    ]
    scale = room_around(min(ends + band), max(ends + band))
    x = field("value", title=unit or None, scale=scale, axis={"format": "+.3~r"})
    layers: list[Spec] = [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "strokeWidth": 1, "opacity": 0.6},
            "encoding": {"x": {**x, "field": "zero"}, **plain("ink")},
        },
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "strokeCap": "round"},
            "encoding": {
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "y": named_rows([each.name for each in measured]),
            },
        },
        {
            "mark": {"type": "point", "size": 70},
            "encoding": {"x": x, "y": named_rows([each.name for each in measured])},
        },
    ]
    if margin is not None:
        layers.insert(
            0,
            {
                "data": {"values": [{"from": -margin, "to": margin}]},
                "mark": {"type": "rect", "opacity": 0.12},
                "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, **plain("muted")},
            },
        )
    shown = ", ".join(f"{each.name} {difference_text(each.value)}" for each in measured[:8])
    roles = list(dict.fromkeys(each.role for each in measured))
    return plot(
        f"differences {about}: {shown}{', ...' if len(measured) > 8 else ''}",
        [each.row for each in measured],
        height=height_of([each.name for each in measured]),
        encoding={
            "color": coloured(roles),
            "tooltip": [
                field("name", "nominal", title="title"),
                field("said", "nominal", title="difference"),
            ],
        },
        layer=layers,
    )


def plain(role: str) -> Spec:
    """A colour instead of that of the variants, and nothing under the pointer."""
    return {"color": {"value": colour(role)}, "tooltip": {"value": None}}
