"""Lines of a text and its target, which have no header, as rows."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.row_maker import RowMaker
from rnnbuild.data.rows.note import Note, skipped
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

Line = tuple[int, str, Any]
"""The number of a line, its text and its target; of a line to be answered, all of its columns."""


class NumberedLines:
    """A file's lines without their ends; comments, and blank lines, are skipped and counted.

    Of lines to be answered, which are not `labelled`, a blank one is an empty text; one with a
    `delimiter` is two.
    """

    def __init__(self, file: TextFile, data: DataConfig, labelled: bool, delimiter: str = "\n"):
        self.file = file
        self.comment = data.comment
        self.delimiter = delimiter
        self.labelled = labelled
        self.blank = self.comments = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines_of(self.file), 1):
            if self.comment and line.startswith(self.comment):
                self.comments += 1
            elif self.labelled and not line.strip() and self.delimiter not in line.rstrip("\r\n"):
                self.blank += 1
            else:
                yield number, line.rstrip("\r\n")

    def notes(self) -> list[Note]:
        """Notes on what was skipped, once all lines are read."""
        source = self.file.source
        return [
            *skipped(source, self.blank, "blank line"),
            *skipped(source, self.comments, "comment line"),
        ]


def rows_of_lines(maker: RowMaker, lines: Iterable[Line]) -> Iterator[Rows]:
    """The rows of lines that have their targets, some at a time."""
    rest = iter(lines)
    while some := list(islice(rest, CHUNK)):
        numbers, texts, targets = zip(*some, strict=True)
        yield from maker.chunks(list(numbers), [list(texts), list(targets)])


def rows_to_answer(maker: RowMaker, lines: Iterable[Line]) -> Iterator[Rows]:
    """The rows of lines whose third entry is all of their columns by name."""
    rest = iter(lines)
    while some := list(islice(rest, CHUNK)):
        numbers, texts, columns = zip(*some, strict=True)
        yield from maker.given(list(numbers), list(texts), list(columns))


def column_names(maker: RowMaker, data: DataConfig, task: Task) -> tuple[str, str]:
    """What the two columns of such lines are called: as the task calls them by default.

    Raises DataError where the config names others.
    """
    given, target = TASKS[task].columns
    usual = [given, *(target for _ in maker.wanted[1:])]
    other = [each for each, own in zip(maker.wanted, usual, strict=True) if each[0] != own]
    if isinstance(data.labels, tuple):  # columns of 0 and 1
        other = [(", ".join(data.labels), "labels")]
    if other:
        name, key = other[0]
        hint = (
            f"`data.labels: {target}` reads several labels" if key == "labels" else "leave it out"
        )
        message = (
            f"{maker.source} has no column `{name}`: its lines are a {given} and a {target}, "
            "without a header"
        )
        raise DataError(Problem(message, data.place(key), hint))
    return given, target
