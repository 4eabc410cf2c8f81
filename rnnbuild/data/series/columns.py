"""A series that a Python program gives: columns of values by their names, as a table of cells."""

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.series.tables import SeriesTable
from rnnbuild.errors import DataError

SOURCE = "the series"
"""What errors call the table."""


def table_of_columns(columns: Mapping[str, Any], date_format: str | None) -> SeriesTable:
    """The columns of a mapping, or of a data frame, as they would be read from a file.

    Dates that are no text are written in the `date_format` of the files. Raises DataError for
    columns that are none, or of several lengths.
    """
    cells = {str(name): cells_of(str(name), columns[name], date_format) for name in columns}
    lengths = {name: len(column) for name, column in cells.items()}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"`{name}` {length:,}" for name, length in lengths.items())
        raise DataError(f"the columns of {SOURCE} differ in their length: {sizes}")
    if not any(lengths.values()):
        raise DataError(f"{SOURCE} has no values", 'give columns by name: {"price": [1.5, 1.7]}')
    return SeriesTable(
        source=SOURCE,
        columns=tuple(cells),
        delimiter=",",
        cells=list(cells.values()),
        lines=range(1, max(lengths.values()) + 1),
        file=TextFile.of(SOURCE, ""),
    )


def cells_of(name: str, column: Any, date_format: str | None) -> list[str]:
    """The values of a column as cells. Raises DataError for what is no list of values."""
    if isinstance(column, str) or not isinstance(column, Iterable):
        raise DataError(
            f"`{name}` of {SOURCE} is {column!r:.40}, not a list of values",
            'give columns by name: {"price": [1.5, 1.7]}',
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
