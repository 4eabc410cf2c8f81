"""Labelled text in CSV and TSV files, by the names of their columns."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import TextFile
from rnnbuild.data.readers.labelled import LabelledRows
from rnnbuild.data.readers.table import TableReader
from rnnbuild.data.rows import CHUNK, Rows


def read_csv(path: Path, data: DataConfig, task: Task, delimiter: str = ",") -> Iterator[Rows]:
    """The text and labels of a CSV file. Raises DataError, with file and line."""
    file = TextFile.at(path)
    labelled = LabelledRows(file, data, task)
    table = TableReader(file, data.delimiter or delimiter)
    with table.opened() as (header, records):
        text, *labels = [
            header.position(name, key, data.place(key)) for name, key in labelled.wanted
        ]
        while chunk := list(islice(records, CHUNK)):
            yield labelled.rows(
                [line for line, _ in chunk],
                [row[text] for _, row in chunk],
                [[row[label] for _, row in chunk] for label in labels],
            )
    notes = []
    if table.blank_lines:
        notes.append(f"{path}: {table.blank_lines:,} blank lines were passed over")
    yield from labelled.end(notes)
