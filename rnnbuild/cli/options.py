"""Arguments and options that several commands share, each said once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.completion import complete_config


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


ConfigArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONFIG",
        help="A YAML file, or the name of a config that comes along.",
        autocompletion=complete_config,
    ),
]
ConfigsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="CONFIG",
        help="YAML files, or names of configs that come along.",
        autocompletion=complete_config,
    ),
]
SetOption = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a key: model.layers.0.units=64, or units=64 for every recurrent layer.",
    ),
]
VaryOption = Annotated[
    list[str],
    typer.Option(
        "--vary", metavar="KEY=A,B,C", help="Alternatives of a key: cell=simple_rnn,gru,lstm."
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where the config's data files are, instead of beside it."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the result is printed.")]
ProgressFormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        help="How the result is printed, once, on stdout. Progress stays text on stderr; "
        "as JSON lines it is in the run's history.jsonl.",
    ),
]
EpochsOption = Annotated[int | None, typer.Option(help="Short for training.epochs.")]
StepsOption = Annotated[int | None, typer.Option(help="Short for training.steps.")]
ForOption = Annotated[
    str | None,
    typer.Option("--for", metavar="TIME", help="Train no longer than this: 90s, 10m, 1h30m."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only the result.")]
