"""`rnnbuild data`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rnnbuild.cli.completion import complete_data
from rnnbuild.cli.options import DataDirOption, Format, FormatOption, SetOption

if TYPE_CHECKING:
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.kind.finding import Finding

app = typer.Typer()

LISTS = {"dataset": "data", "config": "configs"}
"""The command that lists each."""


@app.command()
def data(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME or CONFIG]",
            help="A bundled dataset, or a config: a YAML file, or the name of one that comes "
            "along. A dataset's name goes before a config's. Without either, the list of datasets.",
            autocompletion=complete_data,
        ),
    ] = None,
    length: Annotated[int | None, typer.Option(help="As data.length in a config.")] = None,
    size: Annotated[int | None, typer.Option(help="As data.size in a config.")] = None,
    seed: Annotated[int | None, typer.Option(help="As data.seed in a config.")] = None,
    examples: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="How many examples are shown; 4 unless stated."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write its rows to a .csv, .tsv, .jsonl or .conll file."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="SPLIT", help="The rows of train, validation or test alone."),
    ] = None,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """The bundled datasets; the card of one, or a copy of it; the health of a config's data:
    what would spoil a run or its scores, each thing ok, a warning or a failure, with its remedy.

    Exit code 0 with warnings, 2 where there is a failure.
    """
    asked = {"length": length, "size": size, "seed": seed}
    stated = {key: value for key, value in asked.items() if value is not None}
    also = {"examples": examples, "export": export, "split": split}
    of_dataset = [*stated, *(key for key, value in also.items() if value is not None)]
    of_config = [*(["set"] if settings else []), *(["data-dir"] if data_dir else [])]
    kind = None if name is None else meant(name)
    refuse_misplaced(name, kind, of_dataset, of_config)
    if name is None:
        return print_list(form)
    if kind == "config":
        return print_health(name, settings, data_dir, form)
    chosen = dataset_config(name, stated)
    if export is not None:
        return export_to(export, chosen, split)
    from rnnbuild.cli.output.card import card_of, print_card

    return print_card(card_of(chosen, split or "test", 4 if examples is None else examples), form)


def refuse_misplaced(
    name: str | None,
    kind: Literal["dataset", "config"] | None,
    of_dataset: Sequence[str],
    of_config: Sequence[str],
) -> None:
    """Raises ArgumentError where an option is for another kind of name than the one given.

    `of_dataset` and `of_config` are the options given that are for each.
    """
    from rnnbuild.errors import ArgumentError

    if kind is None and (given := [*of_dataset, *of_config]):
        needed = "dataset" if of_dataset else "config"
        raise ArgumentError(
            f"`--{given[0]}` needs the name of a {needed}",
            f"`rnnbuild {LISTS[needed]}` lists them",
        )
    if kind == "config" and of_dataset:
        raise ArgumentError(
            f"`--{of_dataset[0]}` is for a bundled dataset, and {name} is a config",
            "`--set data.size=500` changes a key of a config",
        )
    if kind == "dataset" and of_config:
        raise ArgumentError(
            f"`--{of_config[0]}` is for a config, and {name} is a bundled dataset",
            "name a config by its file: config.yaml",
        )


def meant(name: str) -> Literal["dataset", "config"]:
    """What a name stands for; where it is that of both, the dataset, and stderr tells so."""
    from rnnbuild.cli.loading import say
    from rnnbuild.config.bundled import bundled_config, bundled_config_names
    from rnnbuild.data.bundled.registry import DATASETS
    from rnnbuild.data.disk.files import ending
    from rnnbuild.data.readers.formats import ENDINGS
    from rnnbuild.errors import ArgumentError, did_you_mean

    path = Path(name)
    if name in DATASETS:
        if path.is_file():
            say([f"this is the bundled dataset; the config of that name is ./{name}"])
        elif bundled_config(name):
            say(
                [f"this is the dataset; the health of its config's data: rnnbuild data {name}.yaml"]
            )
        return "dataset"
    if ending(path) in ENDINGS:
        raise ArgumentError(
            f"{name} is no config, but data",
            f"a config names it: `data: {{train: {path.name}}}`; `rnnbuild init` writes one",
        )
    if path.exists() or bundled_config(name) or len(path.parts) > 1 or path.suffix:
        return "config"
    raise ArgumentError(
        f"there is no bundled dataset, no file and no config `{name}`"
        f"{did_you_mean(name, [*DATASETS, *bundled_config_names()])}",
        "`rnnbuild data` lists the datasets, `rnnbuild configs` the configs",
    )


def print_health(name: str, settings: list[str], data_dir: Path | None, form: Format) -> None:
    """The health of a config's data; exit code 2 where there is a failure."""
    from dataclasses import asdict

    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.wording.health import findings_table, worst_level

    findings = [asdict(finding) for finding in findings_of(name, settings, data_dir)]
    print_table(findings_table(name, findings), form)
    if worst_level(findings) == "failure":
        raise typer.Exit(2)


