"""Rows as a file or a bundled dataset gives them, before their text is processed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.rows.note import Note
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.tasks.facts import Task

CHUNK = 4096
"""The most rows that a reader yields at once."""


@dataclass
class Rows:
    """Some rows, column by column; a reader yields a file in chunks of at most CHUNK.

    `targets` are each row's labels; `words` is filled if the text is given as words.
    """

    texts: list[str] = field(default_factory=list)
    targets: list[tuple[str, ...]] = field(default_factory=list)
    words: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of `source` in which each row begins; empty for a bundled dataset."""
    source: str = ""
    """The file that the rows are from."""
    sources: list[str] = field(default_factory=list)
    """The file that each row is from, where rows of several files are put together."""
    notes: list[Note] = field(default_factory=list)
    """Oddities of the file and how they were treated; they come with its last rows."""
    columns: list[dict[str, Any]] = field(default_factory=list)
    """All columns of each row by name, as the file has them; only of rows to be answered."""

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Sequence[int]) -> "Rows":
        """The rows with these numbers, in this order, without the notes."""

        def selection(column: list[Any]) -> list[Any]:
            return [column[row] for row in rows] if column else []

        return Rows(
            selection(self.texts),
            selection(self.targets),
            selection(self.words),
            selection(self.lines),
            self.source,
            selection(self.sources),
        )

    def place(self, row: int) -> str:
        """`file:line` where a row begins; empty without a file."""
        source = self.sources[row] if self.sources else self.source
        return f"{source}:{self.lines[row]}" if source and self.lines else ""


@dataclass
class RowSplits:
    """The rows of every split; None for a split that will be held out from `train`."""

    task: Task
    level: Level
    train: Rows
    validation: Rows | None
    test: Rows | None
    pretokenised: bool = False

    @property
    def present(self) -> Iterable[Rows]:
        """The rows of the splits that are not None."""
        return (rows for rows in by_split(self).values() if rows is not None)


@dataclass(frozen=True)
class TextSource:
    """Labelled text, read chunk by chunk; a split without a part is held out from `train`."""

    task: Task
    level: Level
    pretokenised: bool
    parts: Mapping[SplitName, Iterable[Rows]]
    instead_of_test: Iterable[Rows] | None = None
    """Rows that replace the test split after it is held out, and change nothing else."""
    instead_named: str = ""
    """What these are called, a file."""


def rows_of(chunks: Iterable[Rows]) -> Rows:
    """All rows in one."""
    rows = Rows()
    for chunk in chunks:
        rows.texts += chunk.texts
        rows.targets += chunk.targets
        rows.words += chunk.words
        rows.lines += chunk.lines
        rows.sources += [chunk.source] * len(chunk)
        rows.notes += chunk.notes
    return rows


def splits_of(source: TextSource) -> RowSplits:
    """The rows of a source, read into memory."""
    parts = {name: rows_of(chunks) for name, chunks in source.parts.items()}
    return RowSplits(
        source.task,
        source.level,
        parts["train"],
        parts.get("validation"),
        parts.get("test"),
        source.pretokenised,
    )


def source_of(splits: RowSplits) -> TextSource:
    """Rows in memory, as a source."""
    parts = {name: [rows] for name, rows in by_split(splits).items() if rows is not None}
    return TextSource(splits.task, splits.level, splits.pretokenised, parts)
