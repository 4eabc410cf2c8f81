"""CSV and TSV as RFC 4180 has them: quotes, quotes doubled inside quotes, line ends in quotes."""

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import read_text
from rnnbuild.data.readers.faults import line_place, refuse
from rnnbuild.data.rows import Rows
from rnnbuild.errors import DataError, Problem, nearest

TEXT, LABEL = "text", "label"
SOURCE, TARGET = "source", "target"
"""The columns that are read where the config names none."""

USUAL_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(frozen=True)
class Table:
    """A file's rows as strings. `lines` tells in which line of the file each row begins."""

    source: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    blank_lines: int = 0

    @property
    def notes(self) -> list[str]:
        if not self.blank_lines:
            return []
        return [f"{self.source}: {self.blank_lines:,} blank lines were passed over"]

    def position(self, name: str, key: str) -> int:
        """Where column `name` stands, which the config's `data.<key>` asks for."""
        if name in self.columns:
            return self.columns.index(name)
        found = ", ".join(f"`{column}`" for column in self.columns)
        raise DataError(
            f"{self.source} has no column `{name}`; it has {found}", hint=self._hint(name, key)
        )

    def _hint(self, name: str, key: str) -> str:
        close = nearest(name, self.columns)
        if close:
            return f"did you mean `data.{key}: {close}`?"
        if len(self.columns) == 1:
            for delimiter, spoken in USUAL_DELIMITERS.items():
                if delimiter in self.columns[0]:
                    shown = "\\t" if delimiter == "\t" else delimiter
                    return (
                        f'its fields seem to be set apart by {spoken}: `data.delimiter: "{shown}"`'
                    )
        return f"name the column that holds the {key} with `data.{key}`"


def read_csv(path: Path, data: DataConfig, task: Task, delimiter: str = ",") -> Rows:
    """The text and label columns of a CSV file.

    For `tag` both hold as many words, set apart by white space: the words and their tags.
    White space around a label is no part of it. Raises DataError, with file and line.
    """
    delimiter = data.delimiter or delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise DataError(f"`data.delimiter` is one character other than a quote, not {delimiter!r}")
    source, content = str(path), read_text(path)
    table = parse_table(source, content, delimiter)
    if task == "translate":
        return _pairs(table, data)
    text = table.position(data.text or TEXT, "text")
    label = table.position(data.label or LABEL, "label")
    rows = Rows(
        texts=[row[text] for row in table.rows],
        places=[(source, line) for line in table.lines],
    )
    if task == "tag":
        rows.words = [tuple(row[text].split()) for row in table.rows]
        rows.targets = [tuple(row[label].split()) for row in table.rows]
        faults = _unequal(rows, table.lines)
        refuse(source, content, faults, "each word has one tag; both are set apart by spaces")
    else:
        labels = [row[label].strip() for row in table.rows]
        rows.targets = [(name,) for name in labels]
        without = [line for name, line in zip(labels, table.lines, strict=True) if not name]
        faults = [(line, "this row has no label") for line in without]
        refuse(source, content, faults, "write its label, or leave the row out")
    rows.notes += table.notes
    return rows


def _pairs(table: Table, data: DataConfig) -> Rows:
    source = table.position(data.source or SOURCE, "source")
    target = table.position(data.target or TARGET, "target")
    return Rows(
        texts=[row[source] for row in table.rows],
        targets=[(row[target],) for row in table.rows],
        places=[(table.source, line) for line in table.lines],
        notes=table.notes,
    )


def _unequal(rows: Rows, lines: list[int]) -> list[tuple[int, str]]:
    columns = zip(rows.words, rows.targets, lines, strict=True)
    return [
        (line, f"{len(words)} words and {len(tags)} tags")
        for words, tags, line in columns
        if len(words) != len(tags)
    ]


def parse_table(source: str, text: str, delimiter: str) -> Table:
    """A table with a header. Blank lines are passed over and counted; line ends may be mixed.

    Raises DataError, with file and line, for an unclosed quote, text after a closing quote, rows
    with more or fewer fields than the header, and a column named twice.
    """
    records = _records(source, text, delimiter)
    columns: tuple[str, ...] = ()
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[tuple[int, str]] = []
    blank_lines = 0
    for line, row in records:
        if not row:
            blank_lines += 1
        elif not columns:
            columns = _header(source, text, line, row)
        elif len(row) == len(columns):
            rows.append(row)
            lines.append(line)
        else:
            fields = "field" if len(row) == 1 else "fields"
            faults.append((line, f"{len(row)} {fields}, where the header has {len(columns)}"))
    hint = "a field that holds the delimiter, a quote or a line end stands in quotes"
    refuse(source, text, faults, hint)
    if not columns:
        raise DataError(f"{source} is empty", hint="its first line names the columns: text,label")
    return Table(source, columns, rows, lines, blank_lines)


def _records(source: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins in; an empty record is a blank line."""
    with _fields_of_any_length():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        line = 1
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                unclosed = "unexpected end" in str(error)
                raise DataError(
                    Problem(
                        "the quote opened in this row is never closed"
                        if unclosed
                        else "text follows a closing quote",
                        line_place(source, text, line),
                        'a quote that is part of the text is written twice: ""',
                    )
                ) from error
            yield line, row
            line = reader.line_num + 1


def _header(source: str, text: str, line: int, names: list[str]) -> tuple[str, ...]:
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        place = line_place(source, text, line)
        raise DataError(Problem(f"the header names column `{twice}` twice", place))
    return tuple(names)


@contextmanager
def _fields_of_any_length() -> Iterator[None]:
    """The csv module refuses fields over 128 KiB, which a long text may well be."""
    limit = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
