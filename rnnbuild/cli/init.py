"""`rnnbuild init`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.completion import complete_dataset
from rnnbuild.cli.options import examples

if TYPE_CHECKING:
    from rnnbuild.tasks.facts import Task

app = typer.Typer()

CONFIG = Path("config.yaml")
"""The file that is written unless another is named."""


@app.command(
    epilog=examples(
        "rnnbuild init --dataset reviews",
        "rnnbuild init book.yaml --train book.txt",
        "rnnbuild init mail.yaml --train mail.csv --text subject --label folder",
    )
)
def init(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="[FILE]",
            help="The config file to write; or a data file, or a folder of .txt files, for which "
            "config.yaml is written.",
        ),
    ] = CONFIG,
    dataset: Annotated[
        str | None,
        typer.Option(
            help="A bundled dataset to train on; languages by default.",
            autocompletion=complete_dataset,
        ),
    ] = None,
    train: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own file to train on.")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="COLUMN", help="Its text column.")] = None,
    label: Annotated[str | None, typer.Option(metavar="COLUMN", help="Its label column.")] = None,
    task: Annotated[
        str | None,
        typer.Option(help="What is learned, where columns do not say it: language-model."),
    ] = None,
) -> None:
    """Write a starter config, and next to it the schema that lets editors complete its keys."""
    import json

    from rnnbuild import atomic
    from rnnbuild.cli.new_file import refuse_existing, write_new
    from rnnbuild.config.json_schema import FILE_NAME, json_schema
    from rnnbuild.errors import ArgumentError
    from rnnbuild.visible import command_text, visible

    if dataset is not None and train is not None:
        raise ArgumentError("`--dataset` and `--train` cannot be combined", "leave one of them out")
    if train is None and not is_data(path) and (text or label):
        raise ArgumentError("`--text` and `--label` name columns of a file", "add `--train FILE`")
    if is_data(path) and dataset is None and train is None:
        path, train = CONFIG, path
    if path.is_dir():
        path = path / CONFIG
    refuse_existing(path)
    data = data_keys(dataset, train, text, label, path.parent)
    written = write_new(path, starter(path, data, named_task(task)))
    schema = path.parent / FILE_NAME
    # The schema is generated for this version of the program: an older one may be overwritten.
    atomic.write_text(schema, json.dumps(json_schema(), indent=2) + "\n")
    print(visible(f"wrote {written}, and {schema} for completion in an editor"))
    if is_running_text(data):
        print("running text:  its next characters are learned, and written by the network")
        print(f"check it:      {command_text('data', written)}")
    if "date" in data:
        dates = data["date"] if isinstance(data["date"], str) else ", ".join(data["date"])
        steps = "each row is a step" if dates == "none" else f"dates are read from {dates}"
        print(visible(f"a series:      {steps}"))
        print(f"check it:      {command_text('data', written)}")
    print(f"see its size:  {command_text('summary', written)}")
    print(f"train it:      {command_text('train', written)}")


def data_keys(
    dataset: str | None, train: Path | None, text: str | None, label: str | None, folder: Path
) -> dict[str, Any]:
    """The keys of the `data` section; a file's path is relative to the config's folder.

    A file of numbers, with dates or without text, is taken for a series unless columns are named;
    a folder and a file that may be any text for running text.
    """
    from rnnbuild.data.disk.files import ending
    from rnnbuild.data.readers.formats import ENDINGS, TEXT
    from rnnbuild.data.series.guess import guessed_keys

    if train is None:
        return {"dataset": dataset or "languages"}
    path, start = train.resolve(), folder.resolve()
    # A file outside the config's folder is named by its absolute path.
    shown = path.relative_to(start) if path.is_relative_to(start) else path
    if text is None and label is None and train.is_file():
        series = guessed_keys(train)
        if series is not None:
            # Such a file is read as text unless it says what it is.
            form = {"format": "csv"} if ending(train) == TEXT_ENDING else {}
            return {"train": shown.as_posix(), **form, **series}
    if text is None and label is None and ending(train) not in (*ENDINGS, TEXT_ENDING):
        return {"train": shown.as_posix(), "format": TEXT}
    keys = {"train": shown.as_posix(), "text": text, "label": label}
    return {key: value for key, value in keys.items() if value is not None}


def is_data(path: Path) -> bool:
    """Whether a path is that of data by its ending, of a file that is no config, or of a folder of
    such texts."""
    from rnnbuild.data.disk.files import ending
    from rnnbuild.data.readers.formats import ENDINGS

    if ending(path) in (*ENDINGS, TEXT_ENDING):
        return True
    # The folder where one is will have the runs, which are no text.
    if path.is_dir() and path.resolve() != Path.cwd():
        names = [file for file in path.glob("*") if not file.name.startswith(".")]
        return bool(names) and all(ending(file) == TEXT_ENDING for file in names)
    return path.is_file() and path.suffix.lower() not in (".yaml", ".yml")


def is_running_text(data: dict[str, Any]) -> bool:
    """Whether files with these keys are running text."""
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.readers.formats import TEXT, with_implied_format

    return with_implied_format(DataConfig.model_validate(data), None).format == TEXT


def named_task(name: str | None) -> "Task | None":
    """The task that `--task` names. Raises ArgumentError for none that there is."""
    from rnnbuild.errors import ArgumentError, did_you_mean
    from rnnbuild.tasks.table import TASKS

    known = next((task for task in TASKS if task == name), None)
    if name is not None and known is None:
        raise ArgumentError(
            f"--task: there is no task `{name}`{did_you_mean(name, TASKS)}",
            f"one of {', '.join(TASKS)}",
        )
    return known


def starter(path: Path, data: dict[str, Any], task: "Task | None" = None) -> str:
    """The text of a starter config that fits its data, and its task, where that is stated.

    Raises DataError where the data cannot be used, so no config is written that cannot run.
    """
    from rnnbuild.config.load import default_name
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.config.written import SCHEMA_LINE, yaml_text
    from rnnbuild.data.facts import facts_of
    from rnnbuild.errors import DataError, Problem
    from rnnbuild.tasks.table import TASKS

    try:
        facts = facts_of(DataConfig.model_validate(data), path.parent, task)
    except DataError as error:
        named = {"text", "label", "date"} & set(data)
        if "train" in data and not named and not is_running_text(data):
            raise DataError([*error.problems, Problem(NO_SERIES)]) from None
        raise
    stated = {} if task is None else {"task": task}
    head = SCHEMA_LINE + yaml_text({"name": default_name(path), **stated, "data": data})
    if not TASKS[facts.task].sees_what_follows:
        return head + language_model(facts.rows[0])
    return head + (text_model if facts.vocabulary_size else series_model)(facts.rows[0])


TEXT_ENDING = ".txt"
NO_SERIES = (
    "nor is it a series: that has a row for each step, a column of dates or none, and the "
    "other columns are numbers"
)


def text_model(rows: int) -> str:
    """A small model of texts or sentences, and its training in some 500 steps, or 5 epochs.

    Few rows make few steps an epoch: they are passed more often, at a higher rate that falls.
    """
    epochs = min(40, max(5, 500 * 32 // rows))
    few = 5 * rows < 500 * 64
    return (
        "model:\n  embedding: {output_dim: 64}\n  layers:\n"
        "    - {cell: gru, units: 64, bidirectional: true, dropout: 0.2}\n"
        f"training:\n  epochs: {epochs}\n  batch_size: {32 if few else 64}\n"
        f"  optimizer: {{name: adam, learning_rate: {'3e-3' if few else '1e-3'}}}\n"
        + "  schedule: cosine\n  clip_norm: 1\n"
        * few
    )


def series_model(windows: int) -> str:
    """A small model of a series, and its training in some 2,000 steps."""
    epochs = min(200, max(5, 2_000 * 32 // windows))
    return (
        "model:\n  layers:\n    - {cell: gru, units: 32}\n"
        f"training:\n  epochs: {epochs}\n  batch_size: 32\n"
        "  optimizer: {name: adam, learning_rate: 2e-3}\n"
    )


def language_model(windows: int) -> str:
    """A small language model, and its training in some 3,000 steps."""
    epochs = min(50, max(3, 3_000 * 32 // windows))
    return (
        "model:\n  embedding: {output_dim: 32}\n  layers:\n"
        "    - {cell: gru, units: 128}\n    - {kind: dropout, rate: 0.2}\n"
        f"training:\n  epochs: {epochs}\n  batch_size: 32\n"
        "  optimizer: {name: adam, learning_rate: 3e-3}\n  schedule: cosine\n  clip_norm: 1\n"
    )
