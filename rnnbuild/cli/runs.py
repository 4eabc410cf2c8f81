"""`rnnbuild runs`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.options import Format, FormatOption

if TYPE_CHECKING:
    from rnnbuild.cli.output.tables import Table
    from rnnbuild.runs.directory import RunDirectory
    from rnnbuild.runs.overview import Overview

app = typer.Typer()


@app.command()
def runs(
    run: Annotated[
        Path,
        typer.Argument(metavar="[RUN]", help="A run's folder, or a folder of runs."),
    ] = Path("runs"),
    form: FormatOption = Format.table,
) -> None:
    """The runs so far with their scores; of one run its curves and everything it scored."""
    from rnnbuild.runs.directory import RunDirectory, open_run, runs_in

    if not RunDirectory(run).config.is_file():
        found = runs_in(run)
        if found or run == Path("runs"):
            print_list(run, found, form)
            return
    print_run(open_run(run), form)


def print_list(folder: Path, found: "Sequence[RunDirectory]", form: Format) -> None:
    """A line a run, the oldest first."""
    from dataclasses import asdict

    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.runs.overview import overview_of

    overviews = [overview_of(run) for run in found]
    if not overviews and form is Format.table:
        print(f"there are no runs in {folder} yet; `rnnbuild train` makes the first")
        return
    rows = [asdict(overview) for overview in overviews]
    print_table(list_table(rows, form), form, rows)


def list_table(rows: list[dict[str, Any]], form: Format) -> "Table":
    from rnnbuild.cli.output.score_text import figure, interval, metric_name
    from rnnbuild.cli.output.tables import Column, Table

    if form is Format.csv:
        keys = list(rows[0]) if rows else ["run", "status"]
        return Table([Column(key, key) for key in keys], rows)
    for row in rows:
        row["what"] = f"{row['split']} {metric_name(row['metric'])}" if row["split"] else ""
        row["interval"] = interval(row)
        row["progress"] = f"{row['epochs']}/{row['epochs_planned']}"
    columns = [
        Column("run", "run"),
        Column("status", "status", no_wrap=True),
        Column("progress", "epochs", justify="right", no_wrap=True),
        Column("what", "score"),
        Column("score", "", figure, "right", no_wrap=True),
        Column("interval", "95 % interval", justify="center", no_wrap=True),
    ]
    damaged = [f"{row['run']}: {row['problem']}" for row in rows if row["problem"]]
    return Table(columns, rows, notes=damaged)


def print_run(run: "RunDirectory", form: Format) -> None:
    """What is known of one run."""
    from dataclasses import asdict

    from rnnbuild.cli.output.details import details_tables
    from rnnbuild.cli.output.scores import print_wrapped, scored_split, scores_table, verdict
    from rnnbuild.cli.output.tables import print_json, print_table
    from rnnbuild.errors import RunError
    from rnnbuild.runs import history
    from rnnbuild.runs.directory import read_json
    from rnnbuild.runs.overview import overview_of

    overview = overview_of(run)
    if overview.problem:
        raise RunError(f"{run.path} is damaged: {overview.problem}")
    lines = history.lines(run.history)
    metrics = read_json(run.metrics) if run.metrics.is_file() else None
    if form is Format.json:
        print_json({**asdict(overview), "history": lines, "metrics": metrics})
        return
    if form is not Format.table:
        print_table(history_table(lines), form)
        return
    for line in (*head(overview), *curves(lines, overview.metric)):
        print(line)
    split = scored_split(metrics) if metrics else None
    if metrics and split:
        for table in (scores_table(metrics, split, form), *details_tables(metrics, split)):
            print()
            print_table(table, form)
        print()
        print_wrapped([*verdict(metrics, split), *metrics.get("remarks", ())])
    elif overview.status == "stopped":
        print(f"\ncontinue it: rnnbuild resume {run.path}")


def head(overview: "Overview") -> Iterator[str]:
    """What the run is, in a few lines."""
    from rnnbuild.cli.output.durations import clock

    yield f"{overview.run}: {overview.status}"
    yield f"  {overview.task} on {overview.data}; {overview.layers}"
    told = [f"{overview.epochs} of {overview.epochs_planned} epochs", f"{overview.steps:,} steps"]
    told.append(f"{clock(overview.seconds)} of training")
    if overview.parameters is not None:
        told.append(f"{overview.parameters:,} parameters")
    yield f"  {', '.join(told)}"


def curves(lines: list[dict[str, Any]], main: str) -> Iterator[str]:
    """The losses and the metric that counts, of training and validation where both are known."""
    from rnnbuild.cli.output.curve import MARKS, plot
    from rnnbuild.cli.output.score_text import metric_name

    whole = all("step" not in line for line in lines)
    for name in ("loss", main):
        splits = [
            [line.get(split, {}).get(name) for line in lines] for split in ("train", "validation")
        ]
        known = [
            f"{mark} {split}"
            for mark, split, curve in zip(MARKS, ("train", "validation"), splits, strict=True)
            if any(value is not None for value in curve)
        ]
        drawn = plot(splits)
        if drawn:
            yield ""
            yield f"{metric_name(name)} ({', '.join(known)})"
            yield from drawn
            yield f"{'epochs' if whole else 'evaluations'} 1 to {len(lines)}".rjust(len(drawn[-1]))


def history_table(lines: list[dict[str, Any]]) -> "Table":
    """A row an evaluation, with every number of it."""
    from rnnbuild.cli.output.score_text import figure, metric_name
    from rnnbuild.cli.output.tables import Column, Table

    rows = [
        {key: line[key] for key in ("epoch", "steps", "learning_rate") if key in line}
        | {
            f"{split}_{name}": value
            for split in ("train", "validation")
            for name, value in line.get(split, {}).items()
        }
        for line in lines
    ]
    keys = list(dict.fromkeys(key for row in rows for key in row)) or ["epoch", "steps"]
    counts = ("epoch", "steps")
    columns = [
        Column(key, metric_name(key), justify="right")
        if key in counts
        else Column(key, metric_name(key), figure, "right")
        for key in keys
    ]
    return Table(columns, rows)
