"""Parallel text in two columns: a source, a tab and its target on each line, and no header."""

from collections.abc import Iterator
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.faults import Faults, comment_hint
from rnnbuild.data.rows.note import Note, skipped
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS


def read_parallel(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """The pairs of a file. Quotes are quotes, and nothing else; line ends may be mixed.

    Blank lines are skipped and counted. Further columns (as of manythings.org, which names
    its authors in a third) are ignored and counted. Where rows are not `labelled`, a line may be
    a source alone, and a blank one is an empty source.
    Raises DataError, with file and line, for a line without a tab.
    """
    if TASKS[task].target != "text":
        raise DataError(
            f"{path} contains pairs of texts, but `task: {task}` needs {TASKS[task].needs}",
            hint="`task: translate`, or another `data.format`"
            if labelled
            else "write each text in a line of its own, or in the text column of a CSV file",
        )
    delimiter = data.delimiter or "\t"
    file = TextFile.at(path, watch, data.encoding)
    if not labelled:
        yield from _given(file, delimiter, data.comment)
        return
    faults = Faults(file, "a line is a source, a tab and its target")
    rows = Rows(source=str(path))
    blank = longer = comments = 0
    for number, line in enumerate(lines_of(file), 1):
        if data.comment and line.startswith(data.comment):
            comments += 1
            continue
        fields = line.rstrip("\r\n").split(delimiter)
        if len(fields) == 1:
            if fields[0].strip():
                faults.add(number, "a source without a target", comment_hint(line))
            blank += not fields[0].strip()
            continue
        rows.texts.append(fields[0])
        rows.targets.append((fields[1],))
        rows.lines.append(number)
        longer += len(fields) > 2
        if len(rows) == CHUNK:
            yield rows
            rows = Rows(source=str(path))
    faults.refuse()
    rows.notes += skipped(str(path), blank, "blank line")
    rows.notes += skipped(str(path), comments, "comment line")
    if longer:
        ignored = f"{path}: ignored what follows the target in {plural(longer, 'line')}"
        rows.notes.append(Note(ignored))
    yield rows


def _given(file: TextFile, delimiter: str, comment: str | None) -> Iterator[Rows]:
    """The sources of a file, with what follows them where there is anything."""
    rows = Rows(source=file.source)
    comments = 0
    for number, line in enumerate(lines_of(file), 1):
        if comment and line.startswith(comment):
            comments += 1
            continue
        source, *others = line.rstrip("\r\n").split(delimiter)
        rows.texts.append(source)
        rows.lines.append(number)
        names = ("target", *(f"column {place}" for place in range(3, len(others) + 2)))
        rows.columns.append({"source": source} | dict(zip(names, others, strict=False)))
        if len(rows) == CHUNK:
            yield rows
            rows = Rows(source=file.source)
    rows.notes += skipped(file.source, comments, "comment line")
    yield rows
