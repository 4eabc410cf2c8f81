"""How often answers are correct, by how sure the model is of them."""

from collections.abc import Sequence

from rnnbuild.formatting import interval_text, percent, score_text, value_text
from rnnbuild.metrics.calibration import ReliabilityBin
from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import colour, field, plot


def calibration_plot(bins: Sequence[ReliabilityBin]) -> Spec:
    """A point and an interval for each group of answers; on the dashed line both are equal."""
    rows = [
        {
            **vars(each),
            "said": f"{score_text(each.accuracy)} ({interval_text(each.low, each.high)})",
            "sure": percent(each.confidence),
            "answers": value_text(each.count),
        }
        for each in bins
    ]
    first = min(min(each.low, each.confidence) for each in bins)
    scale = {"domain": [max(0.0, first - 0.05), 1], "nice": False}
    x = field("confidence", title="mean probability of the answers", scale=scale)
    y = field("accuracy", title="share that is correct", scale=scale)
    diagonal = [{"a": 0, "b": 0}, {"a": 1, "b": 1}]
    ends = f"{percent(bins[0].confidence)} sure and {percent(bins[0].accuracy)} correct"
    return plot(
        f"share of correct answers by their probability, from {ends} to "
        f"{percent(bins[-1].confidence)} sure and {percent(bins[-1].accuracy)} correct",
        rows,
        height=320,
        layer=[
            {
                "data": {"values": diagonal},
                "mark": {
                    "type": "line",
                    "strokeDash": [4, 4],
                    "strokeWidth": 1,
                    "color": colour("muted"),
                    "clip": True,
                },
                "encoding": {
                    "x": {**x, "field": "a"},
                    "y": {**y, "field": "b"},
                },
            },
            {
                "mark": {
                    "type": "rule",
                    "strokeWidth": 3,
                    "opacity": 0.45,
                    "strokeCap": "round",
                    "color": colour("accent"),
                    "clip": True,
                },
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "size": 70, "color": colour("accent")},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": [
                        field("sure", "nominal", title="mean probability"),
                        field("said", "nominal", title="correct"),
                        field("answers", "nominal", title="answers"),
                    ],
                },
            },
        ],
    )
