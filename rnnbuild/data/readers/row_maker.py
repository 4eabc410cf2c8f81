"""Columns of cells into rows: the one way, whatever format the cells are from.

Rows to train on or to be scored need their labels. Rows to be answered need none: their texts are
read in the same way, and all of their columns are kept beside them. A cell is text in CSV and any
value of JSON elsewhere. What cannot be used is a fault of its line.
"""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.faults import Faults
from rnnbuild.data.readers.lists import list_in, text_of_words, words_in
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

Cells = list[Any]
Record = dict[str, Any]
SEVERAL = 10
"""Cells that say something about their column."""
TAGS = "each label has as many words as its text"
Wanted = tuple[tuple[str, str], ...]

NO, YES = frozenset({"0", "false", "0.0"}), frozenset({"1", "true", "1.0"})
NOT_TEXT = "write the text in quotes"
HINTS = {
    "label": "write the row's label, or remove the row; for several labels use `data.labels`",
    "columns": "each column of `data.labels` contains 1 if the row has the label, else 0",
    "list": "labels are separated by `data.label_separator`, or are a JSON list",
    "pair": "a source and its target are both texts, which may be empty",
    "tags": "each word has one tag; both are separated by spaces, or are lists",
    "given": NOT_TEXT,
    "given words": "words are separated by spaces, or are a list of texts",
    "given numbers": "a sequence is a list of steps, each a list of numbers: [[0.3, 1], [0.5, 0]]",
}


