"""`rnnbuild configs`."""

from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.completion import complete_bundled_config
from rnnbuild.cli.options import Format, FormatOption

app = typer.Typer()


@app.command()
def configs(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="One of them, to print.", autocompletion=complete_bundled_config
        ),
    ] = None,
    copy: Annotated[
        Path | None, typer.Option("--copy", metavar="FILE", help="Copy it to a new file.")
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """The configs that come along; one of them as it is written; a copy of it to change."""
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
    """The file of a bundled config. Raises ArgumentError where none has this name."""
    from rnnbuild.config.bundled import bundled_config, bundled_config_names
    from rnnbuild.errors import ArgumentError, did_you_mean

    path = bundled_config(name)
    if path is None:
        raise ArgumentError(
            f"no config `{name}` comes along{did_you_mean(name, bundled_config_names())}",
            "`rnnbuild configs` lists those that do",
        )
    return path


def copy_to(path: Path, text: str) -> None:
    """Write a config to a new file; into a folder under the name config.yaml."""
    from rnnbuild.cli.new_file import write_new

    written = write_new(path / "config.yaml" if path.is_dir() else path, text)
    print(f"wrote {written}; train it: rnnbuild train {written}")


def print_list(form: Format) -> None:
    """Each bundled config with where its data are from, and the first comment in it."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.config.bundled import bundled_config_names
    from rnnbuild.config.load import read_text
    from rnnbuild.wording.table import Column, Table

    rows = [
        {"name": name, "data": data_of(name), "about": about(read_text(bundled_file(name)))}
        for name in bundled_config_names()
    ]
    columns = [
        Column("name", "config", tone="name", one_line=True),
        Column("data", "data", one_line=True),
        Column("about", "what it is"),
    ]
    notes = [
        "Each runs by its name: rnnbuild summary classic",
        "Those of `files` need yours: rnnbuild train recipes/mr --data-dir DIR, where DIR holds "
        "the files that the config names.",
    ]
    print_table(Table(columns, rows, notes=notes), form)


def data_of(name: str) -> str:
    """`bundled`, `files` that do not come along, or `none`."""
    from rnnbuild.config.load import read_config

    data = read_config(name).value.get("data")
    if data is None:
        return "none"
    return "bundled" if "dataset" in data else "files"


def about(text: str) -> str:
    """The comment that a config starts with, on one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# yaml-language-server"):
            lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)
