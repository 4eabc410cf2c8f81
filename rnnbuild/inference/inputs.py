"""Input for predictions: given texts, the rows of a file, or lines of standard input.

All of it is read as training read its own: by the same readers, with the same keys of `data`.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import ending
from rnnbuild.data.readers.blocks import MARK
from rnnbuild.data.readers.conll import AnsweredLine, answered_lines
from rnnbuild.data.readers.formats import (
    ENDINGS,
    LINES,
    READERS,
    TEXT,
    own_format,
    read_like,
    settled,
)
from rnnbuild.data.readers.lines import rows_of_texts
from rnnbuild.data.readers.table_form import SIGNS
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import ArgumentError, DataError, Problem, did_you_mean
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.standard_input import STANDARD_INPUT, StandardInput
from rnnbuild.tasks.facts import Task

STDIN = Path("-")
"""Names standard input, as a file."""
OTHERS = frozenset({".json", ".xlsx"})
"""Endings of files whose lines are not texts or rows: reading them would give nonsense."""


GivenRow = tuple[str | tuple[str, ...], Record]
"""A row to be answered: its text, or its words where each has a tag; and its columns by name, in
their order."""


@dataclass(frozen=True)
class Input:
    """Rows that are read on demand."""

    rows: Iterator[GivenRow]
    notes: list[Note] = field(default_factory=list)
    """Oddities of the file; complete once all rows are read."""
    format: str | None = None
    """The format of a file or of standard input."""
    delimiter: str = ","
    """What separates its columns, where there are any."""
    quote: str = '"'
    """What is around its cells where they need it; empty if nothing is."""
    lines: Callable[[], Iterator[AnsweredLine]] | None = None
    """Reads a CoNLL file's lines again, to be written with the answers."""
    size: int | None = None
    """Bytes of a file on the disk."""
    position: Callable[[], int] = lambda: 0
    """Bytes of it that have been read."""
    waited_for: Callable[[], bool] = lambda: False
    """Whether the next row is yet to come: from a user, or a program that waits for an answer."""


def texts_input(texts: Sequence[str], task: Task) -> Input:
    """Texts that are given as they are."""
    return Input(given_rows([rows_of_texts(texts, task)], []))


def standard_input(task: Task) -> Input:
    """A text for each line of standard input."""
    lines = StandardInput()
    rows = (rows_of_texts([line.rstrip("\r\n").removeprefix(MARK)], task) for line in lines)
    return Input(given_rows(rows, []), format=LINES, waited_for=lines.waited_for)


@contextmanager
def rereadable(file: Path | None) -> Iterator[Path | None]:
    """The same file; a copy of a pipe, or of standard input for `-`, which can be read once.

    Errors name what was copied, not the copy.
    """
    piped = file is not None and (file == STDIN or (file.exists() and not is_kept(file)))
    if file is None or not piped:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="rnnbuild-") as folder:
        copy = Path(folder, STANDARD_INPUT if file == STDIN else file.name)
        try:
            opened = nullcontext(sys.stdin.buffer) if file == STDIN else file.open("rb")
            with opened as stream, copy.open("wb") as target:
                shutil.copyfileobj(stream, target)
        except OSError as error:
            raise DataError(f"{file} cannot be read: {error.strerror}") from error
        try:
            yield copy
        except DataError as error:
            raise DataError([without_folder(p, folder) for p in error.problems]) from error


def is_kept(file: Path) -> bool:
    """Whether a path can be opened again and gives the same: a file, or a folder, which is none."""
    return file.is_file() or file.is_dir()


def without_folder(problem: Problem, folder: str) -> Problem:
    """A problem that names the files of a folder alone."""
    place, prefix = problem.place, f"{folder}{os.sep}"
    if place is not None:
        place = replace(place, source=place.source.removeprefix(prefix))
    return replace(problem, message=problem.message.replace(prefix, ""), place=place)


def file_input(path: Path, data: DataConfig, settings: Mapping[str, Any], task: Task) -> Input:
    """The rows of a file, read as the files of `data` are, but for `settings` (see `read_like`).

    A file whose ending says nothing is lines of text, unless `data` states a format; standard
    input is in the format of the training files. Raises
    ArgumentError for a file in an unsupported format, DataError if it does not exist and, while it
    is read, if it cannot be read.
    """
    if "skip_bad_rows" in settings:
        raise ArgumentError(
            "`data.skip_bad_rows` does nothing for `predict`: every row is answered",
            "leave it out",
        )
    if path.name == STANDARD_INPUT and (own := own_format(data)):
        settings = {"format": own, **settings}
    alike = read_like(path, data, settings, task)
    name = alike.format or ENDINGS.get(ending(path), LINES)
    if name == TEXT:  # read whole to be learned from; to be answered, each line is a text
        name = LINES
    if name == LINES and ending(path) in OTHERS:
        raise ArgumentError(
            f"cannot read {path}: `{ending(path)}` input is not supported",
            "convert it to lines of text, CSV or JSON Lines",
        )
    if not path.exists():
        near = [str(known) for known in path.parent.glob("*") if known.is_file()]
        raise DataError(f"there is no file {path}{did_you_mean(str(path), near)}")
    # Opened first for its rows, and again to show a faulty line.
    opened: list[BinaryIO] = []
    size = path.stat().st_size

    def position() -> int:
        if not opened:
            return 0
        return size if opened[0].closed else opened[0].tell()

    notes: list[Note] = []
    if name == "conll":
        alike = settled(alike, [path])
    rows = READERS[name](path, alike, task, labelled=False, watch=opened.append)
    usual = "\t" if name in ("tsv", "parallel") else ","
    return Input(
        given_rows(rows, notes),
        notes,
        name,
        alike.delimiter or usual,
        SIGNS[alike.quote],
        (lambda: answered_lines(path, alike)) if name in ("conll", "conllu") else None,
        size,
        position,
    )


def given_rows(chunks: Iterable[Rows], notes: list[Note]) -> Iterator[GivenRow]:
    """The rows one by one; the notes of the chunks are added to `notes`."""
    for rows in chunks:
        notes += rows.notes
        yield from zip(rows.words or rows.texts, rows.columns, strict=True)
