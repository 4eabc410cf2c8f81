"""`rnnbuild predict`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from rnnbuild.cli.options import Format, ReadingOption, examples
from rnnbuild.formatting import value_text

if TYPE_CHECKING:
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.kind.codec import Codec
    from rnnbuild.inference.decoding.decoder import Record
    from rnnbuild.inference.inputs import Input
    from rnnbuild.inference.writers import Writer, WriterTo
    from rnnbuild.tasks.facts import Task

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild predict runs/latest 'what a dull plot'",
        "rnnbuild predict runs/latest --input new.csv --output answers.csv",
    )
)
def predict(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest.")],
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="Texts; without any, lines are read from stdin."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--input", metavar="FILE", help="Rows in a format of training files, or lines of text."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write the answers to this file."),
    ] = None,
    column: Annotated[
        str | None, typer.Option("--text", metavar="COLUMN", help="The column with the text.")
    ] = None,
    settings: ReadingOption = [],
    split_punctuation: Annotated[
        bool,
        typer.Option(
            help="For tags of words: split punctuation from words that training does not know."
        ),
    ] = False,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format", help="Format of the answers; by default that of --output or of the input."
        ),
    ] = None,
) -> None:
    """Predict answers to new texts, with probabilities, using a trained run."""
    from rnnbuild.cli.loading import hints_as_settings, reading_settings, say
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.kind.codec import ContinuingCodec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.run_data import codec_of_run
    from rnnbuild.runs.config_file import config_of_run
    from rnnbuild.runs.directory import open_run
    from rnnbuild.tasks.table import TASKS

    if texts and file:
        raise ArgumentError("texts and --input cannot be combined", "leave one of them out")
    if run.parent == Path() and not run.exists() and Path("runs/latest").exists():
        raise ArgumentError(
            f"there is no run {run}",
            f"name the run before the text: rnnbuild predict runs/latest {quote(str(run))}",
        )
    trained = open_run(run)
    data = config_of_run(trained).data or DataConfig()
    codec = codec_of_run(trained)
    reading = reading_settings(settings)
    if column is not None:
        reading["source" if TASKS[codec.task].target == "text" else "text"] = column
    with hints_as_settings():
        if isinstance(codec, ContinuingCodec):
            predict_series(trained, file, reading, output, form)
            return
        given = input_of(texts, file, data, reading, codec.task)
        given = as_words(given, codec, split_punctuation)
        first = next(given.rows, None)
        if first is None:
            raise ArgumentError(
                "there is no text to predict for", 'give one: rnnbuild predict RUN "a text"'
            )
        given = replace(given, rows=chain([first], given.rows))
        with answer_writer(output, form, given) as writer:
            predict_rows(trained, given, writer, shows_progress(writer, output, texts, file))
    say(list(map(str, given.notes)))


def shows_progress(
    writer: "Writer", output: Path | None, texts: list[str] | None, file: Path | None
) -> bool:
    """Whether a bar would be alone on the terminal: no answers appear there, and nobody types."""
    from rnnbuild.cli.output.screen import is_terminal

    typed = not texts and file is None and is_terminal(sys.stdin)
    answers_appear = output is None and is_terminal(sys.stdout)
    return not typed and (not answers_appear or isinstance(writer, TableWriter))


def as_words(given: "Input", codec: "Codec", split_punctuation: bool) -> "Input":
    """Lines of text for a tagger, split or noted where their punctuation hides known words.

    Raises ArgumentError where there is nothing to split.
    """
    from rnnbuild.data.kind.codec import GivenWordsCodec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.punctuation import noting_punctuation, with_split_punctuation

    lines = given.format in (None, "lines")
    if not (lines and isinstance(codec, GivenWordsCodec) and codec.takes_words):
        if split_punctuation:
            raise ArgumentError(
                "--split-punctuation is for lines of text whose words get a tag each",
                "leave it out",
            )
        return given
    if split_punctuation:
        return replace(given, rows=with_split_punctuation(given.rows, codec))
    return replace(given, rows=noting_punctuation(given.rows, codec, given.notes))


def predict_series(
    run: Any,
    file: Path | None,
    reading: dict[str, Any],
    output: Path | None,
    form: Format | None,
) -> None:
    """Forecast what follows the series in a file or on stdin, else the run's own data.

    `reading` is how the file is read, where it is written otherwise than the training file. Writes
    a row for each step of the horizon.
    """
    from rnnbuild.cli.frameworks import load_frameworks
    from rnnbuild.data.disk.files import read_text
    from rnnbuild.inference.inputs import Input
    from rnnbuild.inference.predict import forecast_after
    from rnnbuild.inference.trained_run import open_trained_run

    if file is not None:
        source, text = str(file), read_text(file)
    else:
        source, text = "<stdin>", "" if sys.stdin.isatty() else sys.stdin.read()
    model = open_trained_run(run, load_frameworks)
    with answer_writer(output, form, Input(iter(()), format="csv" if output else None)) as writer:
        writer.write(forecast_after(model, source, text or None, reading))
        writer.end()


def predict_rows(run: Any, given: "Input", writer: "Writer", bar: bool) -> None:
    """Answer and write every row, with a progress bar in a terminal if there is to be one."""
    from rnnbuild.cli.frameworks import load_frameworks
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.inference.predict import answered_chunks
    from rnnbuild.inference.trained_run import open_trained_run

    model = open_trained_run(run, load_frameworks)
    done = 0
    with progress(given.size, "predicting", bar) as advance:
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
    data: "DataConfig",
    reading: dict[str, Any],
    task: "Task",
) -> "Input":
    """The rows from arguments, a file or standard input.

    A file is read as those of `data`, but for the keys in `reading`.
    """
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.inputs import file_input, standard_input, texts_input

    if file is not None:
        return file_input(file, data, reading, task)
    if reading:
        raise ArgumentError(
            "--set and --text say how the file of --input is read, and there is none",
            "name it: --input FILE",
        )
    if texts:
        return texts_input(texts, task)
    if sys.stdin.isatty():
        print("enter one text per line; Ctrl-D to finish", file=sys.stderr)
    return standard_input(task)


@contextmanager
def answer_writer(output: Path | None, form: Format | None, given: "Input") -> "Iterator[Writer]":
    """Writes answers to a file or stdout, in the form stated, else of `output`, else of the input.

    Raises ArgumentError where the file cannot be written; no part of it is left then.
    """
    from rnnbuild.cli.output.screen import Answers
    from rnnbuild.cli.streams import escape_as_json
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.writers import JsonlWriter, JsonWriter

    for_people = form is None and given.format is None and output is None
    if for_people or form in (Format.table, Format.markdown):
        if output:
            raise ArgumentError(
                "a table cannot be written to a file",
                "use --format json or --format csv",
            )
        yield TableWriter(form or Format.table)
        return
    make = writer_of(form, output, given)
    if output is None:
        if make in (JsonWriter, JsonlWriter):
            escape_as_json()
        yield make(Answers())
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
    """A new file, which is there once it is complete. Devices and pipes are written directly.

    Raises ArgumentError where the file exists: nothing is overwritten.
    """
    from rnnbuild import atomic
    from rnnbuild.cli.new_file import refuse_existing

    place = output.resolve()
    if not place.exists():
        return atomic.opened(place)
    if place.is_file() or place.is_dir():
        refuse_existing(output)
    return place.open("wb")


def writer_of(form: Format | None, output: Path | None, given: "Input") -> "WriterTo":
    """The writer of the form stated, else that of the output's ending, else of the input.

    Raises ArgumentError for an ending that nothing is written by.
    """
    from rnnbuild.inference.conll_writer import ConllWriter, ten_columns
    from rnnbuild.inference.writers import CsvWriter, JsonlWriter, JsonWriter, LinesWriter

    match form:
        case Format.json:
            return JsonWriter
        case Format.csv:
            return CsvWriter
    kind = form_by_ending(output) or given.format or "lines"
    # The lines of the input are written again where they are of the form that is wanted.
    lines = given.lines if given.format == kind else None
    tabs = "\t" if kind == "tsv" else ","
    writers: dict[str, WriterTo] = {
        "lines": LinesWriter,
        "parallel": LinesWriter,
        "csv": partial(CsvWriter, delimiter=given.delimiter if given.format == kind else tabs),
        "tsv": partial(CsvWriter, delimiter=given.delimiter if given.format == kind else tabs),
        "jsonl": JsonlWriter,
        "parquet": JsonlWriter,
        "conll": lambda stream: ConllWriter(stream, lines and lines()),
        "conllu": lambda stream: ConllWriter(stream, lines and lines(), ten_columns),
    }
    return writers[kind]


def form_by_ending(output: Path | None) -> str | None:
    """The form that a file's ending asks for; None where it has none.

    Raises ArgumentError for an ending that nothing is written by.
    """
    from rnnbuild.data.readers.formats import ENDINGS
    from rnnbuild.errors import ArgumentError

    ending = output.suffix.lower() if output else ""
    if not ending:
        return None
    forms = {".txt": "lines"} | {end: form for end, form in ENDINGS.items() if form != "parquet"}
    if ending not in forms:
        one_document = "add --format json, or " if ending == ".json" else ""
        raise ArgumentError(
            f"{output} was not written: answers are written to {', '.join(sorted(forms))} files, "
            f"not to {ending}",
            f"{one_document}choose one of these endings",
        )
    return forms[ending]


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
        "prediction": Column("prediction", "prediction", answer_text, tone="name", wrap="items"),
        "probability": Column("probability", "probability", share, "right"),
        "probabilities": Column("probabilities", "probabilities", answer_text, wrap="items"),
    }
    if records and "tokens" in records[0]:
        place = [Column("text", "text", align="right"), Column("token", "token")]
        columns = [*place, answers["prediction"], answers["probability"]]
        rows = [
            {"text": number, **token}
            for number, record in enumerate(records, 1)
            for token in record["tokens"]
        ]
        print_table(Table(columns, rows, keys=2), form)
        return
    names = list(records[0]) if records else []
    columns = [answers.get(name, Column(name, name, wrap="words")) for name in names]
    print_table(Table(columns, records), form)


def answer_text(value: Any) -> str:
    """A label as it is; several labels or numbers, separated by commas."""
    if value == []:
        return "(none)"
    if isinstance(value, list):
        return ", ".join(map(value_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{label} {share:.4f}" for label, share in value.items())
    return value_text(value)
