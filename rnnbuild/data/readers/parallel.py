"""Parallel lines: a text and its target on each line, in two columns or in two files.

The target is another text, a label, or a tag for each word: what the task predicts.
"""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.faults import comment_hint, line_place
from rnnbuild.data.readers.row_maker import RowMaker
from rnnbuild.data.readers.two_columns import (
    Line,
    NumberedLines,
    column_names,
    rows_of_lines,
    rows_to_answer,
)
from rnnbuild.data.rows.note import Note, skipped
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError, Problem
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

TARGETS = ("text", "label", "tags")
"""What a line may have beside its text."""


def read_parallel(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """The rows of a file whose lines are a text, a tab (`data.delimiter`) and its target.

    Quotes are quotes, and nothing else; line ends may be mixed. Blank lines are skipped and
    counted. Further columns (as of manythings.org, which names its authors in a third) are ignored
    and counted. Where rows are not `labelled`, a line may be a text alone.
    Raises DataError, with file and line, for a line without a tab.
    """
    _refuse_other_tasks(path, task, labelled)
    file = TextFile.at(path, watch, data.encoding)
    maker = RowMaker(file, data, task, labelled)
    names = column_names(maker, data, task)
    delimiter = data.delimiter or "\t"
    lines = NumberedLines(file, data, labelled, delimiter)
    if not labelled:
        yield from rows_to_answer(maker, _with_columns(lines, delimiter, names))
        yield from maker.end(lines.notes())
        return
    longer = 0

    def pairs() -> Iterator[Line]:
        nonlocal longer
        for number, line in lines:
            text, *others = line.split(delimiter)
            if others:
                longer += len(others) > 1
                yield number, text, others[0]
            else:
                hint = f"a line is a {names[0]}, a tab and its {names[1]}"
                message = f"a {names[0]} without a {names[1]}"
                maker.faults.add(number, message, comment_hint(line) or hint)

    yield from rows_of_lines(maker, pairs())
    ignored = f"{path}: ignored what follows the {names[1]} in {plural(longer, 'line')}"
    yield from maker.end([*lines.notes(), *([Note(ignored)] if longer else [])])


def read_side_by_side(
    first: Path, second: Path, data: DataConfig, task: Task, labelled: bool = True
) -> Iterator[Rows]:
    """The rows of two files: line n of the second is the target of line n of the first.

    Lines that are blank in both are skipped and counted, and so are comments of the first. Raises
    DataError, with the line, where one file is longer than the other, and for lines that do not
    fit each other.
    """
    _refuse_other_tasks(first, task, labelled)
    file, other = (TextFile.at(path, encoding=data.encoding) for path in (first, second))
    maker = RowMaker(file, data, task, labelled)
    maker.faults.beside = other
    column_names(maker, data, task)
    blank = comments = 0

    def pairs() -> Iterator[Line]:
        nonlocal blank, comments
        for number, (text, target) in enumerate(zip_longest(lines_of(file), lines_of(other)), 1):
            if text is None or target is None:
                maker.faults.refuse()
                raise _longer(*((file, other) if target is None else (other, file)), number)
            text, target = text.rstrip("\r\n"), target.rstrip("\r\n")
            if data.comment and text.startswith(data.comment):
                comments += 1
            elif text.strip() or target.strip():
                yield number, text, target
            else:
                blank += 1

    yield from rows_of_lines(maker, pairs())
    yield from maker.end(
        [
            *skipped(f"{first} and {second}", blank, "line", " that both have blank"),
            *skipped(str(first), comments, "comment line"),
        ]
    )


def _longer(longer: TextFile, shorter: TextFile, line: int) -> DataError:
    """The error for a line of one file that the other does not have."""
    return DataError(
        Problem(
            f"{shorter.source} ends before this line: it has {plural(line - 1, 'line')}",
            line_place(longer, line),
            "each line of one file belongs to the same line of the other",
        )
    )


def _refuse_other_tasks(path: Path, task: Task, labelled: bool) -> None:
    if TASKS[task].target not in TARGETS:
        raise DataError(
            f"{path} contains pairs of a text and its target, but `task: {task}` needs "
            f"{TASKS[task].needs}",
            hint="another `task`, or another `data.format`"
            if labelled
            else "write each text in a line of its own, or in the text column of a CSV file",
        )


def _with_columns(lines: NumberedLines, delimiter: str, names: tuple[str, str]) -> Iterator[Line]:
    """Texts with all columns of their lines, where these have more than a text."""
    for number, line in lines:
        text, *others = line.split(delimiter)
        more = (names[1], *(f"column {place}" for place in range(3, len(others) + 2)))
        yield number, text, {names[0]: text} | dict(zip(more, others, strict=False))
