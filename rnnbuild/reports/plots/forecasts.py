"""Forecasts drawn against what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import colour, field, number, plot

Points = Sequence[tuple[int | str, float]]
"""Values by date, as ISO 8601 has it, or by their number in the series."""

HAPPENED = "what happened"


def forecasts_plot(lines: Mapping[str, Points], roles: Mapping[str, str], name: str) -> Spec:
    """A line for what happened and one for each forecast, by how far ahead it was made."""
    rows = [
        {"x": x, "value": value, "line": line}
        for line, points in lines.items()
        for x, value in points
    ]
    dated = any(isinstance(row["x"], str) for row in rows)
    x: dict[str, Any] = (
        field(
            "x",
            "temporal",
            title=None,
            axis={"format": date_format(rows), "tickCount": {"expr": "width / 110"}},
        )
        if dated
        else field("x", title="row", scale={"nice": False})
    )
    return plot(
        f"forecasts of {name} and what happened, {len(next(iter(lines.values())))} steps",
        rows,
        height=300,
        encoding={
            "x": x,
            "y": field("value", title=None, scale={"zero": False}),
            "color": field(
                "line",
                "nominal",
                legend=None,
                scale={
                    "domain": list(lines),
                    "range": [colour(roles[line]) for line in lines],
                },
            ),
        },
        layer=[
            {"mark": {"type": "line", "strokeWidth": 1.5, "clip": True}},
            {
                "mark": {"type": "point", "size": 40, "opacity": 0},
                "encoding": {
                    "tooltip": [
                        field("line", "nominal", title="title"),
                        field("x", "temporal" if dated else "quantitative", title="step"),
                        field("value", title=name, **number(6)),
                    ],
                },
            },
        ],
    )


def date_format(rows: Sequence[Mapping[str, Any]]) -> str:
    """How an axis writes dates: months, days or minutes, by how long the series is."""
    first, last = (datetime.fromisoformat(end(str(row["x"]) for row in rows)) for end in (min, max))
    days = (last - first).days
    return "%b %Y" if days > 180 else "%d %b" if days > 3 else "%d %b %H:%M"


def answers_plot(pairs: Sequence[tuple[float, float]], name: str) -> Spec:
    """A point for each target and its answer; on the dashed line both are equal."""
    values = [value for pair in pairs for value in pair]
    low, high = min(values), max(values)
    scale = {"domain": [low, high], "nice": True, "zero": False}
    x = field("target", title="target", scale=scale)
    y = field("answer", title="answer", scale=scale)
    return plot(
        f"answers against targets, {len(pairs)} of {name}",
        [{"target": target, "answer": answer} for target, answer in pairs],
        height=320,
        layer=[
            {
                "data": {
                    "values": [{"target": low, "answer": low}, {"target": high, "answer": high}]
                },
                "mark": {
                    "type": "line",
                    "strokeDash": [4, 4],
                    "strokeWidth": 1,
                    "color": colour("muted"),
                },
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "point", "size": 24, "opacity": 0.5, "color": colour("accent")},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": [field("target", **number(6)), field("answer", **number(6))],
                },
            },
        ],
    )
