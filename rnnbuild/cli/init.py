"""`rnnbuild init`."""

from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.completion import complete_dataset
from rnnbuild.cli.options import examples

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild init --dataset reviews",
        "rnnbuild init mail.yaml --train mail.csv --text subject --label folder",
    )
)
def init(
    path: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="The config file to write.")
    ] = Path("config.yaml"),
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
    if train is None and (text or label):
        raise ArgumentError("`--text` and `--label` name columns of a file", "add `--train FILE`")
    if path.is_dir():
        path = path / "config.yaml"
    refuse_existing(path)
    written = write_new(path, starter(path, data_lines(dataset, train, text, label, path.parent)))
    schema = path.parent / FILE_NAME
    # The schema is generated for this version of the program: an older one may be overwritten.
    atomic.write_text(schema, json.dumps(json_schema(), indent=2) + "\n")
    print(visible(f"wrote {written}, and {schema} for completion in an editor"))
    print(f"see its size:  {command_text('summary', written)}")
    print(f"train it:      {command_text('train', written)}")


def data_lines(
    dataset: str | None, train: Path | None, text: str | None, label: str | None, folder: Path
) -> dict[str, str]:
    """The keys of the `data` section; a file's path is relative to the config's folder."""
    if train is None:
        return {"dataset": dataset or "languages"}
    path, start = train.resolve(), folder.resolve()
    # A file outside the config's folder is named by its absolute path.
    shown = path.relative_to(start) if path.is_relative_to(start) else path
    keys = {"train": shown.as_posix(), "text": text, "label": label}
    return {key: value for key, value in keys.items() if value is not None}


def starter(path: Path, data: dict[str, str]) -> str:
    """The text of a starter config that fits its data.

    Raises DataError where the data cannot be used, so no config is written that cannot run.
    """
    from rnnbuild.config.load import default_name
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.config.written import SCHEMA_LINE, yaml_text
    from rnnbuild.data.facts import facts_of

    facts = facts_of(DataConfig.model_validate(data), path.parent)
    embedding = "" if facts.vocabulary_size is None else "  embedding: {output_dim: 64}\n"
    return (
        SCHEMA_LINE
        + yaml_text({"name": default_name(path), "data": data})
        + f"model:\n{embedding}"
        + "  layers:\n    - {cell: gru, units: 64, bidirectional: true, dropout: 0.2}\n"
        + "training:\n  epochs: 5\n  batch_size: 64\n"
        + "  optimizer: {name: adam, learning_rate: 1e-3}\n"
    )
