"""A run's scores beside the trivial answers, as its training or evaluation ends."""

from pathlib import Path
from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.tables import Column, Table, plain, print_json, print_table
from rnnbuild.metrics.tasks import best_of

MODEL = "this model"


def print_outcome(run: Path, metrics: dict[str, Any], form: Format) -> None:
    """The test scores, or else the validation scores, and what to do next."""
    split = "test" if "test" in metrics["scores"] else "validation"
    if form is Format.json:
        print_json({"run": str(run), **metrics})
        return
    if split not in metrics["scores"]:
        print(f"run {run} (no rows were held out, so there is no score)")
        return
    print_table(scores_table(metrics, split), form)
    if form is not Format.table:
        return
    print()
    for line in verdict(metrics, split):
        print(line)
    print(f"run   {run}")
    print(f"next  rnnbuild predict {run} {example_of(metrics)}")


def scores_table(metrics: dict[str, Any], split: str) -> Table:
    """One row for the model, one for each trivial answer; the main metric with its interval."""
    scores, main = metrics["scores"][split], metrics["main"]
    count = scores[main]["count"]
    rows: list[dict[str, Any]] = [
        {"answer": MODEL, "interval": interval(scores[main])}
        | {name: score["value"] for name, score in scores.items()}
    ]
    rows += [{"answer": name} | found for name, found in baselines_of(metrics, split).items()]
    others = [name for name in scores if name != main]
    columns = [
        Column("answer", "answers by"),
        Column(main, main, four_digits, "right"),
        Column("interval", "95 % interval", justify="center"),
        *(Column(name, name, four_digits, "right") for name in others),
    ]
    return Table(columns, rows, title=f"{split} scores over {plain(count)} examples")


def baselines_of(metrics: dict[str, Any], split: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = metrics["baselines"].get(split, {})
    return found


def four_digits(value: Any) -> str:
    return "" if value is None else f"{value:.4f}"


def interval(score: dict[str, Any]) -> str:
    """`0.812 to 0.845`; nothing where there is none."""
    if score["low"] is None:
        return ""
    return f"{score['low']:.4f} to {score['high']:.4f}"


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
        f"The model does not beat {best} ({main} {better[best]:.4f}): it is not worth its cost yet."
    ]


def example_of(metrics: dict[str, Any]) -> str:
    return '"..."' if metrics["task"] in ("classify", "tag") else ""
