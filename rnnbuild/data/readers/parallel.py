"""Parallel text in two columns: a source, a tab and its target on each line, and no header."""

import io
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import read_text
from rnnbuild.data.readers.faults import refuse
from rnnbuild.data.rows import Rows
from rnnbuild.errors import DataError


def read_parallel(path: Path, data: DataConfig, task: Task) -> Rows:
    """The pairs of a file. Quotes are quotes, and nothing else; line ends may be mixed.

    Blank lines are passed over and counted. Further columns (as of manythings.org, which names
    its authors in a third) are left out and counted.
    Raises DataError, with file and line, for a line without a tab.
    """
    if task != "translate":
        raise DataError(
            f"{path} pairs texts, and `task: {task}` wants labels",
            hint="`task: translate`, or another `data.format`",
        )
    delimiter = data.delimiter or "\t"
    source, content = str(path), read_text(path)
    rows = Rows()
    faults: list[tuple[int, str]] = []
    blank = longer = 0
    for number, line in enumerate(io.StringIO(content, newline=None), 1):
        fields = line.rstrip("\n").split(delimiter)
        if len(fields) == 1 and not fields[0].strip():
            blank += 1
        elif len(fields) == 1:
            faults.append((number, "a source without a target"))
        else:
            rows.texts.append(fields[0])
            rows.targets.append((fields[1],))
            rows.places.append((source, number))
            longer += len(fields) > 2
    refuse(source, content, faults, "a line is a source, a tab and its target")
    if blank:
        rows.notes.append(f"{source}: {blank:,} blank lines were passed over")
    if longer:
        rows.notes.append(f"{source}: of {longer:,} lines, what follows the target was left out")
    return rows
