"""CoNLL in two columns: a word and its tag on each line, a blank line between sentences."""

import io
import re
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import read_text
from rnnbuild.data.readers.faults import refuse
from rnnbuild.data.rows import Rows
from rnnbuild.errors import DataError

_BLANKS = re.compile("[ \t]+")


def read_conll(path: Path, data: DataConfig, task: Task) -> Rows:
    """The sentences of a file, whose words and tags are taken as they are.

    A tab sets word and tag apart where the line has one, else spaces do. Several blank lines
    count as one; the last sentence needs none after it; line ends may be mixed.
    Raises DataError, with file and line, for a line that is not a word and a tag.
    """
    if task != "tag":
        raise DataError(
            f"{path} labels every word, and `task: {task}` wants one label a row",
            hint="`task: tag`, or a CSV file with a text and a label column",
        )
    source, content = str(path), read_text(path)
    rows = Rows()
    faults: list[tuple[int, str]] = []
    words: list[str] = []
    tags: list[str] = []
    first = 1

    def end_sentence() -> None:
        if words:
            rows.texts.append(" ".join(words))
            rows.words.append(tuple(words))
            rows.targets.append(tuple(tags))
            rows.places.append((source, first))
            words.clear()
            tags.clear()

    for number, line in enumerate(io.StringIO(content, newline=None), 1):
        stripped = line.strip(" \t\n")
        if not stripped:
            end_sentence()
            continue
        fields = line.rstrip("\n").split("\t") if "\t" in stripped else _BLANKS.split(stripped)
        if len(fields) != 2 or not all(field.strip() for field in fields):
            faults.append((number, _fault(len(fields))))
            continue
        first = first if words else number
        words.append(fields[0].strip())
        tags.append(fields[1].strip())
    end_sentence()
    refuse(source, content, faults, "a line is a word, a tab or space, and its tag")
    return rows


def _fault(columns: int) -> str:
    if columns == 1:
        return "a word without a tag"
    return "a word or its tag is empty" if columns == 2 else f"{columns} columns, not two"
