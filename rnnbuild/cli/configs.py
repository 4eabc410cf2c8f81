"""`rnnbuild configs`."""

from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.completion import complete_bundled_config
from rnnbuild.cli.options import Format, FormatOption, examples

app = typer.Typer()


@app.command(epilog=examples("rnnbuild configs classic --copy mine.yaml"))
def configs(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="The config to print or copy.",
            autocompletion=complete_bundled_config,
        ),
    ] = None,
    copy: Annotated[
        Path | None, typer.Option("--copy", metavar="FILE", help="Copy the config to a new file.")
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """List the bundled configs, print one, or copy one to a new file."""
    from rnnbuild.config.load import read_text
    from rnnbuild.errors import ArgumentError

    if name is None:
        if copy is not None:
            raise ArgumentError(
                "`--copy` needs the name of a config", "`rnnbuild configs` lists them"
            )
        return print_list(form)
    text = read_text(bundled_file(name))
    if copy is None:
        print(text, end="")
    else:
        copy_to(copy, text)
    return None


def bundled_file(name: str) -> Path:
    """The file of a bundled config. Raises ArgumentError where none has that name."""
    from rnnbuild.config.bundled import bundled_config, bundled_config_names
    from rnnbuild.errors import ArgumentError, did_you_mean

    path = bundled_config(name)
    if path is None:
        raise ArgumentError(
            f"there is no bundled config `{name}`{did_you_mean(name, bundled_config_names())}",
            "`rnnbuild configs` lists them",
        )
    return path


def copy_to(path: Path, text: str) -> None:
    """Write a config to a new file, in a folder as config.yaml."""
    from rnnbuild.cli.new_file import write_new
    from rnnbuild.visible import command_text, visible

    written = write_new(path / "config.yaml" if path.is_dir() else path, text)
    print(f"wrote {visible(str(written))}; train it: {command_text('train', written)}")


def print_list(form: Format) -> None:
    """Print each bundled config with the origin of its data and its leading comment."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.config.bundled import bundled_config_names
    from rnnbuild.config.load import read_text
    from rnnbuild.wording.table import Column, Table

    rows = [
        {"name": name, "data": data_of(name), "about": about(read_text(bundled_file(name)))}
        for name in bundled_config_names()
    ]
    columns = [
        Column("name", "config", tone="name"),
        Column("data", "data"),
        Column("about", "description", wrap="words"),
    ]
    notes = [
        "Use a config by its name: rnnbuild summary classic",
        "Configs marked `files` need your own data files: rnnbuild train recipes/mr --data-dir "
        "DIR, where DIR contains the files named in the config.",
    ]
    print_table(Table(columns, rows, notes=notes), form)


def data_of(name: str) -> str:
    """`bundled`, `files` (not bundled) or `none`."""
    from rnnbuild.config.load import read_config

    data = read_config(name).value.get("data")
    if data is None:
        return "none"
    return "bundled" if "dataset" in data else "files"


def about(text: str) -> str:
    """The leading comment of a config, on one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# yaml-language-server"):
            lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)