class RowMaker:
    """Makes rows from a file's columns, which `wanted` names: the text first, then the targets.

    One label a row (`data.label`); several, as columns of 0 and 1 or as one column of lists
    (`data.labels`); a tag for each word, where the task is `tag`; another text (`data.target`),
    where it is `translate`. Rows that are not `labelled` have a text alone.
    """

    def __init__(self, file: TextFile, data: DataConfig, task: Task, labelled: bool = True):
        self.source = file.source
        self.separator = data.label_separator
        self.wanted = wanted_columns(data, task)[: None if labelled else 1]
        self.names = tuple(name for name, _ in self.wanted[1:])
        target = TASKS[task].target
        self.takes_words = target == "tags"
        if not labelled:
            self.kind = {"tags": "given words", "numbers": "given numbers"}.get(target, "given")
        elif target == "tags":
            self.kind = "tags"
        elif target == "text":
            self.kind = "pair"
        elif data.labels is None:
            self.kind = "label"
        else:
            self.kind = "list" if isinstance(data.labels, str) else "columns"
        self.faults = Faults(file, HINTS[self.kind], data.skip_bad_rows if labelled else None)
        self.rows = 0
        """Rows that were made, without those that are skipped."""
        self._other_kind: str | None = None
        self._separated = self._otherwise = 0
        """Cells of lists that contain the separator, or another one."""
        self._tagged = self._of_one_word = 0
        """Rows with tags, and those that have one word."""

    def chunks(self, lines: list[int], columns: Sequence[Cells]) -> Iterator[Rows]:
        """The rows that begin in `lines`, some at a time.

        `columns` are in the order of `wanted`; each has a cell for each row.
        """
        texts, *labels = columns
        if self.kind == "label" and self._other_kind is None:
            self._other_kind = other_kind(texts, labels[0])
        for first in range(0, len(lines), CHUNK):
            part = slice(first, first + CHUNK)
            yield self._rows(lines[part], texts[part], [column[part] for column in labels])

    def _rows(self, lines: list[int], texts: Cells, labels: Sequence[Cells]) -> Rows:
        rows = self._unlabelled(lines, texts)
        if self.kind == "tags":
            tags = zip(lines, labels[0], rows.words, strict=True)
            rows.targets = [self._tags(line, cell, words) for line, cell, words in tags]
            self._tagged += len(lines)
            self._of_one_word += sum(len(words) == 1 for words in rows.words)
        else:
            rows.targets = self._targets(lines, labels)
        if self.faults.bad:
            sound = [number for number, line in enumerate(lines) if line not in self.faults.bad]
            rows = rows.take(sound)
        self.rows += len(rows)
        return rows

    def _unlabelled(self, lines: list[int], texts: Cells) -> Rows:
        rows = Rows(lines=lines, source=self.source)
        if self.takes_words:
            rows.words = [self._words(line, cell) for line, cell in zip(lines, texts, strict=True)]
            rows.texts = [text_of_words(words) for words in rows.words]
        elif self.kind == "given numbers":
            lists = (json.dumps(cell) if isinstance(cell, list) else cell for cell in texts)
            rows.texts = self._texts(lines, list(lists))
        else:
            rows.texts = self._texts(lines, texts)
        return rows

    def given(self, lines: list[int], texts: Cells, columns: list[Record]) -> Iterator[Rows]:
        """The rows that begin in `lines`, to be answered; `columns` are each row's own.

        Raises DataError at once where one cannot be used: those before it may be answered by then.
        """
        rows = self._unlabelled(lines, texts)
        rows.columns = columns
        self.faults.refuse()
        yield rows

    def end(self, notes: Sequence[Note] = ()) -> Iterator[Rows]:
        """A last chunk, with notes on the file. Raises DataError, with file and lines."""
        skipped = self.faults.settle(self.rows)
        yield Rows(source=self.source, notes=[*notes, *skipped, *self._doubts()])

    def _doubts(self) -> Iterator[Note]:
        """Notes on labels that were probably meant in another way."""
        if self._other_kind:
            yield Note(
                f"{self.source}: {self._other_kind}, and is read as one label",
                "Set `task: tag` for a tag for each word, or name the column in `data.labels` for "
                "several labels a row.",
            )
        if self._tagged > SEVERAL and self._of_one_word == self._tagged:
            yield Note(
                f"{self.source}: each row has one word, and is read as a sentence",
                "A row is a sentence, or a file in CoNLL: a word and its tag a line, and a blank "
                "line between sentences.",
            )
        if self._otherwise > SEVERAL and not self._separated:
            yield Note(
                f"{self.source}: no cell of labels contains the separator `{self.separator}`, and "
                f"{self._otherwise:,} contain a comma or semicolon",
                'Set `data.label_separator`, for example to `","`, if that is what separates them.',
            )

    def _targets(self, lines: list[int], labels: Sequence[Cells]) -> list[tuple[str, ...]]:
        if self.kind == "columns":
            return [
                tuple(
                    name
                    for name, cell in zip(self.names, cells, strict=True)
                    if self._is_yes(line, name, cell)
                )
                for line, *cells in zip(lines, *labels, strict=True)
            ]
        if self.kind == "pair":
            return [(text,) for text in self._texts(lines, labels[0], self.names[0])]
        if self.kind == "label":
            return self._labels(lines, labels[0])
        return [self._list(line, cell) for line, cell in zip(lines, labels[0], strict=True)]

    def _texts(self, lines: list[int], cells: Cells, name: str | None = None) -> list[str]:
        column = name or self.wanted[0][0]
        return [
            cell if isinstance(cell, str) else self._no_text(line, column, cell)
            for line, cell in zip(lines, cells, strict=True)
        ]

    def _no_text(self, line: int, column: str, cell: Any) -> str:
        hint = "write the text, which may be empty, or remove the row" if cell is None else NOT_TEXT
        self.faults.add(line, f"the text is {description_of(cell)}", hint, cell=column)
        return ""

    def _labels(self, lines: list[int], cells: Cells) -> list[tuple[str, ...]]:
        # Distinct labels are few and mostly plain: each is checked once.
        plain = {cell for cell in cells if type(cell) is str and cell.isascii()}
        names = {cell: (name,) for cell in plain if (name := cell.strip())}
        return [
            (type(cell) is str and names.get(cell)) or self._label(line, cell)
            for line, cell in zip(lines, cells, strict=True)
        ]

    def _label(self, line: int, cell: Any) -> tuple[str]:
        label = _name_of(cell)
        if not label:
            missing = cell is None or isinstance(cell, str | float)
            message = "this row has no label" if missing else f"the label is {description_of(cell)}"
            self._target_fault(line, message)
        return (label or "",)

    def _target_fault(self, line: int, message: str) -> None:
        """Count a fault of the one column of targets."""
        self.faults.add(line, message, cell=self.names[0])

    def _list(self, line: int, cell: Any) -> tuple[str, ...]:
        if isinstance(cell, str):
            listed = list_in(cell)
            if cell.lstrip().startswith("[") and "]" not in cell:
                self._target_fault(line, "the list of labels is never closed: `[` without `]`")
            self._separated += listed is not None or self.separator in cell
            self._otherwise += "," in cell or ";" in cell
            cell = cell.split(self.separator) if listed is None else listed
        if not isinstance(cell, list):
            self._target_fault(line, f"the labels are {description_of(cell)}")
            return ()
        names = [_name_of(value) for value in cell]
        if None in names:
            self._target_fault(line, "one of the labels is neither text nor a number")
        return tuple(dict.fromkeys(name for name in names if name))

    def _is_yes(self, line: int, name: str, cell: Any) -> bool:
        answer = str(cell).strip().lower()
        if answer not in YES and answer not in NO:
            message = f"column `{name}`: expected 0 or 1, got {_short(repr(cell))}"
            self.faults.add(line, message, cell=name)
        return answer in YES

    def _words(self, line: int, cell: Any) -> tuple[str, ...]:
        if isinstance(cell, str):
            return tuple(words_in(cell))
        if isinstance(cell, list) and all(isinstance(word, str) for word in cell):
            return tuple(cell)
        self.faults.add(line, f"the words are {description_of(cell)}", cell=self.wanted[0][0])
        return ()

    def _tags(self, line: int, cell: Any, words: tuple[str, ...]) -> tuple[str, ...]:
        names = self._tag_names(cell, len(words)) if isinstance(cell, str) else cell
        if not isinstance(names, list):
            self._target_fault(line, f"the tags are {description_of(cell)}")
            return ()
        tags = tuple(_name_of(name) or "" for name in names)
        if not all(tags):
            self._target_fault(line, "one of the tags is empty or is no text")
        elif len(tags) != len(words):
            self.faults.add(line, f"{len(words)} words and {len(tags)} tags")
        return tags

    def _tag_names(self, cell: str, words: int) -> list[Any]:
        """Tags of a text: a list, or separated by blanks, as a tag may be a bracket itself."""
        names, separated = list_in(cell), cell.split()
        if names is None or (len(names) != words and len(separated) == words):
            return separated
        return names


