"""Score against cost: which variants no other beats in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.intervals import coloured
from rnnbuild.reports.plots.marks import colour, field, plot, room_around

FAR_APART = 3


@dataclass(frozen=True)
class Costed:
    """A variant's score and cost."""

    label: str
    role: str
    score: float
    cost: float
    cost_text: str
    score_text: str
    on_front: bool


def costs_plot(costed: Sequence[Costed], metric: str, cost: str) -> Spec:
    """A point for each variant, and a line through those on the front."""
    scores = [each.score for each in costed]
    x = field("cost", title=cost, scale=cost_scale([each.cost for each in costed]))
    x["axis"] = {"tickCount": 4}
    y = field("score", title=None, scale=room_around(min(scores), max(scores)))
    front = ", ".join(each.label for each in costed if each.on_front)
    return plot(
        f"validation {metric} against {cost}; on the front: {front}",
        [vars(each) for each in costed],
        height=260,
        layer=[
            {
                "transform": [{"filter": "datum.on_front"}],
                "mark": {
                    "type": "line",
                    "strokeDash": [4, 4],
                    "strokeWidth": 1,
                    "color": colour("muted"),
                    "interpolate": "step-after",
                },
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "point", "size": 90},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": coloured(list(dict.fromkeys(each.role for each in costed))),
                    "tooltip": [
                        field("label", "nominal", title="title"),
                        field("score_text", "nominal", title=metric),
                        field("cost_text", "nominal", title=cost),
                    ],
                },
            },
        ],
    )


def cost_scale(costs: Sequence[float]) -> dict[str, Any]:
    """Logarithmic where costs differ by more than a factor."""
    if max(costs) > FAR_APART * min(costs) > 0:
        return {"type": "log", "nice": True}
    return room_around(min(costs), max(costs))
