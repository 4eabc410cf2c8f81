"""`rnnbuild predict`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from rnnbuild.cli.options import Format, FormatOption

app = typer.Typer()


@app.command()
def predict(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder: runs/latest.")],
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT]...", help="Texts; without any, a line each from stdin."),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """A trained run's answers to new texts, with their probabilities; to sequences, numbers."""
    import sys

    from rnnbuild.data.codecs import codec_from_json
    from rnnbuild.errors import ArgumentError
    from rnnbuild.runs.directory import open_run

    found = open_run(run)
    codec = codec_from_json(found.codec.read_text(encoding="utf-8"))
    given = texts or [line.rstrip("\n") for line in sys.stdin]
    if not given:
        raise ArgumentError(
            "there is no text to answer", 'name some: rnnbuild predict RUN "a text"'
        )

    from rnnbuild.inference.answers import predictions_of, reduction_of
    from rnnbuild.inference.load import load_model
    from rnnbuild.inference.outputs import forward_of, outputs_of

    encoded = codec.encode_texts(given)
    forward = forward_of(load_model(found.model))
    outputs = outputs_of(forward, encoded, 256, reduce=reduction_of(codec))
    print_predictions(given, predictions_of(codec, given, encoded, outputs), form)


def print_predictions(inputs: list[str], predictions: list[dict[str, Any]], form: Format) -> None:
    """A row for each input, or for each of its tokens."""
    from rnnbuild.cli.tables import Column, Table, print_table

    answer = [Column("prediction", "prediction", style="bold")]
    if not predictions or "prediction" not in predictions[0] or "probability" in predictions[0]:
        answer.append(Column("probability", "probability", lambda value: f"{value:.4f}", "right"))
    document = [{"text": text, **found} for text, found in zip(inputs, predictions, strict=True)]
    if not predictions or "tokens" not in predictions[0]:
        print_table(Table([Column("text", "text"), *answer], document), form)
        return
    columns = [Column("text", "text", justify="right"), Column("token", "token"), *answer]
    rows = [
        {"text": number, **token}
        for number, found in enumerate(predictions, 1)
        for token in found["tokens"]
    ]
    print_table(Table(columns, rows), form, document)
