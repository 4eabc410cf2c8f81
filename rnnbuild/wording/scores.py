"""A run's scores beside the trivial answers, and whether the model beats them."""

from typing import Any

from rnnbuild.formatting import interval_text, score_text, value_text
from rnnbuild.metrics.tasks import best_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.table import Column, Table

MODEL = "this model"
INTERVAL = "95 % interval"


def interval_column() -> Column:
    """The 95 % interval of a score, from its bounds."""
    return Column(("low", "high"), INTERVAL, interval_text, "center", one_line=True)


def scored_split(metrics: dict[str, Any]) -> str | None:
    """The split whose scores speak for the run: test, or else validation."""
    return next((name for name in ("test", "validation") if name in metrics["scores"]), None)


def scores_table(metrics: dict[str, Any], split: str) -> Table:
    """A row for each metric, the main one first: the model, its interval, each trivial answer."""
    scores, baselines = metrics["scores"][split], baselines_of(metrics, split)
    rows = [
        {"metric": name}
        | score
        | {baseline: values.get(name) for baseline, values in baselines.items()}
        for name, score in scores.items()
    ]
    columns = [
        Column("metric", "", metric_name, one_line=True),
        Column("value", MODEL, score_text, "right"),
        interval_column(),
        *(Column(name, name, score_text, "right") for name in baselines),
    ]
    count = value_text(next(iter(scores.values()))["count"])
    return Table(columns, rows, title=f"{split} scores over {count} examples")


def baselines_of(metrics: dict[str, Any], split: str) -> dict[str, dict[str, Any]]:
    """The trivial answers' scores on a split, by method and metric; none of a split without any."""
    by_method: dict[str, dict[str, Any]] = metrics["baselines"].get(split, {})
    return by_method


def verdict(metrics: dict[str, Any], split: str) -> list[str]:
    """Says so where a trivial answer does as well as the model."""
    main = metrics["main"]
    score = metrics["scores"][split][main]["value"]
    rivals = {
        name: values[main]
        for name, values in baselines_of(metrics, split).items()
        if score is not None and values[main] is not None
    }
    as_good = {
        name: value
        for name, value in rivals.items()
        if value == score or best_of(main, (value, score)) == value
    }
    if not as_good:
        return []
    best = next(name for name in as_good if as_good[name] == best_of(main, as_good.values()))
    return [
        f"The model does not beat `{best}` ({metric_name(main)} {score_text(as_good[best])}): "
        "it is not worth its cost yet."
    ]
