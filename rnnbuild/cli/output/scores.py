"""What training or evaluating a run prints at the end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.screen import print_wrapped
from rnnbuild.cli.output.tables import print_json, print_table
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.metrics_file import Evaluation, Metrics, Split
from rnnbuild.runs.start_file import start_and_note
from rnnbuild.typed_values import to_plain
from rnnbuild.visible import command_text, visible
from rnnbuild.wording.details import columns_table, details_tables
from rnnbuild.wording.kept import kept_texts
from rnnbuild.wording.next_command import next_command
from rnnbuild.wording.scores import scores_table, verdict
from rnnbuild.wording.tidy import tidy_table


def print_outcome(
    run: Path, metrics: Metrics, form: Format, longer: Sequence[str] | None = None
) -> None:
    """Print the test scores, else the validation scores, and what to do next.

    `longer` are the options that train the run for longer, where that is advised.
    """
    if form is Format.json:
        start, _ = start_and_note(RunDirectory(run))
        started = {} if start is None else {"start": to_plain(start)}
        print_json({"run": str(run), **started, **to_plain(metrics)})
        return
    split = metrics.main_split
    if split is None:
        print_wrapped([f"run {run} (no rows were held out, so there is no score)"])
        print(f"next    {next_command(run, read_facts(RunDirectory(run)))}")
        print_wrapped(kept_texts(metrics))
        return
    print_table(scores_table(metrics, split), form)
    if form is not Format.table:
        return
    print()
    if by_column := columns_table(metrics, split):
        print_table(by_column, form)
        print()
    print_wrapped([*verdict(metrics, split), *metrics.remarks])
    if longer is not None:
        print(f"go on   {command_text('resume', run, *longer)}")
    print(f"run     {visible(str(run))}")
    print(f"report  {command_text('report', run)}")
    print(f"more    {command_text('evaluate', run)}")
    print(f"next    {next_command(run, read_facts(RunDirectory(run)))}")
    print_wrapped(kept_texts(metrics))


def print_evaluation(
    evaluation: Evaluation, split: Split, form: Format, source: dict[str, Any]
) -> None:
    """Print everything known about a model's answers to a split, in any form.

    `source` says which run was scored on which data; it is part of the JSON only.
    """
    if form is Format.json:
        print_json({**source, **to_plain(evaluation)})
        return
    if form is Format.csv:
        print_table(tidy_table(evaluation, split), form)
        return
    print_table(scores_table(evaluation, split), form)
    if sentences := verdict(evaluation, split):
        print()
        print_wrapped(sentences)
    for table in details_tables(evaluation, split):
        print()
        print_table(table, form)
