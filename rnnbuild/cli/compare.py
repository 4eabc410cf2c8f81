"""`rnnbuild compare`."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.completion import complete_config
from rnnbuild.cli.model_options import EXAMPLE_LINES, asked_configs, with_model_options
from rnnbuild.cli.options import (
    DataDirOption,
    Format,
    FormatOption,
    SetOption,
    VaryOption,
    examples,
)
from rnnbuild.config.model_options import Described

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rnnbuild.analysis.comparison import Compared

app = typer.Typer()


class SortKey(StrEnum):
    parameters = "parameters"
    multiply_adds = "multiply-adds"
    memory = "memory"


@app.command(
    epilog=examples(
        "rnnbuild compare classic --vary cell=gru,lstm --vary units=32,64",
        "rnnbuild compare classic --vary cell=gru,lstm --equal-parameters 10000",
        f"rnnbuild compare {EXAMPLE_LINES} --vary cell=lstm,gru",
        "rnnbuild compare runs/reviews-1 runs/reviews-2",
    )
)
@with_model_options
def compare(
    configs: Annotated[
        list[str],
        typer.Argument(
            metavar="CONFIG|RUN",
            help="YAML files, or names of bundled configs; or folders of finished runs; or options "
            "that describe a model.",
            autocompletion=complete_config,
        ),
    ] = [],
    vary: VaryOption = [],
    settings: SetOption = [],
    equal_parameters: Annotated[
        str | None,
        typer.Option(
            metavar="N|first",
            help="Choose `units` so that each model is as close as possible to N parameters, or "
            "to those of the first model.",
        ),
    ] = None,
    sort: Annotated[SortKey | None, typer.Option(help="Sort by this, smallest first.")] = None,
    data_dir: DataDirOption = None,
    described: Described = {},
    form: FormatOption = Format.table,
) -> None:
    """Compare models, or variants of one: parameters, multiply-adds, memory.

    Trained runs are compared by their answers to the same test rows, with the first run: how much
    better each is, whether by chance, and on which rows. Nothing is trained or computed by a model.
    """
    if runs := runs_among(configs):
        given = {
            "--vary": vary,
            "--set": settings,
            "--equal-parameters": equal_parameters,
            "--sort": sort,
            "--data-dir": data_dir,
            **{f"--{name}": True for name in described},
        }
        refuse_options([name for name, value in given.items() if value], runs[0])
        print_runs(runs, form)
        return
    from rnnbuild.analysis.comparison import comparison, refuse_varied_units
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.cli.candidates import candidates
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.wording.comparison import comparison_table

    asked = asked_configs("compare", configs, described, settings, vary)
    models = candidates(asked, settings, vary, data_dir)
    budget = None
    if equal_parameters is not None:
        refuse_varied_units(models, "--equal-parameters")
        budget = parsed_budget(equal_parameters, lambda: cost_of(models[0].resolved).parameters)
    compared = in_order(comparison(models, budget), sort)
    print_table(comparison_table(compared, budget), form)


def runs_among(arguments: "Sequence[str]") -> "list[Path]":
    """The arguments as folders of runs; none if all of them are configs.

    Raises ArgumentError for runs beside configs, and for folders of studies or searches; RunError
    for the name of a run that there is not.
    """
    from pathlib import Path

    from rnnbuild.config.bundled import bundled_config
    from rnnbuild.errors import ArgumentError
    from rnnbuild.runs.directory import RunDirectory, open_run, runs_in
    from rnnbuild.runs.search.directory import SearchDirectory
    from rnnbuild.runs.study.directory import StudyDirectory
    from rnnbuild.visible import command_text

    paths = [Path(argument) for argument in arguments]
    studies = [path for path in paths if StudyDirectory(path).began or SearchDirectory(path).began]
    if studies:
        raise ArgumentError(
            f"{studies[0]} is a study, which compares its own variants",
            f"{command_text('report', *studies)} writes a page about what it found; its runs can "
            "be compared by their own folders",
        )
    runs = [path for path in paths if RunDirectory(path).began]
    if not runs:
        for path in paths:
            if len(path.parts) > 1 and not path.exists() and runs_in(path.parent):
                open_run(path)  # which says that there is none, and which there are
        return []
    for argument, path in zip(arguments, paths, strict=True):
        if path not in runs and (path.is_file() or bundled_config(argument) is not None):
            raise ArgumentError(
                f"{runs[0]} is a run, and {argument} a config: the two have nothing in common",
                "compare runs with runs, or configs with configs",
            )
    return paths


def refuse_options(options: "Sequence[str]", run: "Path") -> None:
    """Raises ArgumentError if there are options that are for configs."""
    from rnnbuild.errors import ArgumentError

    if options:
        raise ArgumentError(
            f"{options[0]} is for configs, and {run} is a run, which is compared as it was trained",
            f"leave {options[0]} out",
        )


def print_runs(paths: "Sequence[Path]", form: Format) -> None:
    """Print runs side by side, compared with the first."""
    from rnnbuild.cli.output.screen import print_wrapped
    from rnnbuild.cli.output.tables import print_json, print_table, print_tables
    from rnnbuild.runs.paired_runs import paired_runs
    from rnnbuild.wording.compared_runs import (
        compared_runs_document,
        compared_runs_tables,
        conclusions,
        tidy_compared_runs,
    )

    compared = paired_runs(paths)
    if form is Format.json:
        print_json(compared_runs_document(compared))
    elif form is Format.csv:
        print_table(tidy_compared_runs(compared), form)
    else:
        print_tables(compared_runs_tables(compared), form)
        print()
        print_wrapped(conclusions(compared))


def parsed_budget(text: str, first: Any) -> int:
    """The number in `100000`, `100,000` or `100_000`; for `first`, the value of `first()`.

    Raises ArgumentError for anything else.
    """
    from rnnbuild.errors import ArgumentError, Place, Problem

    if text == "first":
        return int(first())
    digits = text.replace(",", "").replace("_", "")
    if re.fullmatch("[0-9]{1,18}", digits) and int(digits) > 0:
        return int(digits)
    line = f"--equal-parameters {text}"
    raise ArgumentError(
        Problem(
            f"`--equal-parameters` takes a number of parameters, or `first`, found `{text}`",
            Place("command line", 0, line.index(" ") + 2, line, max(1, len(text))),
            "for example: `--equal-parameters 100000`",
        )
    )


def in_order(compared: "Sequence[Compared]", sort: SortKey | None) -> "Sequence[Compared]":
    """The models sorted, smallest first; in the order given without a key."""
    match sort:
        case SortKey.parameters:
            return sorted(compared, key=lambda model: model.cost.parameters)
        case SortKey.multiply_adds:
            return sorted(compared, key=lambda model: known(model.cost.multiply_adds, model))
        case SortKey.memory:
            return sorted(compared, key=lambda model: known(model.cost.training_memory, model))
    return compared


def known(figure: int | None, model: "Compared") -> int:
    """The figure; raises ConfigError where it needs the number of steps."""
    return figure if figure is not None else model.resolved.steps
