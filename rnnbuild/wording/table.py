"""A table's content: rows of raw values, and what each column shows of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rnnbuild.formatting import value_text

Row = Mapping[str, Any]
Tone = Literal["name", "drawing", "good", "warning", "bad"]
"""What a value means, for whoever gives it a colour."""


@dataclass(frozen=True)
class Column:
    """Something that every row has: one raw value as text, or several values as one text."""

    source: str | tuple[str, ...]
    """The key of its value in a row, or the keys of the values that `text` takes together."""
    header: str
    text: Callable[..., str] = value_text
    """Its values as a person reads them."""
    align: Literal["left", "right", "center"] = "left"
    tone: Tone | None = None
    tones: Mapping[str, Tone] = field(default_factory=dict)
    """Tones of some values, by their text."""
    one_line: bool = False
    """Its values are never broken over lines."""
    priority: Literal["essential", "spare", "wide"] = "essential"
    """A spare one is left out where another column's values would break otherwise, a wide one
    wherever there is little room."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    def cell(self, row: Row) -> str:
        return self.text(*(row.get(key) for key in self.keys))


@dataclass(frozen=True)
class Table:
    """Rows of raw values, and how each column shows them to a person."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    title: str = ""
    totals: Row | None = None
    """A last row, set apart."""
    notes: Sequence[str] = ()
    """Sentences below the table."""
    fields: Sequence[str] | None = None
    """The raw values in a file of rows, such as CSV; else those that the columns are made of."""
    document: Any = None
    """The raw values as one document, such as JSON; else the rows."""

    @property
    def csv_fields(self) -> list[str]:
        if self.fields is not None:
            return list(self.fields)
        return list(dict.fromkeys(key for column in self.columns for key in column.keys))

    @property
    def json_document(self) -> Any:
        return self.document if self.document is not None else [dict(row) for row in self.rows]
