"""Input for predictions: given texts, the rows of a file, or lines of standard input.

All of it is read as training read its own: by the same readers, with the same keys of `data`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import ending
from rnnbuild.data.readers.blocks import MARK
from rnnbuild.data.readers.conll import AnsweredLine, answered_lines
from rnnbuild.data.readers.formats import ENDINGS, LINES, READERS, read_like, settled
from rnnbuild.data.readers.lines import rows_of_texts
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import ArgumentError, DataError, did_you_mean
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.standard_input import StandardInput
from rnnbuild.tasks.facts import Task

OTHERS = frozenset({".json", ".xlsx"})
"""Endings of files whose lines are not texts or rows: reading them would give nonsense."""


class GivenRow(NamedTuple):
    """A row to be answered."""

    text: str | tuple[str, ...]
    """What is answered: a text, or its words where each has a tag."""
    columns: Record
    """The row's columns by their names, in the order of the input."""


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


def file_input(path: Path, data: DataConfig, settings: Mapping[str, Any], task: Task) -> Input:
    """The rows of a file, read as the files of `data` are, but for `settings` (see `read_like`).

    A file whose ending says nothing is lines of text, unless `data` states a format. Raises
    ArgumentError for a file in an unsupported format, DataError if it does not exist and, while it
    is read, if it cannot be read.
    """
    alike = read_like(path, data, settings)
    name = alike.format or ENDINGS.get(ending(path), LINES)
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
        (lambda: answered_lines(path, alike)) if name in ("conll", "conllu") else None,
        size,
        position,
    )


def given_rows(chunks: Iterable[Rows], notes: list[Note]) -> Iterator[GivenRow]:
    """The rows one by one; the notes of the chunks are added to `notes`."""
    for rows in chunks:
        notes += rows.notes
        yield from map(GivenRow, rows.words or rows.texts, rows.columns)
