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


@dataclass(frozen=True)
class Measured:
    """A value by its name, with the ends of its interval where it has one."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    role: str = "accent"
    """Colour: `accent` for what is judged, `muted` for what it is compared with."""

    @property
    def row(self) -> dict[str, Any]:
        """As a row of a plot's data, with the text that a pointer shows."""
        interval = interval_text(self.low, self.high)
        said = score_text(self.value) + (f" ({interval})" if interval else "")
        return {**vars(self), "said": said}


def intervals_plot(measured: Sequence[Measured], metric: str, about: str) -> Spec:
    """A dot for each value and a line for its interval, in the order given."""
    rows = [each.row for each in measured]
    ends = [
        end for each in measured for end in (each.value, each.low, each.high) if end is not None
    ]
    height = NARROW_ROW if len(measured) > MANY else ROW
    y = field(
        "name",
        "nominal",
        title=None,
        scale={"domain": [each.name for each in measured]},
        axis={"labelLimit": 150, "labelColor": colour("ink"), "grid": True, "gridDash": [1, 3]},
    )
    x = field("value", title=None, scale=room_around(min(ends), max(ends)))
    roles = list(dict.fromkeys(each.role for each in measured))
    shared = {
        "y": y,
        "color": field(
            "role",
            "nominal",
            legend=None,
            scale={"domain": roles, "range": [colour(role) for role in roles]},
        ),
        "tooltip": said(metric),
    }
    return plot(
        described(measured, metric, about),
        rows,
        height={"step": height},
        encoding=shared,
        layer=[
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "strokeCap": "round"},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {"mark": {"type": "point", "size": 70}, "encoding": {"x": x}},
        ],
    )


def said(metric: str) -> list[Spec]:
    """What a pointer shows: the name as a title, below it the value and its interval."""
    return [field("name", "nominal", title="title"), field("said", "nominal", title=metric)]


def described(measured: Sequence[Measured], metric: str, about: str) -> str:
    """What the plot says, in a sentence with its first numbers."""
    first = ", ".join(f"{each.name} {each.value:.4g}" for each in measured[:8])
    return f"{metric} {about}: {first}{', ...' if len(measured) > 8 else ''}"
