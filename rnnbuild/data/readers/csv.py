"""CSV and TSV files, by the names of their columns."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers.header import Header
from rnnbuild.data.readers.joined_rows import JoinedRows
from rnnbuild.data.readers.labelled import LabelledRows
from rnnbuild.data.readers.table import TableReader
from rnnbuild.data.readers.table_form import TableForm, form_of
from rnnbuild.data.readers.text_rows import ChooseColumn, TextRow
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task


def read_csv(path: Path, data: DataConfig, task: Task, delimiter: str = ",") -> Iterator[Rows]:
    """The text and labels of a CSV file. Raises DataError, with file and line."""
    file = TextFile.at(path)
    labelled = LabelledRows(file, data, task)
    table = TableReader(file, form_of(data, delimiter))
    joined = JoinedRows(table.form.quote_sign)

    def wanted(header: Header) -> list[int]:
        positions = header.positions((name, key, data.place(key)) for name, key in labelled.wanted)
        joined.begin(header.delimiter, positions[1] if labelled.kind == "label" else None)
        return positions

    for lines, columns in table.runs(wanted):
        joined.add(table.joined, columns)
        yield from labelled.chunks(lines, columns)
    yield from labelled.end([*table.notes(), *joined.notes(str(path))])


def csv_text_rows(file: TextFile, delimiter: str, choose: ChooseColumn) -> Iterator[TextRow]:
    """The text of each row, with all of its columns. Raises DataError, with file and line."""
    table = TableReader(file, TableForm(delimiter), every_row=True)
    names: tuple[str, ...] = ()
    text = 0

    def every(header: Header) -> Sequence[int]:
        nonlocal names, text
        names = header.columns
        if names.count("") > 1:
            raise DataError(
                f"{file.source} has several columns without a name",
                hint="name them in the first line: each is written next to the answer",
            )
        text = names.index(choose(names))
        return header.positions([(name, "text", None) for name in names])

    for _, columns in table.runs(every):
        # Rows that do not fit are reported at once, not at the end of the file.
        table.faults.refuse()
        for cells in zip(*columns, strict=True):
            yield cells[text], dict(zip(names, cells, strict=True))
