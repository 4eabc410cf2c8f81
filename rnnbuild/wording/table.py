"""A table's content: rows of raw values, and columns that turn them into text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rnnbuild.formatting import shape_text, value_text

Row = Mapping[str, Any]
Wrap = Literal["never", "words", "items"]
"""Between what a text may be broken: sentences between words, lists after a comma."""
Tone = Literal["name", "drawing", "good", "warning", "bad"]
"""What a value means; the output gives it a colour."""


@dataclass(frozen=True)
class Column:
    """A column: one raw value of each row as text, or several values as one text."""

    source: str | tuple[str, ...]
    """The key of its value in a row, or the keys of the values that `text` combines."""
    header: str | tuple[str, ...]
    """One line, or several."""
    text: Callable[..., str] = value_text
    """Turns its values into the text that a person reads."""
    align: Literal["left", "right", "center"] = "left"
    tone: Tone | None = None
    tones: Mapping[str, Tone] = field(default_factory=dict)
    """Tones of particular values, by their text."""
    wrap: Wrap = "never"
    """Where its values may be broken in a narrow terminal. Numbers and names stay whole."""
    spare: bool = False
    """Whether it only repeats in another form what other columns say, as a bar does, so that it is
    left out where it does not fit."""

    @property
    def header_lines(self) -> tuple[str, ...]:
        return (self.header,) if isinstance(self.header, str) else self.header

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
    keys: int = 1
    """Number of first columns that name a row; they are repeated where the others do not fit."""
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
    def csv_rows(self) -> list[list[Any]]:
        """The header and the raw values of a CSV file; a shape such as (50, 10) is `50×10`."""
        fields = self.csv_fields
        return [fields, *([csv_value(row.get(key)) for key in fields] for row in self.rows)]

    @property
    def json_document(self) -> Any:
        return self.document if self.document is not None else [dict(row) for row in self.rows]


def csv_value(value: Any) -> Any:
    """A raw value in a CSV file."""
    return shape_text(value) if isinstance(value, tuple) else value
