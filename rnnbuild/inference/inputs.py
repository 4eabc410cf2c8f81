"""What is to be answered: texts that are named, the rows of a file, or lines of standard input."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rnnbuild.data.disk.files import TextFile, ending
from rnnbuild.data.readers.formats import ENDINGS, TEXT_READERS
from rnnbuild.data.readers.lines import rows_of_lines
from rnnbuild.data.readers.text_rows import TEXT, ChooseColumn, TextRow
from rnnbuild.errors import ArgumentError, DataError, did_you_mean
from rnnbuild.inference.standard_input import StandardInput

OTHERS = frozenset({".json", ".xlsx"})
"""Endings of files that are not a text, or a row, each line: they would be read as nonsense."""


@dataclass(frozen=True)
class Input:
    """Rows that are read as they are asked for."""

    rows: Iterator[TextRow]
    format: str | None = None
    """That of a file or of standard input."""
    size: int | None = None
    """Bytes of a file, as they stand on the disk."""
    position: Callable[[], int] = lambda: 0
    """Bytes of it that have been read."""
    waited_for: Callable[[], bool] = lambda: False
    """Whether the next row is yet to come: from who types, or a program that wants an answer."""


def texts_input(texts: Sequence[str], choose: ChooseColumn) -> Input:
    """Texts that are there already."""
    choose((TEXT,))
    return Input((text, {TEXT: text}) for text in texts)


def standard_input(choose: ChooseColumn) -> Input:
    """A text for each line of standard input."""
    choose((TEXT,))
    lines = StandardInput()
    return Input(rows_of_lines(lines), "lines", waited_for=lines.waited_for)


def file_input(path: Path, delimiter: str, choose: ChooseColumn) -> Input:
    """The rows of a file, in the format that its ending tells; `delimiter` is that of CSV.

    Raises ArgumentError for a file in a format that is not read, DataError where there is none
    and, in the course of reading, where it cannot be read.
    """
    name = ENDINGS.get(ending(path), "lines")
    if name not in TEXT_READERS or ending(path) in OTHERS:
        raise ArgumentError(
            f"cannot read {path}: `{ending(path)}` input is not supported",
            "convert it to lines of text, CSV or JSON Lines",
        )
    if not path.exists():
        near = [str(known) for known in path.parent.glob("*") if known.is_file()]
        raise DataError(f"there is no file {path}{did_you_mean(str(path), near)}")
    # The first time for its rows; a file is opened again to show a line that is at fault.
    opened: list[BinaryIO] = []
    size = path.stat().st_size

    def position() -> int:
        if not opened:
            return 0
        return size if opened[0].closed else opened[0].tell()

    file = TextFile.at(path, opened.append)
    rows = TEXT_READERS[name](file, "\t" if name == "tsv" else delimiter, choose)
    return Input(rows, name, size, position)
