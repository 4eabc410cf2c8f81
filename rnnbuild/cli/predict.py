"""`rnnbuild predict`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from rnnbuild.cli.options import Format

if TYPE_CHECKING:
    from rnnbuild.config.schema import Config
    from rnnbuild.inference.decoding.decoder import Record
    from rnnbuild.inference.inputs import Input
    from rnnbuild.inference.writers import Writer, WriterTo

app = typer.Typer()


@app.command()
def predict(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest.")],
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="Texts; without any, lines are read from stdin."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--input", metavar="FILE", help="A .csv, .tsv or .jsonl file, else lines."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write the answers to this file."),
    ] = None,
    column: Annotated[
        str | None, typer.Option("--text", metavar="COLUMN", help="The column with the text.")
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format", help="Format of the answers; by default that of --output or of the input."
        ),
    ] = None,
) -> None:
    """Predict answers to new texts, with probabilities, using a trained run."""
    from rnnbuild.data.kind.codec import ContinuingCodec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.run_data import codec_of_run
    from rnnbuild.runs.config_file import config_of_run
    from rnnbuild.runs.directory import open_run

    if texts and file:
        raise ArgumentError("texts and --input cannot be combined", "leave one of them out")
    if run.parent == Path() and not run.exists() and Path("runs/latest").exists():
        raise ArgumentError(
            f"there is no run {run}",
            f"name the run before the text: rnnbuild predict runs/latest {quote(str(run))}",
        )
    trained = open_run(run)
    config = config_of_run(trained)
    delimiter = (config.data and config.data.delimiter) or ","
    if isinstance(codec_of_run(trained), ContinuingCodec):
        predict_series(trained, file, output, form)
        return
    choose = partial(text_column, wanted=column or usual_column(config), stated=column is not None)
    given = input_of(texts, file, delimiter, choose)
    first = next(given.rows, None)
    if first is None:
        raise ArgumentError(
            "there is no text to predict for", 'give one: rnnbuild predict RUN "a text"'
        )
    given = replace(given, rows=chain([first], given.rows))
    with answer_writer(output, form, given.format, delimiter) as writer:
        predict_rows(trained, given, writer)


def usual_column(config: "Config") -> str:
    """The text column of the files that the run was trained on."""
    if config.data is None:
        return "text"
    return config.data.source or config.data.text or "text"


def predict_series(run: Any, file: Path | None, output: Path | None, form: Format | None) -> None:
    """Forecast what follows the series in a file or on stdin, else the run's own data.

    Writes a row for each step of the horizon.
    """
    from rnnbuild.cli.frameworks import load_frameworks
    from rnnbuild.data.disk.files import read_text
    from rnnbuild.inference.predict import forecast_after
    from rnnbuild.inference.trained_run import open_trained_run

    if file is not None:
        source, text = str(file), read_text(file)
    else:
        source, text = "<stdin>", "" if sys.stdin.isatty() else sys.stdin.read()
    with answer_writer(output, form, None if output is None else "csv", ",") as writer:
        writer.write(forecast_after(open_trained_run(run, load_frameworks), source, text or None))
        writer.end()


def predict_rows(run: Any, given: "Input", writer: "Writer") -> None:
    """Answer and write every row, with a progress bar in a terminal."""
    from rnnbuild.cli.frameworks import load_frameworks
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.inference.predict import answered_chunks
    from rnnbuild.inference.trained_run import open_trained_run

    model = open_trained_run(run, load_frameworks)
    done = 0
    with progress(given.size, "predicting") as advance:
        for chunk in answered_chunks(model, given.rows, waited_for=given.waited_for):
            writer.write(chunk)
            if given.waited_for():
                sys.stdout.flush()
            now = given.position() if given.size else done + len(chunk)
            advance(now - done)
            done = now
    writer.end()


def input_of(
    texts: list[str] | None,
    file: Path | None,
    delimiter: str,
    choose: Callable[[Sequence[str]], str],
) -> "Input":
    """The rows from arguments, a file or standard input."""
    from rnnbuild.inference.inputs import file_input, standard_input, texts_input

    if texts:
        return texts_input(texts, choose)
    if file is not None:
        return file_input(file, delimiter, choose)
    if sys.stdin.isatty():
        print("enter one text per line; Ctrl-D to finish", file=sys.stderr)
    return standard_input(choose)


def text_column(names: Sequence[str], wanted: str, stated: bool) -> str:
    """The column with the text: `wanted`, or the only column unless `wanted` was `stated`.

    Raises DataError where there is no such column.
    """
    from rnnbuild.errors import DataError, did_you_mean

    if wanted in names:
        return wanted
    if len(names) == 1 and not stated:
        return names[0]
    columns = ", ".join(f"`{name}`" for name in names)
    raise DataError(
        f"the input has no column `{wanted}`{did_you_mean(wanted, names)}; it has {columns}",
        "name the text column: --text COLUMN",
    )


@contextmanager
def answer_writer(
    output: Path | None, form: Format | None, kind: str | None, delimiter: str
) -> "Iterator[Writer]":
    """Writes answers to a file or stdout, in the form stated, else of `output`, else `kind`.

    Raises ArgumentError where the file cannot be written; no part of it is left then.
    """
    from rnnbuild.cli.streams import escape_as_json
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.writers import JsonlWriter, JsonWriter

    if form in (Format.table, Format.markdown) or (form is None and kind is None and not output):
        if output:
            raise ArgumentError(
                "a table cannot be written to a file",
                "use --format json or --format csv",
            )
        yield TableWriter(form or Format.table)
        return
    make = writer_of(form, output, kind or "lines", delimiter)
    if output is None:
        if make in (JsonWriter, JsonlWriter):
            escape_as_json()
        yield make(sys.stdout)
        return
    try:
        with stream_to(output) as binary:
            stream = TextIOWrapper(binary, encoding="utf-8", newline="")
            yield make(stream)
            stream.flush()
            stream.detach()
    except OSError as error:
        raise ArgumentError(f"{output} cannot be written: {error.strerror}") from None


def stream_to(output: Path) -> AbstractContextManager[BinaryIO]:
    """A new file that replaces an existing one once it is complete.

    Devices and pipes are written directly. For a link, the file it points to is replaced.
    """
    from rnnbuild import atomic

    place = output.resolve()
    if place.is_file() or not place.exists():
        return atomic.opened(place)
    return place.open("wb")


def writer_of(form: Format | None, output: Path | None, kind: str, delimiter: str) -> "WriterTo":
    """The writer of the form stated, else that of the output's ending, else `kind`."""
    from rnnbuild.data.disk.files import ending
    from rnnbuild.data.readers.formats import ENDINGS
    from rnnbuild.inference.writers import CsvWriter, JsonlWriter, JsonWriter, LinesWriter

    writers: dict[str, WriterTo] = {
        "lines": LinesWriter,
        "csv": partial(CsvWriter, delimiter=delimiter),
        "tsv": partial(CsvWriter, delimiter="\t"),
        "jsonl": JsonlWriter,
    }
    match form:
        case Format.json:
            return JsonWriter
        case Format.csv:
            return CsvWriter
    if output is None:
        return writers[kind]
    of_output = "lines" if ending(output) == ".txt" else ENDINGS.get(ending(output), kind)
    return writers.get(of_output, writers[kind])


