"""Plain text as one running text, line ends included."""

import re
from collections.abc import Iterator
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import MARK
from rnnbuild.data.readers.labelled_lines import PREFIX
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.table import TASKS

MARKED_LINE = re.compile(rf"(^|[\r\n]){MARK}")


def read_whole_text(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """One row with all of a file's text.

    Raises DataError, with file and line, for what is not text, and where labels are needed.
    """
    if TASKS[task].target != LANGUAGE_MODEL.target:
        raise DataError(
            f"{path} is read as running text, which has nothing that `{task}` could learn",
            hint="state how it is written: `data.format: csv`; `task: language-model` learns to "
            "write such text",
        )
    with TextFile.at(path, watch, data.encoding).open() as stream:
        text = stream.read()
    if MARK in text:
        # Files that were put one after the other have one in the middle.
        text = MARKED_LINE.sub(r"\1", text)
    notes = []
    if text.startswith(PREFIX):
        begins = f"{path} is read as running text, and begins with `{PREFIX}`, as labelled lines do"
        notes.append(Note(begins, "To classify its lines, set `data.format: labelled-lines`."))
    yield Rows(texts=[text], lines=[1], source=str(path), notes=notes)
