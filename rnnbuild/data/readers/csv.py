"""Labelled text in CSV and TSV files, by the names of their columns."""

from collections.abc import Iterator
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers.labelled import LabelledRows
from rnnbuild.data.readers.table import Header, TableReader
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.tasks.facts import Task


def read_csv(path: Path, data: DataConfig, task: Task, delimiter: str = ",") -> Iterator[Rows]:
    """The text and labels of a CSV file. Raises DataError, with file and line."""
    file = TextFile.at(path)
    labelled = LabelledRows(file, data, task)
    table = TableReader(file, data.delimiter or delimiter)

    def wanted(header: Header) -> list[int]:
        return [header.position(name, key, data.place(key)) for name, key in labelled.wanted]

    for lines, (texts, *labels) in table.runs(wanted):
        for first in range(0, len(lines), CHUNK):
            part = slice(first, first + CHUNK)
            yield labelled.rows(lines[part], texts[part], [column[part] for column in labels])
    notes = []
    if table.blank_lines:
        notes.append(f"{path}: {table.blank_lines:,} blank lines were passed over")
    yield from labelled.end(notes)
