"""The list of runs, and one run with its history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from rnnbuild.config.variants import short_value
from rnnbuild.formatting import clock, interval_text, score_text, value_text
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.overview import Overview
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.scores import INTERVAL
from rnnbuild.wording.table import Column, Table


def runs_table(overviews: Sequence[Overview], differences: Sequence[Mapping[str, Any]]) -> Table:
    """A row for each run, in the order given; notes say what is wrong with damaged ones.

    `differences` are the keys in which each run differs from others like it. Data and layers are
    shown where they tell runs apart.
    """
    rows = [
        overview_row(overview, differing)
        for overview, differing in zip(overviews, differences, strict=True)
    ]
    telling = [
        Column(key, key, wrap="items")
        for key in ("data", "layers", "differs")
        if len({row[key] for row in rows if row[key]}) > (key != "differs")
    ]
    columns = [
        Column("run", "run"),
        Column("status", "status"),
        Column("progress", "epochs", align="right"),
        Column("what", "score"),
        Column("score", "", score_text, "right"),
        Column("interval", INTERVAL, align="center"),
        *telling,
        Column("seconds", "time", clock, "right"),
    ]
    damaged = [f"{each.run}: {each.problem}" for each in overviews if each.problem]
    keys = [*(field.name for field in fields(Overview)), "differs"]
    return Table(columns, rows, notes=damaged, fields=keys if overviews else ["run", "status"])


def overview_row(overview: Overview, differing: Mapping[str, Any]) -> dict[str, Any]:
    """A run's raw values, and the texts that the list shows for them."""
    trained_here = overview.status != "adopted"
    split = "out-of-fold" if overview.folds and overview.split == "test" else overview.split
    what = f"{split} {metric_name(overview.metric, overview.token)}" if split else ""
    return {
        **asdict(overview),
        "what": what,
        "interval": interval_text(overview.low, overview.high, overview.no_interval),
        "progress": f"{overview.epochs}/{overview.epochs_planned}" if trained_here else "",
        "differs": ", ".join(f"{key}={short_value(value)}" for key, value in differing.items()),
    }


def differences_of_runs_table(
    names: Sequence[str], differences: Sequence[Mapping[str, Any]]
) -> Table:
    """The keys in which configs differ, a row a run."""
    keys = list(dict.fromkeys(key for differing in differences for key in differing))
    rows = [{"run": name, **differing} for name, differing in zip(names, differences, strict=True)]
    columns = [Column("run", "run", tone="name"), *(Column(key, key, short_value) for key in keys)]
    return Table(columns, rows, title="in what the configs differ")


def headlines(overview: Overview) -> Iterator[str]:
    """Lines that describe the run."""
    yield f"{overview.run}: {overview.status}"
    if overview.status == "adopted":
        yield f"  {overview.task}, trained elsewhere: {overview.data}; {overview.layers}"
        yield f"  {value_text(overview.parameters)} parameters"
        return
    yield f"  {overview.task} on {overview.data}; {overview.layers}"
    facts = [f"{overview.epochs} of {overview.epochs_planned} epochs", f"{overview.steps:,} steps"]
    facts.append(f"{clock(overview.seconds)} of training")
    if overview.folds is not None:
        facts.insert(0, f"{overview.folds_tested} of {overview.folds} folds tested")
    if overview.parameters is not None:
        facts.append(f"{overview.parameters:,} parameters")
    yield f"  {', '.join(facts)}"


def history_table(lines: Sequence[HistoryLine], best: HistoryLine | None) -> Table:
    """A row for each evaluation, with all its numbers and whether it is the best."""
    rows = [
        dict[str, float | None](epoch=line.epoch, steps=line.steps, best=line is best)
        | ({} if line.learning_rate is None else {"learning_rate": line.learning_rate})
        | {
            f"{split}_{name}": value
            for split in ("train", "validation")
            for name, value in line.scores(split).items()
        }
        for line in lines
    ]
    as_they_are = ("epoch", "steps", "best")
    keys = list(dict.fromkeys(key for row in rows for key in row)) or as_they_are
    columns = [
        Column(key, metric_name(key), align="right")
        if key in as_they_are
        else Column(key, metric_name(key), score_text, "right")
        for key in keys
    ]
    return Table(columns, rows)
