"""Labelled text in Parquet files, read batch by batch."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile, Watch, nobody_watches
from rnnbuild.data.readers.header import Header
from rnnbuild.data.readers.row_maker import Record, RowMaker
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import DataError, MissingExtraError
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
    arrow, parquet = _pyarrow()
    # A faulty row is reported by its number; there is no line of text to show.
    maker = RowMaker(TextFile.of(str(path), ""), data, task, labelled)
    try:
        with path.open("rb") as stream, parquet.ParquetFile(stream) as file:
            watch(stream)
            header = Header(str(path), tuple(file.schema_arrow.names))
            header.positions((name, key, data.place(key)) for name, key in maker.wanted)
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
    return [{name: _plain(value) for name, value in row.items()} for row in batch.to_pylist()]


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


def _pyarrow() -> tuple[Any, Any]:
    reason = why_not_importable("pyarrow", "pyarrow.parquet")
    if reason is not None:
        raise MissingExtraError(
            f"Parquet files need pyarrow, which cannot be imported ({reason})",
            hint='install it: pip install "rnnbuild[parquet]"',
        )
    import pyarrow
    from pyarrow import parquet

    return pyarrow, parquet
