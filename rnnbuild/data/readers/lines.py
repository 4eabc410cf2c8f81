"""Plain text: a line is a text, which has no label."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.lists import words_in
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

TEXT = "text"
"""The name of the only column of plain lines."""


def read_lines(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """A text for each line of a file; an empty line too, so that answer n is that of line n.

    Raises DataError, with file and line, for what is not text, and where labels are needed.
    """
    if labelled:
        raise DataError(
            f"{path} is read as lines of text, which have no labels",
            hint="state how it is written: `data.format: csv`",
        )
    lines = (line.rstrip("\r\n") for line in lines_of(TextFile.at(path, watch, data.encoding)))
    while texts := list(islice(lines, CHUNK)):
        yield rows_of_texts(texts, task)


def rows_of_texts(texts: Iterable[str], task: Task) -> Rows:
    """Texts to be answered that come without a file, as they would be read from one."""
    rows = Rows(texts=list(texts))
    rows.columns = [{TEXT: text} for text in rows.texts]
    if TASKS[task].takes_words:
        rows.words = [tuple(words_in(text)) for text in rows.texts]
    return rows
