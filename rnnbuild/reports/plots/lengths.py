"""The score by length of sequence."""

from collections.abc import Sequence

from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.intervals import Measured, described, said
from rnnbuild.reports.plots.marks import colour, field, plot, room_around


def lengths_plot(
    groups: Sequence[Measured], metric: str, steps: str = "steps", by: str = "by length in steps"
) -> Spec:
    """A dot and an interval for each group of lengths, shortest first, joined by a line.

    `steps` names what is counted on the axis, `by` says it in a sentence.
    """
    ends = [end for each in groups for end in (each.value, each.low, each.high) if end is not None]
    rows = [each.row for each in groups]
    names = [each.name for each in groups]
    # Where it is narrow, every other label is left out.
    axis = {"labelAngle": 0, "labelOverlap": True}
    x = field("name", "ordinal", title=steps, axis=axis, scale={"domain": names})
    scale = room_around(min(ends), max(ends))
    y = field("value", title=None, scale=scale)
    return plot(
        described(groups, metric, by),
        rows,
        height=240,
        encoding={"x": x, "tooltip": said(metric)},
        layer=[
            {
                "mark": {"type": "line", "opacity": 0.35, "color": colour("accent")},
                "encoding": {"y": y},
            },
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": {
                    "type": "rule",
                    "strokeWidth": 3,
                    "opacity": 0.45,
                    "strokeCap": "round",
                    "color": colour("accent"),
                },
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "size": 70, "color": colour("accent")},
                "encoding": {"y": y},
            },
        ],
    )
