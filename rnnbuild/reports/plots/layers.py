"""A model's layers drawn to scale, first to last: what they pass on, and where the weights are."""

from collections.abc import Sequence
from dataclasses import dataclass

from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import Rows, colour, field, plot

ROW = 58
"""Pixels of a layer: a line of text, and a box below it."""
TEXT_AT, BOX_FROM, BOX_TO = 0.16, 0.34, 0.92
"""Where they are within a layer, as shares of its height."""


@dataclass(frozen=True)
class Drawn:
    """A layer's name, and the size of what it passes on."""

    name: str
    kind: str
    """Its Keras class."""
    steps: int
    """1 where the sequence has ended."""
    features: int
    parameters: int
    share: str
    """Of all parameters, as a text."""


def shapes_plot(layers: Sequence[Drawn]) -> Spec:
    """Boxes as wide as the features of a step and as high as the number of steps."""
    longest = max(layer.steps for layer in layers)
    rows = []
    for number, layer in enumerate(layers):
        height = max(0.05, layer.steps / longest) * (BOX_TO - BOX_FROM)
        rows.append(
            {
                "layer": layer.name,
                "text": f"{layer.name}: {layer.steps:,} × {layer.features:,}",
                "at": number + TEXT_AT,
                "top": number + BOX_FROM,
                "bottom": number + BOX_FROM + height,
                "size": layer.features,
                "steps": layer.steps,
                "features": layer.features,
            }
        )
    sizes = ", ".join(f"{layer.name} {layer.steps} by {layer.features}" for layer in layers)
    tooltip = [
        field("layer", "nominal"),
        field("steps", format=",d"),
        field("features", format=",d"),
    ]
    return boxes(f"steps by features that each layer passes on: {sizes}", rows, tooltip)


def parameters_plot(layers: Sequence[Drawn]) -> Spec:
    """Bars as long as the number of parameters."""
    rows = [
        {
            "layer": layer.name,
            "text": f"{layer.kind}: {layer.parameters:,}{layer.share}",
            "at": number + TEXT_AT,
            "top": number + BOX_FROM,
            "bottom": number + BOX_TO,
            "size": layer.parameters,
        }
        for number, layer in enumerate(layers)
    ]
    sizes = ", ".join(f"{layer.name} {layer.parameters:,}" for layer in layers)
    tooltip = [field("layer", "nominal"), field("size", format=",d", title="parameters")]
    return boxes(f"parameters of each layer: {sizes}", rows, tooltip)


def boxes(description: str, rows: Rows, tooltip: list[Spec]) -> Spec:
    """A box for each row from 0 to its `size`, with its `text` above it."""
    down = {"domain": [0, len(rows)], "reverse": True, "nice": False}
    across = {"domainMin": 0, "nice": False}
    return plot(
        description,
        rows,
        height=ROW * len(rows),
        layer=[
            {
                "mark": {"type": "rect", "color": colour("accent"), "opacity": 0.85, "minWidth": 2},
                "encoding": {
                    "x": field("size", axis=None, scale=across),
                    "x2": {"datum": 0},
                    "y": field("top", axis=None, scale=down),
                    "y2": {"field": "bottom"},
                    "tooltip": tooltip,
                },
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle"},
                "encoding": {
                    "x": {"value": 0},
                    "y": field("at", axis=None, scale=down),
                    "text": field("text", "nominal"),
                },
            },
        ],
    )
