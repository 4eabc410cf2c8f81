"""`rnnbuild data`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rnnbuild.cli.completion import complete_data
from rnnbuild.cli.options import DataDirOption, Format, FormatOption, SetOption, examples

if TYPE_CHECKING:
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.kind.finding import Finding

app = typer.Typer()

LISTS = {"dataset": "data", "config": "configs"}
"""The command that lists each."""


@app.command(
    epilog=examples(
        "rnnbuild data reviews --examples 10",
        "rnnbuild data reviews --export reviews.csv",
        "rnnbuild data config.yaml",
    )
)
def data(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME or CONFIG]",
            help="A bundled dataset, or a config (a YAML file or a bundled config). A name that "
            "is both means the dataset. Without a name, list the datasets.",
            autocompletion=complete_data,
        ),
    ] = None,
    length: Annotated[int | None, typer.Option(help="Same as data.length in a config.")] = None,
    size: Annotated[int | None, typer.Option(help="Same as data.size in a config.")] = None,
    seed: Annotated[int | None, typer.Option(help="Same as data.seed in a config.")] = None,
    examples: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Number of examples shown; 4 by default."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the rows to a .csv, .tsv, .jsonl, .conll or .txt file."
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="SPLIT", help="Use only the train, validation or test rows."),
    ] = None,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """List the bundled datasets, show or export one, or check the data of a config.

    The check looks for what would spoil a run or its scores. Each finding is ok, a warning or a
    failure, and says how to fix it; or unchecked, and says why. Exit code 2 if there is a failure,
    else 0.
    """
    given = {"length": length, "size": size, "seed": seed}
    stated = {key: value for key, value in given.items() if value is not None}
    others = {"examples": examples, "export": export, "split": split}
    for_dataset = [*stated, *(key for key, value in others.items() if value is not None)]
    for_config = [*(["set"] if settings else []), *(["data-dir"] if data_dir else [])]
    kind = None if name is None else kind_of_name(name, shown=export is None)
    refuse_misplaced(name, kind, for_dataset, for_config)
    if name is None:
        return print_list(form)
    if kind == "config":
        return print_health(name, settings, data_dir, form)
    chosen = dataset_config(name, stated)
    if export is not None:
        return export_to(export, chosen, split)
    from rnnbuild.cli.output.card import card_of, print_card

    return print_card(card_of(chosen, split, 4 if examples is None else examples), form)


def refuse_misplaced(
    name: str | None,
    kind: Literal["dataset", "config"] | None,
    for_dataset: Sequence[str],
    for_config: Sequence[str],
) -> None:
    """Raises ArgumentError where an option does not apply to the kind of name given.

    `for_dataset` and `for_config` are the given options that apply to each kind.
    """
    from rnnbuild.errors import ArgumentError

    if kind is None and (given := [*for_dataset, *for_config]):
        needed = "dataset" if for_dataset else "config"
        raise ArgumentError(
            f"`--{given[0]}` needs the name of a {needed}",
            f"`rnnbuild {LISTS[needed]}` lists them",
        )
    if kind == "config" and for_dataset:
        raise ArgumentError(
            f"`--{for_dataset[0]}` is for a bundled dataset, and {name} is a config",
            "change a key of a config with `--set data.size=500`",
        )
    if kind == "dataset" and for_config:
        raise ArgumentError(
            f"`--{for_config[0]}` is for a config, and {name} is a bundled dataset",
            "name a config by its file: config.yaml",
        )


def kind_of_name(name: str, shown: bool) -> Literal["dataset", "config"]:
    """Whether a name is a dataset's or a config's; if both, the dataset's, with a note on stderr
    where it may have been meant otherwise: where data is `shown`, and not exported.

    Raises ArgumentError where it is neither.
    """
    from rnnbuild.cli.loading import say
    from rnnbuild.config.bundled import bundled_config, bundled_config_names
    from rnnbuild.data.bundled.registry import DATASETS
    from rnnbuild.data.disk.files import ending
    from rnnbuild.data.readers.formats import ENDINGS
    from rnnbuild.errors import ArgumentError, did_you_mean

    path = Path(name)
    if name in DATASETS:
        if path.is_file():
            say([f"showing the bundled dataset; the config with that name is ./{name}"])
        elif shown and bundled_config(name):
            say([f"showing the dataset; to check the bundled config: rnnbuild data {name}.yaml"])
        return "dataset"
    if ending(path) in ENDINGS:
        raise ArgumentError(
            f"{name} is a data file, not a config",
            f"name it in a config: `data: {{train: {path.name}}}`; `rnnbuild init` writes one",
        )
    if path.exists() or bundled_config(name) or len(path.parts) > 1 or path.suffix:
        return "config"
    raise ArgumentError(
        f"there is no bundled dataset, no file and no config `{name}`"
        f"{did_you_mean(name, [*DATASETS, *bundled_config_names()])}",
        "`rnnbuild data` lists the datasets, `rnnbuild configs` the configs",
    )


def print_health(name: str, settings: list[str], data_dir: Path | None, form: Format) -> None:
    """Print the findings about a config's data; exit code 2 if there is a failure."""
    from dataclasses import asdict

    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.wording.health import findings_table, worst_level

    findings = [asdict(finding) for finding in findings_of(name, settings, data_dir)]
    print_table(findings_table(name, findings), form)
    if worst_level(findings) == "failure":
        raise typer.Exit(2)