def findings_of(name: str, settings: Sequence[str], data_dir: Path | None) -> "tuple[Finding, ...]":
    """What is found in the data of a config; raises ConfigError where it names none."""
    from rnnbuild.cli.loading import checked_config, data_folder
    from rnnbuild.data.health_check import check
    from rnnbuild.errors import ConfigError, Problem

    config = checked_config(name, settings)
    if config.data is None:
        raise ConfigError(
            Problem(
                f"{name} names no data, so there is none to look at",
                config.place("model"),
                "add `data: {dataset: languages}`, or `data: {train: train.csv}`",
            )
        )
    return check(config.data, data_folder(name, data_dir), config.task)


def dataset_config(name: str, options: dict[str, int]) -> "DataConfig":
    """The `data` of a config that names the dataset. Raises DataError where there is none such."""
    from pydantic import ValidationError

    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.bundled.registry import bundled_dataset
    from rnnbuild.errors import ArgumentError

    bundled_dataset(name)
    try:
        return DataConfig.model_validate({"dataset": name, **options})
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ArgumentError(
            f"`--{wrong['loc'][0]}` is a whole number from 1 on, found {wrong['input']}"
        ) from None


def print_list(form: Format) -> None:
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.data.bundled.registry import DATASETS
    from rnnbuild.wording.table import Column, Table

    cards = [dataset.card for dataset in DATASETS.values()]
    rows = [
        {"name": card.name, "task": card.task, "rows": sum(card.rows), "title": card.title}
        for card in cards
    ]
    columns = [
        Column("name", "dataset", tone="name", one_line=True),
        Column("task", "task"),
        Column("rows", "rows", align="right"),
        Column("title", "what is asked"),
    ]
    notes = [
        "One of them with its trivial answers and examples: rnnbuild data reviews",
        "The health of a config's data, yours or one of these: rnnbuild data config.yaml",
        "All come along, and none is downloaded. Each trains by its name: rnnbuild train reviews",
    ]
    print_table(Table(columns, rows, notes=notes), form)


def export_to(path: Path, chosen: "DataConfig", split: str | None) -> None:
    """Write a dataset's rows to a new file."""
    import sys

    from rnnbuild.cli.new_file import write_new
    from rnnbuild.cli.output.card import split_named
    from rnnbuild.data.bundled.export import sheet_as_bytes
    from rnnbuild.data.bundled.registry import bundled_rows
    from rnnbuild.data.bundled.sheet import sheet_of
    from rnnbuild.data.disk.files import ending
    from rnnbuild.formatting import value_text

    wanted = None if split is None else split_named(split)
    sheet = sheet_of(bundled_rows(chosen), wanted)
    write_new(path, sheet_as_bytes(sheet, path))
    if sheet.splits and ending(path) == ".conll":
        counts = {name: sheet.splits.count(name) for name in dict.fromkeys(sheet.splits)}
        parts = ", then ".join(f"{value_text(count)} of {name}" for name, count in counts.items())
        print(f"note: the splits follow each other: {parts}", file=sys.stderr)
    print(f"wrote {value_text(len(sheet.rows))} rows to {path}")
