"""`rnnbuild runs`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from rnnbuild.runs.directory import RunDirectory
    from rnnbuild.runs.history import HistoryLine

app = typer.Typer()

WIDEST_PLOT, BESIDE_PLOT = 60, 14
"""Columns of a plot, and those of the numbers at its side."""


@app.command(
    epilog=examples(
        "rnnbuild runs",
        "rnnbuild runs --where cell=gru --sort score",
        "rnnbuild runs runs/latest",
    )
)
def runs(
    run: Annotated[
        Path,
        typer.Argument(metavar="[RUN]", help="A run's folder, or a folder of runs."),
    ] = Path("runs"),
    where: Annotated[
        list[str],
        typer.Option(
            metavar="KEY=VALUE",
            help="List the runs with this value of a config's key, or status, or task.",
            show_default=False,
        ),
    ] = [],
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Sort by score (best first), seconds, parameters, ...; -score in reverse.",
        ),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """List runs with their scores and what tells them apart, or show one with all its scores."""
    from rnnbuild.errors import ArgumentError
    from rnnbuild.runs.directory import RunDirectory, open_run, runs_in

    if not RunDirectory(run).began:
        listed = runs_in(run)
        if listed or run == Path("runs"):
            print_list(run, listed, where, sort, form)
            return
    if where or sort:
        option = "--where" if where else "--sort"
        raise ArgumentError(f"{option} is for a folder of runs, and {run} is one run")
    print_run(open_run(run), form)


def print_list(
    folder: Path,
    listed: "Sequence[RunDirectory]",
    where: Sequence[str],
    sort: str | None,
    form: Format,
) -> None:
    """Print a line for each run, oldest first unless they are sorted."""
    from rnnbuild.cli.output.screen import print_wrapped
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.runs.comparison import chosen, differences, listed_run, sorted_runs
    from rnnbuild.wording.runs import runs_table

    if not listed and form is Format.table:
        print_wrapped([f"there are no runs in {folder} yet; start one with `rnnbuild train`"])
        return
    runs = sorted_runs(chosen([listed_run(run) for run in listed], where), sort)
    if not runs and form is Format.table:
        print_wrapped([f"none of the {len(listed)} runs in {folder} is so"])
        return
    print_table(runs_table([run.overview for run in runs], differences(runs)), form)


def print_run(run: "RunDirectory", form: Format) -> None:
    """Print everything known about one run."""
    from dataclasses import asdict

    from rnnbuild.cli.loading import say
    from rnnbuild.cli.output.screen import print_wrapped, width_of
    from rnnbuild.cli.output.tables import print_json, print_table, print_tables
    from rnnbuild.runs.history import HISTORY, best_evaluation, read_history
    from rnnbuild.runs.metrics_file import METRICS, read_metrics
    from rnnbuild.runs.overview import overview_of
    from rnnbuild.runs.start_file import START, start_and_note
    from rnnbuild.visible import command_text, visible
    from rnnbuild.wording.details import details_tables
    from rnnbuild.wording.kept import kept_texts
    from rnnbuild.wording.runs import headlines, history_table
    from rnnbuild.wording.scores import scores_table, verdict
    from rnnbuild.wording.start import start_text

    overview = overview_of(run)
    lines = read_history(run.history)
    metrics = read_metrics(run)
    start, note = start_and_note(run)
    say([note] if note else [])
    if form is Format.json:
        history = [HISTORY.document(line) for line in lines]
        scored = METRICS.document(metrics) if metrics else None
        started = {} if start is None else {"start": START.document(start)}
        print_json({**asdict(overview), **started, "history": history, "metrics": scored})
        return
    if form is not Format.table:
        print_table(history_table(lines, best_evaluation(lines, overview.watched)), form)
        return
    print_wrapped(headlines(overview))
    if start is not None:
        print_wrapped([f"  {start_text(start)}"])
    for line in curves(lines, overview.metric, width_of(sys.stdout)):
        print(visible(line))
    split = metrics.main_split if metrics else None
    if metrics and split:
        print()
        print_tables((scores_table(metrics, split), *details_tables(metrics, split)), form)
        print()
        print_wrapped([*verdict(metrics, split), *metrics.remarks, *kept_texts(metrics)])
    elif metrics:
        print_wrapped(metrics.remarks)
    elif overview.status == "stopped":
        print(f"\ncontinue it: {command_text('resume', run.path)}")


def curves(lines: "list[HistoryLine]", main: str, width: int | None) -> Iterator[str]:
    """Lines that plot the loss and the main metric, in training and validation where known.

    They fit into `width`, if there is one.
    """
    from rnnbuild.wording.metric_names import followed
    from rnnbuild.wording.pictures import MARKS, plot

    whole = all(line.step is None for line in lines)
    for name, shown in followed(main).items():
        splits = [
            [line.scores(split).get(name) for line in lines] for split in ("train", "validation")
        ]
        known = [
            f"{mark} {split}"
            for mark, split, curve in zip(MARKS, ("train", "validation"), splits, strict=True)
            if any(value is not None for value in curve)
        ]
        drawn = plot(splits, min(WIDEST_PLOT, (width or WIDEST_PLOT + BESIDE_PLOT) - BESIDE_PLOT))
        if drawn:
            yield ""
            yield f"{shown} ({', '.join(known)})"
            yield from drawn
            yield f"{'epochs' if whole else 'evaluations'} 1 to {len(lines)}".rjust(len(drawn[-1]))
