"""Delimited tables as RFC 4180 has them: quotes, quotes doubled inside them, line ends in them."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers.blocks import LONGEST, Blocks
from rnnbuild.data.readers.cells import cells_of
from rnnbuild.data.readers.faults import Faults, line_place
from rnnbuild.errors import DataError, Place, Problem, nearest

USUAL_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(frozen=True)
class Header:
    """The columns of a table, as its first line names them."""

    source: str
    columns: tuple[str, ...]

    def position(self, name: str, key: str, place: Place | None = None) -> int:
        """The position of column `name`, which the config's `data.<key>` asks for, at `place`."""
        if name in self.columns:
            return self.columns.index(name)
        names = ", ".join(f"`{column}`" for column in self.columns)
        message = f"{self.source} has no column `{name}`; it has {names}"
        raise DataError(Problem(message, place, self._hint(name, key)))

    def _hint(self, name: str, key: str) -> str:
        close = nearest(name, self.columns)
        several = key in ("columns", "targets")
        if close:
            return f"did you mean `{close}`?" if several else f"did you mean `data.{key}: {close}`?"
        if len(self.columns) == 1:
            for delimiter, spoken in USUAL_DELIMITERS.items():
                if delimiter in self.columns[0]:
                    shown = "\\t" if delimiter == "\t" else delimiter
                    return (
                        f'its fields seem to be separated by {spoken}: `data.delimiter: "{shown}"`'
                    )
        if several:
            return f"`data.{key}` names columns that the file has"
        return f"name the column of the {key} with `data.{key}`"


@dataclass(frozen=True)
class Table(Header):
    """All rows of a table, with the line of the file that each begins in."""

    rows: list[list[str]]
    lines: list[int]
    blank_lines: int = 0


def read_table(file: TextFile, delimiter: str) -> Table:
    """A whole table at once. Raises the errors of `TableReader`."""
    reader = TableReader(file, delimiter)
    header: list[Header] = []

    def every(names: Header) -> Sequence[int]:
        header.append(names)
        return range(len(names.columns))

    lines: list[int] = []
    rows: list[list[str]] = []
    for first_lines, columns in reader.runs(every):
        lines += first_lines
        rows += map(list, zip(*columns, strict=True))
    return Table(header[0].source, header[0].columns, rows, lines, reader.blank_lines)


Run = tuple[list[int], list[list[str]]]
"""Some rows: the line that each begins in, and the cells of each column that was asked for."""


class TableReader:
    """Reads a table with a header.

    Blank lines are skipped and counted in `blank_lines`; line ends may be mixed, and the last
    line needs none.
    """

    def __init__(self, file: TextFile, delimiter: str):
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise DataError(
                f"`data.delimiter` is one character other than a quote, not {delimiter!r}"
            )
        self.file = file
        self.delimiter = delimiter
        self.blank_lines = 0
        self.line = 0
        hint = "put quotes around a field that contains the delimiter, a quote or a line end"
        self.faults = Faults(file, hint)

    def runs(self, wanted: Callable[[Header], Sequence[int]]) -> Iterator[Run]:
        """All rows, some at a time.

        Raises DataError, with file and line, for an unclosed quote, text after a closing quote,
        a column named twice and, once all rows are read, rows with more or fewer fields than the
        header has. What `wanted` raises passes through.
        """
        with self.file.open() as stream, _long_fields():
            blocks = Blocks(self.file, stream)
            records = self._records(blocks)
            header = self._header(records)
            chosen = wanted(header)
            rows = self._rows(records, len(header.columns))
            while text := blocks.block():
                cells = cells_of(text, self.delimiter, len(header.columns), chosen)
                if cells is not None:
                    blocks.put_back(cells.rest)
                    yield (cells.lines + self.line + 1).tolist(), cells.columns
                    self.line += cells.line_count
                    continue
                blocks.put_back(text)
                numbered = list(_of_put_back(rows, blocks))
                yield (
                    [line for line, _ in numbered],
                    [[row[column] for _, row in numbered] for column in chosen],
                )
            self.faults.refuse()

    def _header(self, records: Iterator[tuple[int, list[str]]]) -> Header:
        line, names = next(records, (0, []))
        while line and not names:
            self.blank_lines += 1
            line, names = next(records, (0, []))
        if not line:
            raise DataError(
                f"{self.file.source} is empty", hint="its first line names the columns: text,label"
            )
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice is not None:
            place = line_place(self.file, line)
            raise DataError(Problem(f"the header names column `{twice}` twice", place))
        return Header(self.file.source, tuple(names))

    def _rows(
        self, records: Iterator[tuple[int, list[str]]], columns: int
    ) -> Iterator[tuple[int, list[str]]]:
        for line, row in records:
            if len(row) == columns:
                yield line, row
            elif not row:
                self.blank_lines += 1
            else:
                fields = "field" if len(row) == 1 else "fields"
                self.faults.add(line, f"{len(row)} {fields}, where the header has {columns}")

    def _records(self, stream: Blocks) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line that it begins in; an empty record is a blank line."""
        quoted: list[str] = []
        # A line without a quote is split as it is, which takes a quarter of the time; the csv
        # module reads the others, and whatever lines a quote goes on for.
        reader = csv.reader(_first(quoted, stream), delimiter=self.delimiter, strict=True)
        for text in stream:
            self.line += 1
            line = self.line
            if '"' not in text:
                plain = text.rstrip("\r\n")
                yield line, plain.split(self.delimiter) if plain else []
                continue
            quoted.append(text)
            before = reader.line_num
            try:
                row = next(reader)
            except csv.Error as error:
                raise self._broken(line, error) from error
            self.line += reader.line_num - before - 1
            yield line, row

    def _broken(self, line: int, error: csv.Error) -> DataError:
        after = "expected after" in str(error)
        problem = Problem(
            "text follows a closing quote"
            if after
            else "the quote opened in this row is never closed",
            line_place(self.file, line),
            'a quote that is part of the text is written twice: ""',
        )
        return DataError(problem)


def _first(lines: list[str], stream: Blocks) -> Iterator[str]:
    """Lines of the list for as long as it has any, else those of the stream."""
    while True:
        if lines:
            yield lines.pop()
        elif text := stream.readline():
            yield text
        else:
            return


def _of_put_back(
    rows: Iterator[tuple[int, list[str]]], blocks: Blocks
) -> Iterator[tuple[int, list[str]]]:
    """The rows that begin in what was put back, and blank lines and faults after them."""
    while not blocks.put_back_is_read and (row := next(rows, None)) is not None:
        yield row


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module refuses fields over 128 KiB, which a long text may well be."""
    limit = csv.field_size_limit(LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
