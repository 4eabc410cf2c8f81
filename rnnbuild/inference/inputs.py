"""Input for predictions: given texts, the rows of a file, or lines of standard input."""

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
"""Endings of files whose lines are not texts or rows: reading them would give nonsense."""


@dataclass(frozen=True)
class Input:
    """Rows that are read on demand."""

    rows: Iterator[TextRow]
    format: str | None = None
    """The format of a file or of standard input."""
    size: int | None = None
    """Bytes of a file on the disk."""
    position: Callable[[], int] = lambda: 0
    """Bytes of it that have been read."""
    waited_for: Callable[[], bool] = lambda: False
    """Whether the next row is yet to come: from a user, or a program that waits for an answer."""


def texts_input(texts: Sequence[str], choose: ChooseColumn) -> Input:
    """Texts that are given as they are."""
    choose((TEXT,))
    return Input((text, {TEXT: text}) for text in texts)


def standard_input(choose: ChooseColumn) -> Input:
    """A text for each line of standard input."""
    choose((TEXT,))
    lines = StandardInput()
    return Input(rows_of_lines(lines), "lines", waited_for=lines.waited_for)


def file_input(path: Path, delimiter: str, choose: ChooseColumn) -> Input:
    """The rows of a file, in the format of its ending; `delimiter` is for CSV.

    Raises ArgumentError for a file in an unsupported format, DataError if it does not exist and,
    while it is read, if it cannot be read.
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
    # Opened first for its rows, and again to show a faulty line.
    opened: list[BinaryIO] = []
    size = path.stat().st_size

    def position() -> int:
        if not opened:
            return 0
        return size if opened[0].closed else opened[0].tell()

    file = TextFile.at(path, opened.append)
    rows = TEXT_READERS[name](file, "\t" if name == "tsv" else delimiter, choose)
    return Input(rows, name, size, position)
