"""Answers of a trained run: as a table, or written row by row to a file or stdout."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rnnbuild.cli.options import Format
from rnnbuild.formatting import probability_text, score_text, value_text
from rnnbuild.visible import token_text

if TYPE_CHECKING:
    from rnnbuild.inference.decoding.decoder import Record
    from rnnbuild.inference.inputs import Input
    from rnnbuild.inference.writers import Writer, WriterTo


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
    table = partial(CsvWriter, delimiter="\t" if kind == "tsv" else ",")
    if given.format == kind:
        table = partial(CsvWriter, delimiter=given.delimiter, quote=given.quote)
    writers: dict[str, WriterTo] = {
        "lines": LinesWriter,
        "parallel": LinesWriter,
        "csv": table,
        "tsv": table,
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
    from rnnbuild.wording.metric_names import metric_name
    from rnnbuild.wording.table import Column, Table

    answers = {
        "prediction": Column("prediction", "prediction", answer_text, tone="name", wrap="items"),
        "probability": Column("probability", "probability", probability_text, "right"),
        "nats": Column("nats", metric_name("nats"), score_text, "right"),
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
    """A label as it is; several labels or numbers, separated by commas; nothing for no answer."""
    if value is None:
        return ""
    if value == []:
        return "(none)"
    if isinstance(value, list):
        return ", ".join(map(value_text, value))
    if isinstance(value, dict):
        return ", ".join(
            f"{token_text(label)} {probability_text(share)}" for label, share in value.items()
        )
    return token_text(value_text(value))
