"""Forecasts drawn against what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import colour, field, number, plot
from rnnbuild.reports.plots.step_axis import Date, date_field, json_date, number_field

Points = Sequence[tuple[int | Date, float]]
"""Values by date, or by the number of their step."""

HAPPENED = "what happened"


def forecasts_plot(
    lines: Mapping[str, Points], roles: Mapping[str, str], name: str, steps: Mapping[Any, str]
) -> Spec:
    """A line for what happened and one for each forecast, by how far ahead it was made.

    `steps` are the dates or numbers as texts.
    """
    rows = [
        {"x": x if isinstance(x, int) else json_date(x), "step": steps[x]}
        | {"value": value, "line": line}
        for line, points in lines.items()
        for x, value in points
    ]
    numbers = [x for x in steps if isinstance(x, int)]
    x = number_field("x", numbers) if numbers else date_field("x", list(steps))
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
                        field("step", "nominal", title="step"),
                        field("value", title=name, **number(6)),
                    ],
                },
            },
        ],
    )


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
