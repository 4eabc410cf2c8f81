"""`rnnbuild show`."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.model_options import EXAMPLE_LINES, asked_configs, with_model_options
from rnnbuild.cli.options import (
    DataDirOption,
    Format,
    FormatOption,
    OptionalConfigArgument,
    SetOption,
    examples,
)
from rnnbuild.config.model_options import Described

if TYPE_CHECKING:
    from pathlib import Path

    from rnnbuild.config.schema import Config

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild show config.yaml --diff",
        f"rnnbuild show {EXAMPLE_LINES} > model.yaml",
    )
)
@with_model_options
def show(
    config: OptionalConfigArgument = None,
    settings: SetOption = [],
    resolved: Annotated[
        bool,
        typer.Option(
            "--resolved", help="Include every default, and the sizes that follow from the data."
        ),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Like --resolved, with a + before unwritten lines."),
    ] = False,
    data_dir: DataDirOption = None,
    described: Described = {},
    form: FormatOption = Format.table,
) -> None:
    """Print a config as YAML: as written, or with its defaults and what follows from its data."""
    from rnnbuild.cli.loading import data_folder, written_config
    from rnnbuild.config.load import checked
    from rnnbuild.config.written import plain_values, yaml_text
    from rnnbuild.data.resolved import resolve_with_data

    (asked,) = asked_configs("show", [config], described, settings)
    chosen = checked(written_config(asked, settings))
    written = plain_values(chosen, defaults=False)
    if not (resolved or diff):
        values = written
    else:
        full = resolve_with_data(chosen, data_folder(asked, data_dir))
        values = plain_values(full.config, defaults=True)
        if chosen.data is not None:
            values["data"] = with_settled(values["data"], chosen, data_folder(asked, data_dir))
    if form is not Format.table:
        print_values(values, written, form)
    elif diff:
        print_diff(values, written)
    else:
        print(yaml_text(values), end="")


def with_settled(values: dict[str, Any], config: "Config", folder: "Path") -> dict[str, Any]:
    """The keys of `data` with those that the data settles, in the order of the schema."""
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.codec_of_run import known_codec
    from rnnbuild.data.settled import settled_keys

    assert config.data is not None
    values = settled_keys(config.data, folder, config.task, known_codec(config, folder)) | values
    return {key: values[key] for key in DataConfig.model_fields if key in values}


def print_diff(values: dict[str, Any], written: dict[str, Any]) -> None:
    """Print the complete config with a `+` before each line that the user did not write."""
    from rnnbuild.cli.output.screen import painter
    from rnnbuild.config.outline import outline

    paint = painter(sys.stdout)
    for line in outline(values, written):
        print(f"  {line.text}" if line.written else paint(f"+ {line.text}", "good"))


def print_values(values: dict[str, Any], written: dict[str, Any], form: Format) -> None:
    """Print a row for each value, with its dotted key and whether the user wrote it."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.config.outline import leaves, states
    from rnnbuild.config.places import dotted
    from rnnbuild.wording.table import Column, Table

    columns = [Column("key", "key"), Column("value", "value"), Column("written", "written")]
    rows = [
        {"key": dotted(path), "value": value, "written": states(written, path)}
        for path, value in leaves(values)
    ]
    print_table(Table(columns, rows, document=values), form)