def other_kind(texts: Cells, labels: Cells) -> str | None:
    """What the labels of some rows look like if they are not one label a row; empty if they are.

    None for too few rows to tell.
    """
    rows = [
        (text.split(), label.split())
        for text, label in zip(texts, labels, strict=True)
        if isinstance(text, str) and isinstance(label, str)
    ]
    if len(rows) < SEVERAL:
        return None
    if all(list_in(label) is not None for label in labels if isinstance(label, str)):
        return "each label is a list"
    alike = all(len(text) == len(label) for text, label in rows)
    if alike and sum(len(label) for _, label in rows) > 2 * len(rows):
        return TAGS
    return ""


def wanted_columns(data: DataConfig, task: Task) -> Wanted:
    """Each column that is read, with the key of `data` that names it; the text first."""
    given, wanted = TASKS[task].columns
    if TASKS[task].target == "text":
        return ((data.source or given, "source"), (data.target or wanted, "target"))
    text = (data.text or given, "text")
    if data.labels is None:
        return (text, (data.label or wanted, "label"))
    names = (data.labels,) if isinstance(data.labels, str) else data.labels
    return (text, *((name, "labels") for name in names))


def _name_of(cell: Any) -> str | None:
    """A label's name: text without white space around it; a number or a boolean as text.

    A whole number has one name whatever its type: a Parquet column of them is one of floats where
    a row lacks it. NaN is no label, and so is empty.
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return "" if math.isnan(cell) else str(int(cell) if cell.is_integer() else cell)
    return str(cell) if isinstance(cell, int) else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def description_of(cell: Any) -> str:
    """A description of a cell that is not text."""
    match cell:
        case None:
            return "missing"
        case bool():
            return f"{str(cell).lower()}, not text"
        case int() | float():
            return f"the number {_short(str(cell))}, not text"
        case str():
            return f"{_short(repr(cell))}, not a list"
        case list():
            return "a list, not text"
        case dict():
            return "an object, not text"
    return f"a {type(cell).__name__}, not text"
