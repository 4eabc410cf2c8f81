"""`rnnbuild stream`."""

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.options import examples

if TYPE_CHECKING:
    from rnnbuild.errors import DataError
    from rnnbuild.inference.writers import Writer

app = typer.Typer()

SAVED_EVERY = 10.0
"""Seconds after which a state is saved again, so that little is lost where the power fails."""


class StreamFormat(StrEnum):
    """How answers are written, a line each."""

    lines = "lines"
    csv = "csv"
    json = "json"


@app.command(epilog=examples("rnnbuild stream runs/reviews-1 --state today.json"))
def stream(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN", help="A run's folder, e.g. runs/latest, or its export with --stream."
        ),
    ],
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="FILE",
            help="Continue from the state in this file, and save it there.",
        ),
    ] = None,
    form: Annotated[
        StreamFormat,
        typer.Option(
            "--format", help="lines: columns separated by tabs; csv; json: an object a line."
        ),
    ] = StreamFormat.lines,
) -> None:
    """Answer after each word, or each step of numbers, of a sequence still coming on stdin.

    A line is some words, or the numbers of one step; a blank line begins a new sequence. To a
    language model all lines, blank ones too, are one text: each token is answered with the next
    one, and with the nats that it cost itself. Each answer follows from all steps so far, as if
    they were the whole sequence. Layers must read forward: a bidirectional one needs the end.
    """
    from rnnbuild.cli.loading import say
    from rnnbuild.errors import DataError
    from rnnbuild.export.opening import open_stream
    from rnnbuild.inference.standard_input import StandardInput
    from rnnbuild.inference.stream.state_file import StateFile

    opened, note = open_stream(run)
    say([note] if note else [])
    now, file = opened.initial, None if state is None else StateFile(state, opened)
    if file is not None:
        now = file.read()
        file.write(now)  # raises before the first answer, not after the last
    if sys.stdin.isatty():
        print("enter words or numbers, line by line; Ctrl-D to finish", file=sys.stderr)
    writer, lines, saved = line_writer(form), StandardInput(), monotonic()
    try:
        for number, line in enumerate(lines, 1):
            # Assigned once the line is read to its end: an interrupted one leaves no trace.
            try:
                answers, now = opened.after(line, now)
            except DataError as error:
                raise at_line(error, number) from None
            writer.write(answers)
            due = file is not None and monotonic() - saved > SAVED_EVERY
            if due or lines.waited_for():
                sys.stdout.flush()
            if file is not None and due:
                file.write(now)
                saved = monotonic()
    finally:
        if file is not None:
            file.write(now)


def at_line(error: "DataError", line: int) -> "DataError":
    """The error with its place in standard input."""
    from rnnbuild.errors import DataError, Place
    from rnnbuild.inference.standard_input import STANDARD_INPUT

    place = Place(STANDARD_INPUT, line, 1)
    return DataError([replace(problem, place=place) for problem in error.problems])


def line_writer(form: StreamFormat) -> "Writer":
    """A writer to stdout that needs nothing after the last answer."""
    from rnnbuild.cli.output.screen import Answers
    from rnnbuild.cli.streams import escape_as_json
    from rnnbuild.inference.writers import CsvWriter, JsonlWriter, LinesWriter

    match form:
        case StreamFormat.csv:
            return CsvWriter(Answers())
        case StreamFormat.json:
            escape_as_json()
            return JsonlWriter(Answers())
    return LinesWriter(Answers())
