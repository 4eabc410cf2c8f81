"""`rnnbuild adopt`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from rnnbuild.adoption.adopt import AdoptedRun
    from rnnbuild.adoption.reading import Adoptable

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild adopt imdb.keras --dry-run",
        "rnnbuild adopt imdb.keras --vocabulary words.txt --output imdb",
    )
)
def adopt(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL.keras", help="A file that Keras 3 saved.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FOLDER", help="The run's folder; runs/MODEL-N if none."),
    ] = None,
    vocabulary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Its words, one a line, as TextVectorization.get_vocabulary() has them: ids from "
            "2 on.",
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(metavar="A,B,...", help="Its labels, in the order of the outputs."),
    ] = None,
    level: Annotated[
        Literal["word", "character"] | None,
        typer.Option(help="What a line of --vocabulary is, where its words do not say it."),
    ] = None,
    lowercase: Annotated[
        bool | None,
        typer.Option(help="Whether text is put in lower case; if not given, the words say it."),
    ] = None,
    punctuation: Annotated[
        Literal["apart", "attached", "stripped"] | None,
        typer.Option(
            help="Whether it is words of its own, part of the words that spaces separate, or "
            "removed; if not given, the words say it."
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Steps of a sequence of numbers, where the model leaves it open."),
    ] = None,
    logits: Annotated[
        bool,
        typer.Option("--logits", help="The last Dense gives logits, not probabilities."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the config that the model is; write nothing.")
    ] = False,
    form: FormatOption = Format.table,
) -> None:
    """Make a run of a model that Keras saved: its config and its weights, compared with the file.

    The file may be anybody's: nothing in it is run.
    """
    from rnnbuild.adoption.codec import Wishes
    from rnnbuild.adoption.reading import adoptable_model
    from rnnbuild.cli.loading import say
    from rnnbuild.export.new_folder import refuse_existing

    refuse_options_for_words(vocabulary, level, lowercase, punctuation)
    named = None if labels is None else tuple(label.strip() for label in labels.split(","))
    wishes = Wishes(vocabulary, named, level, lowercase, punctuation, steps, logits)
    if output is not None:
        refuse_existing(output)
    adoptable = adoptable_model(model, wishes)
    say(adoptable.notes)
    if dry_run:
        print_config(adoptable, form)
        return

    from rnnbuild.cli.output.doing import doing
    from rnnbuild.models.loading import load_frameworks

    with doing("loading TensorFlow", True):
        load_frameworks()
        from rnnbuild.adoption.adopt import adopt as adopt_model

    padding: list[str] = []
    with doing("comparing with the file", True):
        adopted = adopt_model(adoptable, output, tuple(sys.argv), padding.append)
    say(padding)
    print_adopted(adoptable, adopted, form)


def refuse_options_for_words(
    vocabulary: Path | None, level: str | None, lowercase: bool | None, punctuation: str | None
) -> None:
    """Raises ArgumentError for options that say how words are read, where no words are named."""
    from rnnbuild.errors import ArgumentError

    given = {"--level": level, "--lowercase": lowercase, "--punctuation": punctuation}
    idle = [option for option, value in given.items() if value is not None]
    if vocabulary is None and idle:
        raise ArgumentError(
            f"{idle[0]} says how text becomes words of --vocabulary, which is not there",
            "name the file: --vocabulary FILE",
        )


def print_config(adoptable: "Adoptable", form: Format) -> None:
    """Print the config that a model is."""
    from rnnbuild.cli.output.tables import print_json
    from rnnbuild.config.written import plain_values, yaml_text

    values = plain_values(adoptable.config, defaults=False)
    if form is Format.json:
        print_json(values)
    elif form is Format.markdown:
        print(f"```yaml\n{yaml_text(values)}```")
    else:
        print(yaml_text(values), end="")


def print_adopted(adoptable: "Adoptable", done: "AdoptedRun", form: Format) -> None:
    """Print the config, what was compared, and how to go on."""
    from rnnbuild.cli.output.tables import print_json, print_table
    from rnnbuild.config.written import plain_values
    from rnnbuild.formatting import measured_text
    from rnnbuild.typed_values import to_plain
    from rnnbuild.visible import command_text
    from rnnbuild.wording.table import Column, Table

    run = done.run.path
    if form is Format.json:
        config = plain_values(adoptable.config, defaults=False)
        record = {"run": str(run), "parameters": done.parameters, **to_plain(done.adopted)}
        print_json({**record, "config": config})
        return
    if form is not Format.csv:
        print_config(adoptable, form)
        print()
    reads = adoptable.resolved.input_columns is not None
    answers = () if reads else (("answer", command_text("predict", run, '"..."')),)
    more = "--data-dir . --set data.train=FILE.csv"
    facts = [
        ("run", str(run)),
        ("parameters", f"{done.parameters:,}"),
        (
            "compared",
            f"{done.adopted.rows} random rows: outputs differ from the file's by at most "
            f"{measured_text(done.adopted.difference)}",
        ),
        *answers,
        ("train on", command_text("train", run / "config.yaml", more, "--from", run)),
    ]
    columns = [Column("what", "adopted"), Column("value", "", wrap="words")]
    print_table(Table(columns, [{"what": what, "value": value} for what, value in facts]), form)
