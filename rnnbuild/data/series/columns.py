"""A series that a Python program gives: columns of values by their names, as a table of cells."""

import json
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.series.tables import SeriesTable
from rnnbuild.errors import DataError

FEW = 3
"""Columns that a hint names."""
SOURCE = "the series"
"""What errors call the table."""
MOST_SHOWN = 10
"""Columns whose lengths are shown, where they differ."""


def table_of_columns(
    columns: Mapping[str, Any], names: Sequence[str], date_format: str | None
) -> SeriesTable:
    """The columns of a mapping, or of a data frame, as they would be read from a file.

    `names` are those that are expected, for errors. Dates that are no text are written in the
    `date_format` of the files. Raises DataError for columns that are none, or of several lengths.
    """
    hint = hint_on_columns(names)
    cells = {str(name): cells_of(str(name), columns[name], hint, date_format) for name in columns}
    lengths = {name: len(column) for name, column in cells.items()}
    if len(set(lengths.values())) > 1:
        shown = list(lengths.items())[:MOST_SHOWN]
        sizes = ", ".join(f"`{name}` {length:,}" for name, length in shown)
        sizes += ", ..." * (len(lengths) > len(shown))
        raise DataError(f"the columns of {SOURCE} differ in their length: {sizes}")
    if not any(lengths.values()):
        raise DataError(f"{SOURCE} has no values", hint)
    return SeriesTable(
        source=SOURCE,
        columns=tuple(cells),
        delimiter=",",
        cells=list(cells.values()),
        lines=range(1, max(lengths.values()) + 1),
        file=TextFile.of(SOURCE, ""),
    )


def hint_on_columns(names: Sequence[str]) -> str:
    """How columns are given, by the first of their names."""
    columns = ", ".join(
        f"{json.dumps(name, ensure_ascii=False)}: [1.5, 1.7]" for name in names[:FEW]
    )
    return f"give columns by name: {{{columns}{', ...' if len(names) > FEW else ''}}}"


def cells_of(name: str, column: Any, hint: str, date_format: str | None) -> list[str]:
    """The values of a column as cells. Raises DataError for what is no list of values."""
    if isinstance(column, str) or not isinstance(column, Iterable):
        raise DataError(
            f"`{name}` of {SOURCE} is {column!r:.40}, not a list of values",
            hint,
        )
    return [cell_of(value, date_format) for value in column]


def cell_of(value: Any, date_format: str | None) -> str:
    """A value as the text that a file would have; nothing for one that is missing."""
    if value is None or value != value:
        return ""
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value))
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if date_format is not None and hasattr(value, "strftime"):
        return str(value.strftime(date_format))
    return str(value)
