"""A run's scores beside the trivial answers, as its training or evaluation ends."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.score_text import figure, interval, metric_name
from rnnbuild.cli.output.tables import Column, Table, plain, print_json, print_table
from rnnbuild.metrics.tasks import best_of

MODEL = "this model"


def print_outcome(run: Path, metrics: dict[str, Any], form: Format) -> None:
    """The test scores, or else the validation scores, and what to do next."""
    if form is Format.json:
        print_json({"run": str(run), **metrics})
        return
    split = scored_split(metrics)
    if split is None:
        print(f"run {run} (no rows were held out, so there is no score)")
        return
    print_table(scores_table(metrics, split, form), form)
    if form is not Format.table:
        return
    print()
    print_wrapped([*verdict(metrics, split), *metrics.get("remarks", ())])
    print(f"run   {run}")
    print(f"more  rnnbuild evaluate {run}")
    print(f"next  rnnbuild predict {run} {example_of(metrics)}")


def print_wrapped(sentences: Iterable[str]) -> None:
    """Sentences in lines that fit a terminal."""
    from textwrap import wrap

    for sentence in sentences:
        for line in wrap(sentence, 80, break_on_hyphens=False):
            print(line)


def scored_split(metrics: dict[str, Any]) -> str | None:
    """The split whose scores speak for the run: test, or else validation."""
    return next((name for name in ("test", "validation") if name in metrics["scores"]), None)


def scores_table(metrics: dict[str, Any], split: str, form: Format) -> Table:
    """A row for each metric, the main one first: the model, its interval, each trivial answer."""
    scores, baselines = metrics["scores"][split], baselines_of(metrics, split)
    rows = [
        {"metric": name, "interval": interval(score)}
        | score
        | {baseline: found.get(name) for baseline, found in baselines.items()}
        for name, score in scores.items()
    ]
    bounds = [Column("interval", "95 % interval", justify="center", no_wrap=True)]
    if form is Format.csv:
        bounds = [Column("low", ""), Column("high", "")]
    columns = [
        Column("metric", "", metric_name, no_wrap=True),
        Column("value", MODEL, figure, "right"),
        *bounds,
        *(Column(name, name, figure, "right") for name in baselines),
    ]
    count = plain(next(iter(scores.values()))["count"])
    return Table(columns, rows, title=f"{split} scores over {count} examples")


def baselines_of(metrics: dict[str, Any], split: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = metrics["baselines"].get(split, {})
    return found


def verdict(metrics: dict[str, Any], split: str) -> list[str]:
    """Says so where a trivial answer does as well as the model."""
    main = metrics["main"]
    score = metrics["scores"][split][main]["value"]
    rivals = {
        name: found[main]
        for name, found in baselines_of(metrics, split).items()
        if score is not None and found[main] is not None
    }
    better = {
        name: value
        for name, value in rivals.items()
        if value == score or best_of(main, (value, score)) == value
    }
    if not better:
        return []
    best = next(name for name in better if better[name] == best_of(main, better.values()))
    return [
        f"The model does not beat `{best}` ({metric_name(main)} {figure(better[best])}): "
        "it is not worth its cost yet."
    ]


def example_of(metrics: dict[str, Any]) -> str:
    return "--input FILE" if metrics["task"] == "forecast" else '"..."'
