"""Arguments and options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.completion import (
    complete_axis,
    complete_config,
    complete_reading,
    complete_setting,
)


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class By(StrEnum):
    """What surprise is printed of."""

    token = "token"
    word = "word"


def examples(*commands: str) -> str:
    """The end of a command's help, whose lines stay as they are (Click's `\\b`)."""
    return "\n".join(
        [
            "\b",
            "Examples:" if len(commands) > 1 else "Example:",
            *(f"  {command}" for command in commands),
        ]
    )


ConfigArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONFIG",
        help="A YAML file, or the name of a bundled config.",
        autocompletion=complete_config,
    ),
]
OptionalConfigArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="CONFIG",
        help="A YAML file, or the name of a bundled config; or options that describe a model.",
        autocompletion=complete_config,
    ),
]
ConfigsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="CONFIG",
        help="YAML files, or names of bundled configs.",
        autocompletion=complete_config,
    ),
]
SetOption = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a key: model.layers.0.units=64, or units=64 for every recurrent layer.",
        autocompletion=complete_setting,
    ),
]
ReadingOption = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="How the file is read, if not as the training files: data.delimiter=';'.",
        autocompletion=complete_reading,
    ),
]
VaryOption = Annotated[
    list[str],
    typer.Option(
        "--vary",
        metavar="KEY=A,B,C",
        help="Alternatives for a key: cell=simple_rnn,gru,lstm.",
        autocompletion=complete_axis,
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of the data files, if not the config's own folder."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Format of the result.")]
ProgressFormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        help="Format of the result on stdout. Progress is text on stderr; the run's "
        "history.jsonl contains it as JSON lines.",
    ),
]
EpochsOption = Annotated[int | None, typer.Option(help="Short for training.epochs.")]
StepsOption = Annotated[int | None, typer.Option(help="Short for training.steps.")]
ForOption = Annotated[
    str | None,
    typer.Option("--for", metavar="TIME", help="Stop training after this time: 90s, 10m, 1h30m."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")]
