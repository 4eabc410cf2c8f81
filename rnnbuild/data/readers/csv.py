"""CSV and TSV files, by the names of their columns."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.header import Header
from rnnbuild.data.readers.joined_rows import JoinedRows
from rnnbuild.data.readers.row_maker import RowMaker
from rnnbuild.data.readers.table import TableReader
from rnnbuild.data.readers.table_form import form_of
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task


def read_csv(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
    delimiter: str = ",",
) -> Iterator[Rows]:
    """The text and labels of a CSV file. Raises DataError, with file and line."""
    file = TextFile.at(path, watch, data.encoding)
    maker = RowMaker(file, data, task, labelled)
    table = TableReader(file, form_of(data, delimiter), not labelled, maker.faults)
    joined = JoinedRows(table.form.quote_sign)
    if not labelled:
        yield from _given(maker, table, joined, data)
        return

    def wanted(header: Header) -> list[int]:
        positions = positions_in(header, maker, data)
        joined.begin(header.delimiter, positions[1] if maker.kind == "label" else None)
        return positions

    for lines, columns in table.runs(wanted):
        joined.add(table.joined, columns)
        yield from maker.chunks(lines, columns)
    yield from maker.end([*table.notes(), *joined.notes(str(path))])


def _given(
    maker: RowMaker, table: TableReader, joined: JoinedRows, data: DataConfig
) -> Iterator[Rows]:
    """The rows with all of their columns."""
    names: tuple[str, ...] = ()
    text = 0

    def every(header: Header) -> Sequence[int]:
        nonlocal names, text
        names = header.columns
        if names.count("") > 1:
            raise DataError(
                f"{header.source} has several columns without a name",
                hint="name them in the first line: each is written next to the answer",
            )
        (text,) = positions_in(header, maker, data)
        joined.begin(header.delimiter, None)
        return header.positions((name, "text", None) for name in names)

    for lines, columns in table.runs(every):
        # Rows that do not fit are reported at once, not at the end of the file.
        table.faults.refuse()
        joined.add(table.joined, columns)
        records = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
        yield from maker.given(lines, columns[text], records)
    yield from maker.end([*table.notes(), *joined.notes(maker.source)])


def positions_in(header: Header, maker: RowMaker, data: DataConfig) -> list[int]:
    """The positions of the columns that `maker` wants. Raises DataError for those missing."""
    return header.positions((name, key, data.place(key)) for name, key in maker.wanted)
