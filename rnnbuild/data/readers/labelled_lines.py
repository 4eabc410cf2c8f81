"""Lines that begin with their label: `DESC How did it end ?`, or `__label__DESC How ...`."""

import re
from collections.abc import Iterator
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.row_maker import RowMaker
from rnnbuild.data.readers.two_columns import (
    Line,
    NumberedLines,
    column_names,
    rows_of_lines,
    rows_to_answer,
)
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

PREFIX = "__label__"
"""What fastText's labels begin with (fasttext.cc/docs/en/supervised-tutorial.html)."""
HINT = "a line is a label, blanks or a tab, and a text"
_BLANKS = re.compile("[ \t]+")


def read_labelled_lines(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """The rows of a file whose lines are a label, blanks or a tab (`data.delimiter`), and a text.

    Labels may begin with `__label__`, which is not a part of them; then there may be several,
    which `data.labels` reads. Where rows are not `labelled`, a line is a text: only labels with
    that prefix are told from it, and kept apart. Blank lines are skipped and counted.
    Raises DataError, with file and line, for lines of one word.
    """
    if TASKS[task].target != "label":
        raise DataError(
            f"{path} has a label for each line, but `task: {task}` needs {TASKS[task].needs}",
            hint="`task: classify`, or another `data.format`"
            if labelled
            else "write each text in a line of its own: `data.format: csv` has a column of texts",
        )
    file = TextFile.at(path, watch, data.encoding)
    maker = RowMaker(file, data, task, labelled)
    text_name, label_name = column_names(maker, data, task)
    lines = NumberedLines(file, data, labelled)

    def given() -> Iterator[Line]:
        for number, line in lines:
            labels, text = _prefixed_labels(line)
            columns = {text_name: text, **({label_name: " ".join(labels)} if labels else {})}
            yield number, text, columns

    def pairs() -> Iterator[Line]:
        for number, line in lines:
            labels, text = _prefixed_labels(line)
            if not labels:
                parts = line.split(data.delimiter, 1) if data.delimiter else _BLANKS.split(line, 1)
                labels, text = parts[:1], "".join(parts[1:])
            if not labels[0] or not text:
                maker.faults.add(number, "a label without a text, or a text without a label", HINT)
            elif len(labels) > 1 and maker.kind == "label":
                hint = f"`data.labels: {label_name}` reads several labels a line"
                maker.faults.add(number, f"{len(labels)} labels", hint)
            else:
                yield number, text, labels[0] if len(labels) == 1 else labels

    yield from rows_of_lines(maker, pairs()) if labelled else rows_to_answer(maker, given())
    yield from maker.end(lines.notes())


def _prefixed_labels(line: str) -> tuple[list[str], str]:
    """The labels with the prefix at the start of a line, without it, and the text after them."""
    labels = []
    while line.startswith(PREFIX):
        label, *rest = _BLANKS.split(line, 1)
        labels.append(label.removeprefix(PREFIX))
        line = "".join(rest)
    return labels, line
