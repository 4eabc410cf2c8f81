"""Rows as a file or a bundled dataset gives them, before anything is made of their text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rnnbuild.config.facts import Task
from rnnbuild.data.tokeniser import Level
from rnnbuild.errors import Place


@dataclass
class Rows:
    """Column by column; `words` is filled where the text comes as words already."""

    texts: list[str] = field(default_factory=list)
    targets: list[tuple[str, ...]] = field(default_factory=list)
    words: list[tuple[str, ...]] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    """File and line of each row; empty for a bundled dataset."""
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    def extend(self, other: "Rows") -> None:
        self.texts += other.texts
        self.targets += other.targets
        self.words += other.words
        self.places += other.places
        self.notes += other.notes

    def take(self, rows: Sequence[int]) -> "Rows":
        """The rows of these numbers, in this order, without the notes."""

        def chosen(column: list[Any]) -> list[Any]:
            return [column[row] for row in rows] if column else []

        return Rows(
            chosen(self.texts), chosen(self.targets), chosen(self.words), chosen(self.places)
        )

    def place(self, row: int) -> Place | None:
        if not self.places:
            return None
        source, line = self.places[row]
        return Place(source, line, 1)


@dataclass
class RowSplits:
    """The rows of every split; None for a split that is still to be held out from `train`."""

    task: Task
    level: Level
    train: Rows
    validation: Rows | None
    test: Rows | None
    pretokenised: bool = False

    @property
    def present(self) -> Iterable[Rows]:
        return (rows for rows in (self.train, self.validation, self.test) if rows is not None)
