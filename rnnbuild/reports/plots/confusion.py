"""Which labels are answered as which: a matrix whose darkness is the share of the row."""

from collections.abc import Mapping, Sequence

from rnnbuild.reports.blocks import Spec
from rnnbuild.reports.plots.marks import colour, field, plot

WITH_NUMBERS = 10
"""With more labels, cells have no room for their counts."""
CELL, SMALL_CELL = 34, 18

Counts = Mapping[tuple[str, str], int]
"""Examples by target and answer."""


def confusion_plot(counts: Counts, targets: Sequence[str], answers: Sequence[str]) -> Spec:
    """A cell for each target (down) and answer (across)."""
    totals = {
        target: sum(counts.get((target, answer), 0) for answer in answers) for target in targets
    }
    rows = [
        {
            "target": target,
            "answer": answer,
            "count": (count := counts.get((target, answer), 0)),
            "share": count / totals[target] if totals[target] else 0.0,
        }
        for target in targets
        for answer in answers
        if counts.get((target, answer), 0) or len(answers) <= WITH_NUMBERS
    ]
    with_numbers = len(answers) <= WITH_NUMBERS
    axis = {"labelLimit": 110, "labelColor": colour("ink")}
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "color": colour("accent"), "tooltip": True},
            "encoding": {
                "opacity": field(
                    "share", legend=None, scale={"domain": [0, 1], "range": [0.04, 1]}
                ),
            },
        }
    ]
    if with_numbers:
        light = {"test": "datum.share > 0.5", "value": colour("paper")}
        layers.append(
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "text": field("count", format=",d"),
                    "color": {"condition": light, "value": colour("ink")},
                },
            }
        )
    return plot(
        described(rows),
        rows,
        height={"step": CELL if with_numbers else SMALL_CELL},
        layer=layers,
        encoding={
            "x": field(
                "answer",
                "nominal",
                sort=list(answers),
                title="answer",
                axis={
                    **axis,
                    "orient": "top",
                    "labelAngle": -45 if with_numbers else -90,
                    "labelOverlap": "greedy",
                },
            ),
            "y": field("target", "nominal", sort=list(targets), title="target", axis=axis),
            "tooltip": [
                field("target", "nominal"),
                field("answer", "nominal"),
                field("count", format=",d"),
                field("share", format=".1%", title="share of the target"),
            ],
        },
    )


def described(rows: Sequence[Mapping[str, object]]) -> str:
    """The most common confusion in words."""
    wrong = [row for row in rows if row["target"] != row["answer"] and row["count"]]
    if not wrong:
        return "confusion matrix: every answer is correct"
    worst = max(wrong, key=lambda row: int(str(row["count"])))
    return (
        f"confusion matrix, targets down and answers across; most often {worst['target']} is "
        f"answered as {worst['answer']}, {worst['count']} times"
    )
