"""Everything known about a split's answers, one number a row, for CSV."""

from collections.abc import Iterator
from typing import Any

from rnnbuild.runs.metrics_file import Evaluation, Split
from rnnbuild.wording.table import Column, Table


def tidy_table(evaluation: Evaluation, split: Split) -> Table:
    """Every number in one table: its part, the name it belongs to, and the measure."""
    keys = ("part", "name", "measure", "value", "low", "high", "no_interval", "count")
    return Table([Column(key, key) for key in keys], list(tidy_rows(evaluation, split)))


def tidy_rows(evaluation: Evaluation, split: Split) -> Iterator[dict[str, Any]]:
    for name, score in evaluation.scores[split].items():
        yield {"part": "model", "name": split, "measure": name, **vars(score)}
    for baseline, values in evaluation.baselines.get(split, {}).items():
        for name, value in values.items():
            yield {"part": "baseline", "name": baseline, "measure": name, "value": value}
    details = evaluation.details.get(split)
    if details is None:
        return
    labelled = (("by_label", details.by_label), ("by_entity_type", details.by_entity_type))
    for part, by_label in labelled:
        for label, scores in (by_label or {}).items():
            for measure in ("precision", "recall", "f1"):
                row = {**vars(getattr(scores, measure)), "count": scores.support}
                yield {"part": part, "name": label, "measure": measure, **row}
    for column, of_column in (details.by_column or {}).items():
        for measure, score in of_column.scores.items():
            yield {"part": "by_column", "name": column, "measure": measure, **vars(score)}
        for baseline, values in of_column.baselines.items():
            for measure, value in values.items():
                row = {"part": f"by_column {baseline}", "name": column, "measure": measure}
                yield row | {"value": value}
    for cell in details.confusion or ():
        yield {
            "part": "confusion",
            "name": cell.target,
            "measure": cell.prediction,
            "value": cell.count,
        }
    for group in details.by_length or ():
        name = f"{group.shortest} to {group.longest}"
        for measure, score in group.scores.items():
            yield {"part": "by_length", "name": name, "measure": measure, **vars(score)}
    for positions in details.by_position or ():
        name = f"{positions.fewest} to {positions.most}"
        yield {"part": "by_position", "name": name, "measure": "nats", **vars(positions.nats)}
    for each in details.by_kind or ():
        yield {"part": "by_kind", "name": each.kind, "measure": "nats", **vars(each.nats)}
    for method, gain in (details.gains or {}).items():
        yield {"part": "gain", "name": method, "measure": evaluation.main, **vars(gain)}
