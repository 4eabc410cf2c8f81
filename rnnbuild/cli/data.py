"""`rnnbuild data`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.completion import complete_dataset
from rnnbuild.cli.options import Format, FormatOption

if TYPE_CHECKING:
    from rnnbuild.config.schema.data import DataConfig

app = typer.Typer()


@app.command()
def data(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A bundled dataset; without one, the list.",
            autocompletion=complete_dataset,
        ),
    ] = None,
    length: Annotated[int | None, typer.Option(help="As data.length in a config.")] = None,
    size: Annotated[int | None, typer.Option(help="As data.size in a config.")] = None,
    seed: Annotated[int | None, typer.Option(help="As data.seed in a config.")] = None,
    examples: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many examples are shown.")
    ] = 4,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write its rows to a .csv, .tsv, .jsonl or .conll file."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="SPLIT", help="The rows of train, validation or test alone."),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """The bundled datasets; the card of one, with trivial answers and examples; a copy of it."""
    from rnnbuild.errors import ArgumentError

    asked = {"length": length, "size": size, "seed": seed}
    stated = {key: value for key, value in asked.items() if value is not None}
    if name is None:
        given = [*stated, *(["split"] if split else []), *(["export"] if export else [])]
        if given:
            raise ArgumentError(
                f"`--{given[0]}` needs the name of a dataset", "`rnnbuild data` lists them"
            )
        return print_list(form)
    chosen = dataset_config(name, stated)
    if export is not None:
        return export_to(export, chosen, split)
    from rnnbuild.cli.card import card_of, print_card

    return print_card(card_of(chosen, split or "test", examples), form)


def dataset_config(name: str, options: dict[str, int]) -> "DataConfig":
    """The `data` of a config that names the dataset. Raises DataError where there is none such."""
    from pydantic import ValidationError

    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.bundled.registry import bundled
    from rnnbuild.errors import ArgumentError

    bundled(name)
    try:
        return DataConfig.model_validate({"dataset": name, **options})
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ArgumentError(
            f"`--{wrong['loc'][0]}` is a whole number from 1 on, found {wrong['input']}"
        ) from None


def print_list(form: Format) -> None:
    from rnnbuild.cli.tables import Column, Table, print_table
    from rnnbuild.data.bundled.registry import DATASETS

    cards = [dataset.card for dataset in DATASETS.values()]
    rows = [
        {"name": card.name, "task": card.task, "rows": sum(card.rows), "title": card.title}
        for card in cards
    ]
    columns = [
        Column("name", "dataset", style="bold", no_wrap=True),
        Column("task", "task"),
        Column("rows", "rows", justify="right"),
        Column("title", "what is asked"),
    ]
    notes = [
        "One of them with its trivial answers and examples: rnnbuild data reviews",
        "All come along, and none is downloaded. Each trains by its name: rnnbuild train reviews",
    ]
    print_table(Table(columns, rows, notes=notes), form)


def export_to(path: Path, chosen: "DataConfig", split: str | None) -> None:
    """Write a dataset's rows to a new file."""
    import sys

    from rnnbuild import atomic
    from rnnbuild.cli.card import split_named
    from rnnbuild.cli.new_file import refuse_existing
    from rnnbuild.cli.tables import plain
    from rnnbuild.data.bundled.export import exported
    from rnnbuild.data.bundled.registry import bundled_rows
    from rnnbuild.data.bundled.sheet import sheet_of
    from rnnbuild.data.files import ending
    from rnnbuild.errors import ArgumentError

    wanted = None if split is None else split_named(split)
    sheet = sheet_of(bundled_rows(chosen), wanted)
    content = exported(sheet, path)
    refuse_existing(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, content)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None
    if sheet.splits and ending(path) == ".conll":
        counts = {name: sheet.splits.count(name) for name in dict.fromkeys(sheet.splits)}
        told = ", then ".join(f"{plain(count)} of {name}" for name, count in counts.items())
        print(f"note: the splits follow each other: {told}", file=sys.stderr)
    print(f"wrote {plain(len(sheet.rows))} rows to {path}")
