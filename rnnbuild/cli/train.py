"""`rnnbuild train`."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.completion import complete_config
from rnnbuild.cli.options import (
    DataDirOption,
    EpochsOption,
    Format,
    ForOption,
    ProgressFormatOption,
    QuietOption,
    SetOption,
    StepsOption,
    examples,
)

if TYPE_CHECKING:
    from rnnbuild.training.setup.prepare import Prepared
    from rnnbuild.training.setup.start import Start

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild train reviews --epochs 3",
        "rnnbuild train config.yaml --set units=32 --for 10m",
        "rnnbuild train config.yaml --from runs/latest",
    )
)
def train(
    config: Annotated[
        str | None,
        typer.Argument(
            metavar="CONFIG",
            help="A YAML file or a bundled config; by default config.yaml here, else quickstart.",
            autocompletion=complete_config,
        ),
    ] = None,
    settings: SetOption = [],
    epochs: EpochsOption = None,
    steps: StepsOption = None,
    limit: ForOption = None,
    batch_size: Annotated[int | None, typer.Option(help="Short for training.batch_size.")] = None,
    seed: Annotated[int | None, typer.Option(help="Short for training.seed.")] = None,
    data_dir: DataDirOption = None,
    from_run: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="RUN",
            help="Start from the weights of a run. Short for training.from_run.",
        ),
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="The run's folder, instead of runs/NAME-N.")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Stop after one training step and write nothing."),
    ] = False,
    quiet: QuietOption = False,
    form: ProgressFormatOption = Format.table,
) -> None:
    """Train a config's model, test it beside trivial answers, and write a run folder."""
    from rnnbuild.cli.durations import seconds_of
    from rnnbuild.cli.output.doing import doing

    seconds = seconds_of(limit)
    name = config or default_config()
    with doing("reading the config", not quiet):
        from rnnbuild.analysis.cudnn import notes_on_cudnn
        from rnnbuild.cli.loading import checked_config, data_folder, say, start_setting
        from rnnbuild.models.loading import load_frameworks
        from rnnbuild.training.setup.prepare import prepare

        folder = data_folder(name, data_dir)
        more = start_setting(from_run, folder)
        chosen = checked_config(
            name, settings, more=more, epochs=epochs, steps=steps, batch_size=batch_size, seed=seed
        )
    with doing("reading and encoding the data", not quiet):
        prepared = prepare(chosen, folder)

    if not quiet:
        notes = (*notes_on_cudnn(prepared.resolved), *advice_on(prepared))
        say([*prepared.data.notes, *notes])
        print_start(prepared.start)
    with doing("loading TensorFlow", not quiet):
        load_frameworks()
        from rnnbuild.training.dry_run import dry_run_of
        from rnnbuild.training.folds import train_whole
    if dry_run:
        print_dry_run(dry_run_of(prepared), form)
        return

    from rnnbuild.cli.output.display import display, goal_of
    from rnnbuild.cli.output.scores import print_outcome
    from rnnbuild.runs.directory import run_as_asked

    new = partial(run_as_asked, run_dir, chosen.name)
    command = tuple(sys.argv)
    with display(goal_of(prepared, seconds), quiet) as observer:
        outcome = train_whole(chosen, folder, prepared, new, observer, seconds, command)
    print_outcome(outcome.run.path, outcome.metrics, form, outcome.longer)


def advice_on(prepared: "Prepared") -> list[str]:
    """How to test on more rows, where a few were held out at random and each could be tested on."""
    from rnnbuild.data.health.rows import advice_on_folds
    from rnnbuild.tasks.table import TASKS

    data, facts = prepared.resolved.config.data, prepared.resolved.facts
    traits = TASKS[facts.task]
    if data is None or traits.squared_error or traits.goes_on_with_text:
        return []
    advice = advice_on_folds(data, facts.rows[2])
    return [] if advice is None else [advice]


def print_start(start: "Start | None") -> None:
    """Print what each layer starts from, if training starts from a run, to stderr."""
    if start is None:
        return
    from rnnbuild.cli.output.tables import print_text
    from rnnbuild.wording.start import start_table

    print_text(start_table(start.record), sys.stderr)
    print(file=sys.stderr)


def default_config() -> str:
    """The config to train when none is named."""
    return "config.yaml" if Path("config.yaml").is_file() else "quickstart"


def print_dry_run(facts: dict[str, Any], form: Format) -> None:
    """Print what a run would do, one fact a line."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.formatting import value_text
    from rnnbuild.wording.table import Column, Table

    # Facts that a task does not have are None or 0: a series has no vocabulary and no labels.
    rows = [
        {"what": key.replace("_", " "), "value": value}
        for key, value in facts.items()
        if value not in (None, 0)
    ]

    def text_of(value: Any) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{value_text(item)} {key}" for key, item in value.items())
        return " × ".join(map(str, value)) if isinstance(value, list) else value_text(value)

    columns = [Column("what", "dry run"), Column("value", "", text_of, wrap="items")]
    notes = ["One step was taken; nothing was written."]
    print_table(Table(columns, rows, notes=notes, document=facts), form)