class TableWriter:
    """Collects rows and prints them as one table at the end: for a few rows, read by a person."""

    def __init__(self, form: Format):
        self.form = form
        self.records: list[Record] = []

    def write(self, records: "Sequence[Record]") -> None:
        self.records += records

    def end(self) -> None:
        print_predictions(self.records, self.form)


def print_predictions(records: "Sequence[Record]", form: Format) -> None:
    """Print a row for each input, or for each token of the inputs."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.wording.table import Column, Table

    def share(value: Any) -> str:
        return f"{value:.4f}"

    answers = {
        "prediction": Column("prediction", "prediction", answer_text, tone="name"),
        "probability": Column("probability", "probability", share, "right"),
        "probabilities": Column("probabilities", "probabilities", answer_text),
    }
    if records and "tokens" in records[0]:
        place = [Column("text", "text", align="right"), Column("token", "token")]
        columns = [*place, answers["prediction"], answers["probability"]]
        rows = [
            {"text": number, **token}
            for number, record in enumerate(records, 1)
            for token in record["tokens"]
        ]
        print_table(Table(columns, rows), form)
        return
    names = list(records[0]) if records else []
    print_table(Table([answers.get(name, Column(name, name)) for name in names], records), form)


def answer_text(value: Any) -> str:
    """A label as it is; several labels or numbers, separated by commas."""
    if value == []:
        return "(none)"
    if isinstance(value, list):
        return ", ".join(f"{item:.6g}" if isinstance(item, float) else str(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{label} {share:.4f}" for label, share in value.items())
    return str(value)
