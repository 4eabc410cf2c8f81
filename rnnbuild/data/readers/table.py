"""Delimited tables as RFC 4180 has them: quotes, quotes doubled inside them, line ends in them."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import LONGEST, Blocks
from rnnbuild.data.readers.cells import cells_of
from rnnbuild.data.readers.faults import Cell, Faults, comment_hint
from rnnbuild.data.readers.header import Header
from rnnbuild.data.readers.records import Record, Records
from rnnbuild.data.readers.table_form import TableForm
from rnnbuild.data.rows.note import Note, skipped
from rnnbuild.errors import DataError

SAMPLE = 100
"""Lines that tell how a file is written where its columns are not those that are asked for."""
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*')
"""The first line by which Excel is told the delimiter."""


Run = tuple[list[int], list[list[str]]]
"""Some rows: the line that each begins in, and the cells of each column that was asked for."""


class TableReader:
    """Reads a table.

    Blank lines, comments, rows of empty fields and repetitions of the header are skipped and
    counted, those of the last two kinds unless `every_row` is wanted. Line ends may be mixed, and
    the last line needs none.
    """

    def __init__(
        self,
        file: TextFile,
        form: TableForm,
        every_row: bool = False,
        faults: Faults | None = None,
    ):
        self.file = file
        self.form = form
        self.every_row = every_row
        self.declared = False
        """Whether the first line is Excel's declaration of the delimiter."""
        self.blank_lines = self.empty_rows = self.repeated = 0
        self.joined: list[tuple[int, list[str]]] = []
        """Records of the last run that look like several: line, and lines as wide as rows."""
        self.hint = "put quotes around a field that contains the delimiter, a quote or a line end"
        if not form.quote_sign:
            self.hint = "with `data.quote: none` no field contains the delimiter"
        self.faults = faults or Faults(file, self.hint)

    def runs(self, wanted: Callable[[Header], Sequence[int]]) -> Iterator[Run]:
        """All rows, some at a time.

        Quotes that are not closed or that text follows, and rows with more or fewer fields than
        the header has, are added to `faults`. What `wanted` raises passes through.
        """
        with self.file.open() as stream, _long_fields():
            blocks = Blocks(self.file, stream)
            self.records = records = Records(blocks, self.form, self.faults)
            self._skip_preamble(blocks)
            rows = iter(records)
            header = self._header(rows, blocks)
            quote = self.form.quote_sign
            self.faults.span = partial(span_of_cell, header, quote)
            chosen = wanted(header)
            while text := blocks.block():
                cells = None
                if not self.form.comment or self.form.comment not in text:
                    width = len(header.columns)
                    cells = cells_of(text, records.delimiter, width, chosen, quote)
                if cells is not None and not self._may_repeat(header, chosen, cells.columns):
                    blocks.put_back(cells.rest)
                    self._note_joined(
                        [(records.line + 1 + line, text) for line, text in cells.joined], header
                    )
                    yield (cells.lines + records.line + 1).tolist(), cells.columns
                    records.line += cells.line_count
                    continue
                blocks.put_back(text)
                read = list(self._rows(rows, blocks, header))
                self._note_joined([(row.line, row.text) for row in read if row.text], header)
                yield (
                    [row.line for row in read],
                    [[row.fields[column] for row in read] for column in chosen],
                )

    def notes(self) -> list[Note]:
        """Notes on what was skipped, once all rows are read."""
        source = self.file.source
        return [
            *skipped(source, self.declared, "line", " that declares the delimiter"),
            *skipped(source, self.blank_lines, "blank line"),
            *skipped(source, self.empty_rows, "row", " of empty fields"),
            *skipped(source, self.records.comments, "comment line"),
            *skipped(source, self.repeated, "repetition", " of the header"),
        ]

    def _skip_preamble(self, blocks: Blocks) -> None:
        """Skip what comes before the header: blank lines, comments, Excel's line of a delimiter."""
        records, comment = self.records, self.form.comment
        for text in blocks:
            declared = _SEPARATOR.fullmatch(text) if not records.line else None
            if declared is not None:
                records.delimiter = records.delimiter if self.form.stated else declared[1]
                self.declared = True
            elif comment and text.startswith(comment):
                records.comments += 1
            elif not text.strip("\r\n"):
                self.blank_lines += 1
            else:
                blocks.put_back_lines([text])
                return
            records.line += 1

    def _header(self, rows: Iterator[Record], blocks: Blocks) -> Header:
        """The columns by the config's names, or by those of the first line."""
        delimiter = self.records.delimiter
        if self.form.header is not None:
            named = Header(self.file.source, self.form.header, delimiter)
            first = blocks.readline()
            fields = first.rstrip("\r\n").split(delimiter)
            if tuple(field.strip(f" {self.form.quote_sign}") for field in fields) == named.columns:
                self.records.line += 1  # the file has this header after all
            else:
                blocks.put_back_lines([first] if first else [])
            return named
        record = next(rows, None)
        self.faults.refuse()
        if record is None:
            raise DataError(
                f"{self.file.source} is empty", hint="its first line names the columns: text,label"
            )
        text = blocks.block()
        blocks.put_back(text)
        sample = tuple(line.rstrip("\r") for line in text.split("\n", SAMPLE)[:SAMPLE] if line)
        return Header(self.file.source, tuple(record.fields), delimiter, sample)

    def _may_repeat(
        self, header: Header, chosen: Sequence[int], columns: Sequence[list[str]]
    ) -> bool:
        """Whether some row may be the header again, which a column says at little cost."""
        if self.every_row or self.form.header is not None or len(chosen) < 2:
            return False
        return header.columns[chosen[0]] in columns[0]

    def _rows(self, records: Iterator[Record], blocks: Blocks, header: Header) -> Iterator[Record]:
        """The rows that begin in what was put back, and blank lines and faults after them."""
        columns, names = len(header.columns), list(header.columns)
        while not blocks.put_back_is_read and (record := next(records, None)) is not None:
            fields = record.fields
            if len(fields) == columns:
                if self.every_row or columns == 1:
                    yield record
                elif not any(fields):
                    self.empty_rows += 1
                elif fields == names and self.form.header is None:
                    self.repeated += 1
                else:
                    yield record
            elif not fields:
                self.blank_lines += 1
            else:
                self._add_ragged(record, columns)

    def _add_ragged(self, record: Record, columns: int) -> None:
        fields, hint = record.fields, comment_hint(record.fields[0])
        count = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
        has = "the header has"
        if self.form.header is not None:
            has = "`data.header` names"
            hint = hint or "name all columns that the file has: `data.header: [COLUMN, COLUMN]`"
        if len(fields) == columns + 1 and not fields[-1]:
            count += ", the last of them empty"
            hint = "end the header with a delimiter too, as the rows do, or remove theirs"
        elif self.form.quote == "double" and all(
            any(test(field, "'") for field in fields) for test in (str.startswith, str.endswith)
        ):
            hint = "if fields are between single quotes: `data.quote: single`"
        surplus = columns if len(fields) > columns else None
        message = f"{count}, where {has} {columns}"
        self.faults.add(record.line, message, hint or self.hint, cell=surplus)

    def _note_joined(self, records: list[tuple[int, str]], header: Header) -> None:
        """Keep the records of several lines of which two or more are as wide as a row."""
        delimiter, between = self.records.delimiter, len(header.columns) - 1
        self.joined = []
        for line, text in records:
            if between and text.count(delimiter) >= 2 * between:
                lines = [part for part in text.splitlines() if part.count(delimiter) == between]
                if len(lines) > 1:
                    self.joined.append((line, lines))


def span_of_cell(header: Header, quote: str, line: str, which: Cell) -> tuple[int, int] | None:
    """Where in a line a cell is; None where it is not in this line."""
    number = header.columns.index(which) if isinstance(which, str) else which
    sign, delimiter = re.escape(quote), re.escape(header.delimiter)
    quoted = f"{sign}(?:[^{sign}]|{sign}{sign})*{sign}" if quote else "(?!)"
    cell = f"{quoted}|[^{delimiter}]*"
    before = f"(?:(?:{cell}){delimiter}){{{number}}}"
    found = re.match(f"{before}({cell})", line)
    if found is None:
        return None
    return found.start(1), found.end(1) if isinstance(which, str) else len(line)


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module refuses fields over 128 KiB, which a long text may well be."""
    limit = csv.field_size_limit(LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
