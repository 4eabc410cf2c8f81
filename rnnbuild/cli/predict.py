"""`rnnbuild predict`."""

import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.options import Format, ReadingOption, examples
from rnnbuild.cli.output.predictions import TableWriter, answer_writer
from rnnbuild.visible import command_text, shell_word

if TYPE_CHECKING:
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.data.kind.codec import Codec
    from rnnbuild.inference.inputs import Input
    from rnnbuild.inference.trained_run import TrainedRun
    from rnnbuild.inference.writers import Writer
    from rnnbuild.tasks.facts import Task

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild predict runs/latest 'what a dull plot'",
        "rnnbuild predict runs/latest --input new.csv --output answers.csv",
    )
)
def predict(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest, or an export.")
    ],
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="Texts; without any, lines are read from stdin."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="Rows as in the training files, or lines; - is stdin.",
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
    from rnnbuild.data.kind.codec import ContinuingCodec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.export.opening import open_run
    from rnnbuild.inference.inputs import rereadable
    from rnnbuild.models.loading import load_frameworks
    from rnnbuild.tasks.table import TASKS

    if texts and file:
        raise ArgumentError("texts and --input cannot be combined", "leave one of them out")
    if run.parent == Path() and not run.exists() and Path("runs/latest").exists():
        raise ArgumentError(
            f"there is no run {run}",
            f"name the run before the text: rnnbuild predict runs/latest {shell_word(run)}",
        )
    reading = reading_settings(settings)
    trained = open_run(run, load_frameworks)
    say([trained.note] if trained.note else [])
    if column is not None:
        reading["source" if TASKS[trained.task].target == "text" else "text"] = column
    with hints_as_settings(), rereadable(file) as file:
        if isinstance(trained.codec, ContinuingCodec):
            predict_series(trained, file, reading, output, form)
            return
        given = input_of(texts, file, trained.data, reading, trained.task)
        given = as_words(given, trained.codec, split_punctuation)
        first = next(given.rows, None)
        if first is None:
            writes = TASKS[trained.task].goes_on_with_text
            raise ArgumentError(
                "there is no text to predict for",
                f'give one: {command_text("predict", run)} "a text"'
                + (f"; {command_text('generate', run)} writes text by itself" if writes else ""),
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
    """Input of a tagger: words that get no answer are noted; so are those of lines of text whose
    punctuation hides known words, or they are split.

    Raises ArgumentError where there is nothing to split.
    """
    from rnnbuild.data.kind.codec import words_codec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference import given_words

    tagger = words_codec(codec)
    lines = given.format in (None, "lines")
    if split_punctuation and (tagger is None or not lines):
        raise ArgumentError(
            "--split-punctuation is for lines of text whose words get a tag each", "leave it out"
        )
    if tagger is None:
        return given
    rows = given.rows
    if split_punctuation:
        rows = given_words.with_split_punctuation(rows, tagger)
    elif lines:
        rows = given_words.noting_punctuation(rows, tagger, given.notes)
    return replace(given, rows=given_words.noting_cut_words(rows, tagger, given.notes))


def predict_series(
    trained: "TrainedRun",
    file: Path | None,
    reading: dict[str, Any],
    output: Path | None,
    form: Format | None,
) -> None:
    """Forecast what follows the series in a file or on stdin, else the run's own data.

    `reading` is how the file is read, where it is written otherwise than the training file. Writes
    a row for each step of the horizon.
    """
    from rnnbuild.inference.inputs import Input

    source: Path | str | None = file
    if file is None and not sys.stdin.isatty():
        source = sys.stdin.read() or None
    codec = trained.continuing_codec
    with answer_writer(output, form, Input(iter(()), format="csv" if output else None)) as writer:
        series = codec.end if source is None else codec.read(source, reading)
        writer.write(trained.continuation(series))
        writer.end()


def predict_rows(trained: "TrainedRun", given: "Input", writer: "Writer", bar: bool) -> None:
    """Answer and write every row, with a progress bar in a terminal if there is to be one."""
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.inference.predict import answered_chunks

    done = 0
    with progress(given.size, "predicting", bar) as advance:
        for chunk in answered_chunks(trained, given.rows, waited_for=given.waited_for):
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
