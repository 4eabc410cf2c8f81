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
    """A trained run's answers to new texts, with their probabilities."""
    import sys

    from rnnbuild.data.codec import TextCodec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.runs.directory import open_run
    from rnnbuild.runs.saved import saved_facts

    found = open_run(run)
    facts = saved_facts(found)
    codec = TextCodec.from_json(found.codec.read_text(encoding="utf-8"))
    given = texts or [line.rstrip("\n") for line in sys.stdin]
    if not given:
        raise ArgumentError(
            "there is no text to answer", 'name some: rnnbuild predict RUN "a text"'
        )

    from rnnbuild.inference.answers import decoded
    from rnnbuild.inference.load import load_model
    from rnnbuild.inference.outputs import forward_of, outputs_of

    encoded = codec.encode_texts(given)
    answers = decoded(outputs_of(forward_of(load_model(found.model)), encoded, 256))
    if facts.task == "tag":
        print_tags(given, codec, encoded, answers, form)
    else:
        print_labels(given, facts.labels, answers, form)


def print_labels(texts: list[str], labels: tuple[str, ...], answers: Any, form: Format) -> None:
    from rnnbuild.cli.tables import Column, Table, print_table

    rows = [
        {"text": text, "prediction": labels[label], "probability": round(float(probability), 6)}
        for text, label, probability in zip(
            texts, answers.labels, answers.probabilities, strict=True
        )
    ]
    columns = [
        Column("text", "text"),
        Column("prediction", "prediction", style="bold"),
        Column("probability", "probability", lambda value: f"{value:.4f}", "right"),
    ]
    print_table(Table(columns, rows), form)


def print_tags(texts: list[str], codec: Any, encoded: Any, answers: Any, form: Format) -> None:
    from rnnbuild.cli.tables import Column, Table, print_table

    rows, document = [], []
    for number, text in enumerate(texts):
        start, end = encoded.offsets[number], encoded.offsets[number + 1]
        steps = [
            {
                "token": token,
                "prediction": codec.labels[answers.labels[step]],
                "probability": round(float(answers.probabilities[step]), 6),
            }
            for token, step in zip(codec.tokens(text), range(start, end), strict=True)
        ]
        document.append({"text": text, "tokens": steps})
        rows += [{"text": number + 1, **step} for step in steps]
    columns = [
        Column("text", "text", justify="right"),
        Column("token", "token"),
        Column("prediction", "prediction", style="bold"),
        Column("probability", "probability", lambda value: f"{value:.4f}", "right"),
    ]
    print_table(Table(columns, rows), form, document)
