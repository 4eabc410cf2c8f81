"""Files of a series as tables of text cells, whatever their format."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild.data.disk.files import ending
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.faults import Faults, comment_hint, line_place
from rnnbuild.data.readers.formats import ENDINGS
from rnnbuild.data.readers.header import USUAL_DELIMITERS, Header
from rnnbuild.data.readers.jsonl import JsonLines
from rnnbuild.data.readers.parquet import import_pyarrow
from rnnbuild.data.readers.table import TableReader
from rnnbuild.data.readers.table_form import Quote, TableForm
from rnnbuild.data.rows.note import Note
from rnnbuild.data.series.date_columns import has_dates
from rnnbuild.errors import DataError, Place

FORMATS = ("csv", "tsv", "jsonl", "parquet")
"""The formats that a series may have."""


@dataclass(frozen=True)
class FileForm:
    """How a file is written, where that is stated (`data.format`, `encoding`, keys of tables)."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: Quote = "double"
    header: tuple[str, ...] | None = None
    comment: str | None = None

    def table_form(self, usual_delimiter: str) -> TableForm:
        return TableForm(
            self.delimiter or usual_delimiter,
            self.delimiter is not None,
            self.quote,
            self.header,
            self.comment,
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class SeriesTable(Header):
    """The cells of a file as text, column by column, and the line in which each row begins."""

    cells: Sequence[Sequence[str]]
    lines: Sequence[int]
    file: TextFile
    notes: tuple[Note, ...] = ()
    bad: int = 0
    """Rows that were skipped, as they do not fit."""

    def column(self, name: str) -> Sequence[str]:
        return self.cells[self.position(name, "columns")]

    def place(self, row: int) -> Place:
        """The place of a row, with the text of its line."""
        return line_place(self.file, self.lines[row])


def table_at(path: Path, form: FileForm, skip_bad_rows: bool = False) -> SeriesTable:
    """The table in a file, whose ending says how it is written unless that is stated.

    With `skip_bad_rows`, rows that do not fit are skipped, and counted.
    Raises DataError for a format that a series does not have, and for a file that is damaged.
    """
    name = format_at(path, form)
    if name not in FORMATS:
        raise DataError(
            f"{path} is read as {name}, which cannot contain a series of numbers",
            f"a series is one of {', '.join(FORMATS)}: state it with `data.format`",
        )
    if name == "parquet":
        return _parquet_table(path)
    return _text_table(TextFile.at(path, encoding=form.encoding), name, form, skip_bad_rows)


def header_at(path: Path, form: FileForm) -> Header:
    """The first line of a CSV or TSV file as names, with some lines below it.

    Raises DataError for an empty file.
    """
    headers: list[Header] = []

    def first(header: Header) -> Sequence[int]:
        headers.append(header)
        return [0]

    usual = "\t" if format_at(path, form) == "tsv" else ","
    file = TextFile.at(path, encoding=form.encoding)
    next(TableReader(file, form.table_form(usual)).runs(first), None)
    return headers[0]


def format_at(path: Path, form: FileForm) -> str:
    """The format of a file: as stated, else by its ending, else CSV."""
    return form.format or ENDINGS.get(ending(path), "csv")


def table_of(source: str, text: str, form: FileForm) -> SeriesTable:
    """The table in a text. Raises the errors of `table_at`."""
    name = format_at(Path(source), form)
    return _text_table(TextFile.of(source, text), name, form)


def _text_table(
    file: TextFile, format_name: str, form: FileForm, skip_bad_rows: bool = False
) -> SeriesTable:
    if format_name == "jsonl":
        return _jsonl_table(file, skip_bad_rows)
    reader = TableReader(file, form.table_form("\t" if format_name == "tsv" else ","))
    reader.faults.skip = skip_bad_rows or None  # None: the key is for text
    headers: list[Header] = []

    def every(header: Header) -> Sequence[int]:
        headers.append(header)
        if form.header is None:
            _refuse_no_header(header)
        header.positions((name, "columns", None) for name in header.columns if name)
        return range(len(header.columns))

    lines: list[int] = []
    cells: list[list[str]] = []
    for first_lines, columns in reader.runs(every):
        lines += first_lines
        cells = cells or [[] for _ in columns]
        for column, more in zip(cells, columns, strict=True):
            column += more
    skipped = reader.faults.settle(len(lines))
    header = headers[0]
    # An unnamed column without content is a delimiter at the end of each line; others get a name.
    named = {
        name or f"column{number}": column
        for number, (name, column) in enumerate(
            zip(header.columns, cells or [[] for _ in header.columns], strict=True), 1
        )
        if name or any(map(str.strip, column))
    }
    return SeriesTable(
        source=header.source,
        columns=tuple(named),
        delimiter=header.delimiter,
        cells=list(named.values()),
        lines=lines,
        file=file,
        notes=(*reader.notes(), *skipped),
        bad=reader.faults.count,
    )


def _refuse_no_header(header: Header) -> None:
    """Raises DataError where the first line is a row or a comment, or is separated otherwise."""
    names = [name for name in header.columns if name.strip()]
    if len(header.columns) > 1 and not all(map(_is_value, names)):
        return
    shown = ", ".join(f"`{name[:40]}`" for name in header.columns[:5])
    message = f"{header.source} has no names of columns in its first line: {shown}"
    if hint := comment_hint(header.columns[0]):
        raise DataError(message, hint)
    if sign := header.other_delimiter():
        delimiter = "\\t" if sign == "\t" else sign
        apart = USUAL_DELIMITERS[sign]
        raise DataError(
            message, f'are its fields separated by {apart}? `data.delimiter: "{delimiter}"`'
        )
    if columns := names_of_values(header):
        raise DataError(message, f"name them, `data.header: [{', '.join(columns)}]`")


def names_of_values(header: Header) -> list[str]:
    """Names for the columns of a table whose first line is numbers and dates; else none."""
    cells = [cell for cell in header.columns if cell.strip()]
    if not cells or not all(map(_is_value, cells)):
        return []
    return [
        "date" if has_dates([cell]) else f"x{number}"
        for number, cell in enumerate(header.columns, 1)
    ]


def _is_value(name: str) -> bool:
    """Whether a cell is a number or a date, and hardly the name of a column."""
    try:
        float(name)
    except ValueError:
        return has_dates([name])
    return True


def _jsonl_table(file: TextFile, skip_bad_rows: bool = False) -> SeriesTable:
    """Each object is a row, and each key that any of them has a column; a missing key is empty."""
    faults = Faults(file, "", skip_bad_rows or None)
    reader = JsonLines(file, faults)
    lines, rows = [], []
    for line, _, values in reader.objects():
        lines.append(line)
        rows.append(values)
    skipped = faults.settle(len(rows))
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    if not rows:
        example = 'each line is one object: {"date": "1949-01", "passengers": 112}'
        raise DataError(f"{file.source} is empty", example)
    return SeriesTable(
        source=file.source,
        columns=names,
        cells=[[_cell_text(row.get(name)) for row in rows] for name in names],
        lines=lines,
        file=file,
        notes=(*reader.notes(), *skipped),
        bad=faults.count,
    )


def _cell_text(value: Any) -> str:
    """A value as a cell. A float as text is read as the same float again."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    return repr(value) if isinstance(value, float) else json.dumps(value, default=str)


def _parquet_table(path: Path) -> SeriesTable:
    """A Parquet file's columns; the line of a row is its number, and there is no text to show."""
    arrow, parquet = import_pyarrow()
    try:
        with path.open("rb") as stream:
            table = parquet.read_table(stream)
        names = tuple(table.schema.names)
        cells = [list(_arrow_texts(arrow, column)) for column in table.columns]
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise DataError(
            f"{path} cannot be read as Parquet: {reason[0]}", "the file is damaged or cut short"
        ) from error
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{path} has two columns `{twice}`", "write each column once")
    return SeriesTable(
        source=str(path),
        columns=names,
        cells=cells,
        lines=range(1, table.num_rows + 1),
        file=TextFile.of(str(path), ""),
    )


def _arrow_texts(arrow: Any, column: Any) -> Iterator[str]:
    if arrow.types.is_temporal(column.type):
        # As text, since Python's own dates have no nanoseconds.
        column = column.cast(arrow.string())
    return map(_cell_text, column.to_pylist())
