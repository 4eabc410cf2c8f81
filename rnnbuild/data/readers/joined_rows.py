"""Rows of a table that a stray quote has joined to one: named, since nothing else tells of it."""

from collections.abc import Sequence

from rnnbuild.data.rows.note import Note
from rnnbuild.formatting import plural

WAITING = 1000
"""Records that wait for labels that come later in the file."""


class JoinedRows:
    """Counts records of several lines, two or more of which are rows by themselves.

    Such a line has as many fields as a row, and where rows have one label each, a label that other
    rows have too; where they do not, tabs alone are a sign: running text has commas.
    """

    def __init__(self, quote: str):
        self.quote = quote
        self.records = self.lines = self.first = 0
        self._delimiter = ""
        self._label: int | None = None
        self._labels: set[str] = set()
        self._waiting: list[tuple[int, list[str]]] = []
        """Records that are looked at once all labels are known."""

    def begin(self, delimiter: str, label: int | None) -> None:
        """The table's delimiter, and the position of its label, if a row has one."""
        self._delimiter, self._label = delimiter, label

    def add(self, joined: Sequence[tuple[int, list[str]]], columns: Sequence[list[str]]) -> None:
        """The next rows' columns, the second the labels, and records that look like several."""
        if self._label is not None:
            self._labels.update(columns[1])
        for line, parts in joined:
            if len(self._waiting) < WAITING:
                self._waiting.append((line, parts))
            else:
                self._count(line, parts)

    def _count(self, line: int, parts: list[str]) -> None:
        count = sum(map(self._is_row, parts))
        if count > 1:
            self.first = min(self.first or line, line)
            self.records += 1
            self.lines += count

    def _is_row(self, line: str) -> bool:
        if self._label is None:
            return self._delimiter == "\t"
        label = line.split(self._delimiter)[self._label].strip(self.quote)
        return bool(label.strip()) and label in self._labels

    def notes(self, source: str) -> list[Note]:
        """The note on joined rows, if there are any, once all rows are read."""
        while self._waiting:
            self._count(*self._waiting.pop())
        if not self.records:
            return []
        return [
            Note(
                f"{source}: {plural(self.records, 'quoted field')} joined {self.lines:,} lines "
                f"that look like rows of their own, the first in line {self.first:,}",
                "If quotes are part of the text, set `data.quote: none`; if not, close the quote.",
            )
        ]