def findings_of(name: str, settings: Sequence[str], data_dir: Path | None) -> "tuple[Finding, ...]":
    """The findings about a config's data. Raises ConfigError where it names no data."""
    from rnnbuild.cli.loading import checked_config, data_folder
    from rnnbuild.data.codec_of_run import known_codec
    from rnnbuild.data.health_check import check
    from rnnbuild.errors import ConfigError, Problem

    config = checked_config(name, settings)
    if config.data is None:
        raise ConfigError(
            Problem(
                f"{name} names no data, so there is nothing to check",
                config.place("model"),
                "add `data: {dataset: languages}`, or `data: {train: train.csv}`",
            )
        )
    folder = data_folder(name, data_dir)
    known = known_codec(config, folder)
    return check(config.data, folder, config.task, config.training, known)


def dataset_config(name: str, options: dict[str, int]) -> "DataConfig":
    """The `data` section of a config for a bundled dataset.

    Raises DataError where no dataset has that name, ArgumentError for an invalid option.
    """
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
            f"`--{wrong['loc'][0]}` must be a whole number, 1 or more, found {wrong['input']}"
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
        Column("name", "dataset", tone="name"),
        Column("task", "task"),
        Column("rows", "size", align="right"),
        Column("title", "question", wrap="words"),
    ]
    notes = [
        "Show one, with trivial answers and examples: rnnbuild data reviews",
        "Check the data of a config: rnnbuild data config.yaml",
        "All are bundled; nothing is downloaded. Train on one by its name: rnnbuild train reviews",
    ]
    print_table(Table(columns, rows, notes=notes), form)


def export_to(path: Path, chosen: "DataConfig", split: str | None) -> None:
    """Write a dataset's rows to a new file."""
    from rnnbuild.cli.loading import say
    from rnnbuild.cli.new_file import write_new
    from rnnbuild.cli.output.card import split_named
    from rnnbuild.data.bundled.export import WRITERS, lines_of, sheet_as_bytes
    from rnnbuild.data.bundled.registry import bundled_rows
    from rnnbuild.data.bundled.sheet import sheet_of
    from rnnbuild.data.disk.files import ending
    from rnnbuild.formatting import plural, value_text
    from rnnbuild.visible import visible

    wanted = None if split is None else split_named(split)
    sheet = sheet_of(bundled_rows(chosen), wanted)
    write_new(path, sheet_as_bytes(sheet, path))
    if sheet.splits and ending(path) == ".conll":
        counts = {name: sheet.splits.count(name) for name in dict.fromkeys(sheet.splits)}
        parts = ", then ".join(f"{value_text(count)} of {name}" for name, count in counts.items())
        say([f"the splits follow one another: {parts}"])
    whole = WRITERS[ending(path)] is WRITERS[".txt"]
    size = plural(lines_of(sheet), "line") if whole else plural(len(sheet.rows), "row")
    print(visible(f"wrote {size} to {path}"))
