"""Everything that is known of a split's answers, one number a row: for a file of rows."""

from collections.abc import Iterator
from typing import Any

from rnnbuild.wording.table import Column, Table


def tidy_table(metrics: dict[str, Any], split: str) -> Table:
    """Every number in one table: what part it belongs to, of what, which measure."""
    keys = ("part", "name", "measure", "value", "low", "high", "count")
    return Table([Column(key, key) for key in keys], list(tidy_rows(metrics, split)))


def tidy_rows(metrics: dict[str, Any], split: str) -> Iterator[dict[str, Any]]:
    for name, score in metrics["scores"][split].items():
        yield {"part": "model", "name": split, "measure": name, **score}
    for baseline, scores in metrics["baselines"].get(split, {}).items():
        for name, value in scores.items():
            yield {"part": "baseline", "name": baseline, "measure": name, "value": value}
    details = metrics.get("details", {}).get(split, {})
    for part in ("by_label", "by_entity_type"):
        for label, scores in details.get(part, {}).items():
            for measure in ("precision", "recall", "f1"):
                yield {"part": part, "name": label, "measure": measure, **scores[measure]} | {
                    "count": scores["support"]
                }
    for cell in details.get("confusion", ()):
        yield {
            "part": "confusion",
            "name": cell["target"],
            "measure": cell["prediction"],
            "value": cell["count"],
        }
    for group in details.get("by_length", ()):
        name = f"{group['shortest']} to {group['longest']}"
        for measure, score in group["scores"].items():
            yield {"part": "by_length", "name": name, "measure": measure, **score}
