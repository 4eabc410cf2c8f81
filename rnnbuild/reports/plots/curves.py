"""Training and validation over the epochs of one run."""

from collections.abc import Mapping, Sequence

from rnnbuild.formatting import score_text
from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import colour, field, plot, under_pointer

Curve = Sequence[tuple[float, float]]
"""Values over epochs or steps."""


def curves_plot(
    curves: Mapping[str, Curve], metric: str, over: str, kept: float | None = None
) -> Spec:
    """Lines of the metric, one a split; `kept` is where the weights were kept."""
    rows = [
        {"x": x, "value": value, "split": name}
        for name, curve in curves.items()
        for x, value in curve
    ]
    names = list(curves)
    colours = [colour(role) for _, role in legend_of(curves)]
    lines = {
        "mark": {"type": "line", "point": len(rows) <= 80},
        "encoding": {
            "x": field(
                "x", title=over, axis={"tickMinStep": 1, "format": ",d"}, scale={"nice": False}
            ),
            "y": field("value", title=None, scale={"zero": False}),
            "color": field(
                "split", "nominal", legend=None, scale={"domain": names, "range": colours}
            ),
        },
    }
    layers = [lines, under_pointer("x", "split", "value", names, over)]
    if kept is not None:
        layers.append(kept_rule(kept))
    return plot(f"{metric} over {over}: {described(curves)}", rows, height=240, layer=layers)


def legend_of(curves: Mapping[str, Curve]) -> list[tuple[str, str]]:
    """The splits with their colours."""
    return list(zip(curves, ("accent", "second"), strict=False))


def kept_rule(kept: float) -> Spec:
    """A dashed line where the weights of the model were kept."""
    return {
        "data": {"values": [{"x": kept, "text": "kept"}]},
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": [3, 3], "color": colour("muted")},
                "encoding": {"x": field("x")},
            },
            {
                "mark": {
                    "type": "text",
                    "baseline": "bottom",
                    "dy": -4,
                    "color": colour("muted"),
                    "fontSize": 11,
                },
                "encoding": {"x": field("x"), "y": {"value": 0}, "text": field("text", "nominal")},
            },
        ],
    }


def described(curves: Mapping[str, Curve]) -> str:
    """`validation from 1.07 to 0.626`."""
    return "; ".join(
        f"{name} from {score_text(curve[0][1])} to {score_text(curve[-1][1])}"
        for name, curve in curves.items()
        if curve
    )
