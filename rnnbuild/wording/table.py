"""A table's content: rows of raw values, and columns that turn them into text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rnnbuild.formatting import value_text

Row = Mapping[str, Any]
Tone = Literal["name", "drawing", "good", "warning", "bad"]
"""What a value means; the output gives it a colour."""


@dataclass(frozen=True)
class Column:
    """A column: one raw value of each row as text, or several values as one text."""

    source: str | tuple[str, ...]
    """The key of its value in a row, or the keys of the values that `text` combines."""
    header: str
    text: Callable[..., str] = value_text
    """Turns its values into the text that a person reads."""
    align: Literal["left", "right", "center"] = "left"
    tone: Tone | None = None
    tones: Mapping[str, Tone] = field(default_factory=dict)
    """Tones of particular values, by their text."""
    one_line: bool = False
    """Whether its values are never wrapped."""
    priority: Literal["essential", "spare", "wide"] = "essential"
    """A `spare` column is omitted if values would have to be wrapped otherwise, a `wide` one in any
    narrow terminal."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    def cell(self, row: Row) -> str:
        return self.text(*(row.get(key) for key in self.keys))


@dataclass(frozen=True)
class Table:
    """Rows of raw values, and the columns that show them."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    title: str = ""
    totals: Row | None = None
    """A last row, separated from the others."""
    notes: Sequence[str] = ()
    """Sentences below the table."""
    fields: Sequence[str] | None = None
    """Keys of the raw values in CSV; by default those that the columns use."""
    document: Any = None
    """The raw values as one JSON document; by default the rows."""

    @property
    def csv_fields(self) -> list[str]:
        if self.fields is not None:
            return list(self.fields)
        return list(dict.fromkeys(key for column in self.columns for key in column.keys))

    @property
    def json_document(self) -> Any:
        return self.document if self.document is not None else [dict(row) for row in self.rows]
