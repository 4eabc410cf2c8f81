"""Columns, as RFC 4180 has them; those of the answer follow those of the input."""

import csv
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import TextIO

from rnnbuild.errors import DataError, Place, Problem
from rnnbuild.inference.forms.record import Record, cells_of
from rnnbuild.inference.forms.source import LONGEST_LINE, Source


def read_csv(source: Source, delimiter: str = ",") -> Iterator[Record]:
    """The rows below the header; blank lines are passed over.

    Raises DataError, with file and line, for a row with more or fewer fields than the header, an
    unclosed quote and a column named twice.
    """
    # The csv module refuses fields over 128 KiB, which a long text may well be. A quote that is
    # never closed makes a field of all that follows.
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(source.lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise fault(source, line, str(error)) from None
        if row is None:
            break
        if row and header is None:
            header = checked_header(source, line, row)
        elif row and header is not None:
            if len(row) != len(header):
                what = f"{len(row)} fields, where the header has {len(header)}"
                raise fault(source, line, what)
            yield dict(zip(header, row, strict=True))
        line = reader.line_num + 1
    if header is None:
        raise DataError(f"{source.name} is empty", "its first line names the columns")


def checked_header(source: Source, line: int, names: list[str]) -> list[str]:
    """The names of the columns. Raises DataError where one stands twice."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise fault(source, line, f"the header names column `{twice}` twice")
    return names


def fault(source: Source, line: int, what: str) -> DataError:
    """What is wrong in a line, with how fields are written."""
    hint = "a field that holds the delimiter, a quote or a line end stands in quotes"
    return DataError(Problem(what, Place(source.name, line, 1), hint))


class CsvWriter:
    """The header, from the first record, then a row each."""

    def __init__(self, stream: TextIO, delimiter: str = ","):
        self.writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self.columns: dict[str, None] = {}

    def write(self, records: Sequence[Record]) -> None:
        rows = cells_of(records)
        if rows and not self.columns:
            self.columns = dict.fromkeys(rows[0])
            self.writer.writerow(self.columns)
        keys = self.columns.keys()
        if len(keys) > 1 and all(row.keys() == keys for row in rows):
            self.writer.writerows(map(itemgetter(*keys), rows))
            return
        for row in rows:
            if not row.keys() <= keys:
                raise self.others(row)
        self.writer.writerows([row.get(column) for column in keys] for row in rows)

    def others(self, row: Record) -> DataError:
        """JSON objects may differ in their keys; a table would drop what the first has not."""
        other = min(row.keys() - self.columns.keys())
        return DataError(
            f"a row has `{other}`, which the first row lacks: CSV would leave it out",
            "write JSON instead: --format json",
        )

    def end(self) -> None:
        """Nothing follows."""
