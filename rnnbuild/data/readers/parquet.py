"""Labelled text in Parquet files, read batch by batch."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.header import Header
from rnnbuild.data.readers.row_maker import Record, RowMaker
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import DataError, MissingExtraError, Place, Problem
from rnnbuild.tasks.facts import Task


def read_parquet(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """The text and labels of a Parquet file, by the names of its columns.

    Words and tags may be lists of strings, and so may several labels; in notes and errors a line is
    the number of a row. Raises DataError for a file that is damaged and for cells that cannot be
    used, MissingExtraError if pyarrow cannot be imported.
    """
    arrow, parquet = import_pyarrow()
    # A faulty row is reported by its number; there is no line of text to show.
    maker = RowMaker(TextFile.of(str(path), ""), data, task, labelled)
    try:
        with path.open("rb") as stream, parquet.ParquetFile(stream) as file:
            watch(stream)
            header = Header(str(path), tuple(file.schema_arrow.names))
            places = [data.place(key) for _, key in maker.wanted]
            positions = header.positions(
                (name, key, place) for (name, key), place in zip(maker.wanted, places, strict=True)
            )
            for position, place in zip(positions, places, strict=True):
                _refuse_column(str(path), file.schema_arrow.field(position), place)
            names = [name for name, _ in maker.wanted]
            first = 1
            for batch in file.iter_batches(CHUNK, columns=names if labelled else None):
                lines = list(range(first, first + len(batch)))
                columns = [batch.column(name).to_pylist() for name in names]
                if labelled:
                    yield from maker.chunks(lines, columns)
                else:
                    yield from maker.given(lines, columns[0], _plain_rows(batch))
                first += len(batch)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise DataError(
            f"{path} cannot be read as Parquet: {reason[0]}",
            hint="the file is damaged or cut short",
        ) from error
    yield from maker.end()


def _plain_rows(batch: Any) -> list[Record]:
    """Each row's columns as values of JSON: dates, decimals and bytes become text, NaN is null."""
    columns = [[_plain(value) for value in _values(column)] for column in batch.columns]
    names = batch.schema.names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: Any) -> list[Any]:
    try:
        values: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):  # a time before year 1, after 9999, or of nanoseconds
        values = column.cast("string").to_pylist()
    return values


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _refuse_column(source: str, column: Any, place: Place | None) -> None:
    """Raises DataError for a column whose cells are no text, label or list of these."""
    if not _is_of_json(column.type):
        change = '.str.decode("utf-8")' if "binary" in str(column.type) else ".astype(str)"
        raise DataError(
            Problem(
                f"the column `{column.name}` of {source} is of type {column.type}, not text",
                place,
                f'write it as text, as with pandas: `frame["{column.name}"]{change}`',
            )
        )


def _is_of_json(kind: Any) -> bool:
    """Whether values of a type are what a row of JSON may have: text, numbers, lists of these.

    Dates and times are not: Python has none of so many digits, nor of years beyond 9999.
    """
    from pyarrow import types

    if types.is_dictionary(kind) or hasattr(kind, "value_field"):
        return _is_of_json(kind.value_type)
    plain = (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    numbers = (types.is_boolean, types.is_integer, types.is_floating)
    return any(test(kind) for test in (*plain, *numbers))


def import_pyarrow() -> tuple[Any, Any]:
    """pyarrow and its Parquet module. Raises MissingExtraError where they cannot be imported."""
    reason = why_not_importable("pyarrow", "pyarrow.parquet")
    if reason is not None:
        raise MissingExtraError(
            f"Parquet files need pyarrow, which cannot be imported ({reason})",
            hint='install it: pip install "rnnbuild[parquet]"',
        )
    import pyarrow
    from pyarrow import parquet

    return pyarrow, parquet
