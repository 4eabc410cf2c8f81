"""Labelled text in Parquet files, read batch by batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers.header import Header
from rnnbuild.data.readers.labelled import LabelledRows
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import DataError, MissingExtraError
from rnnbuild.tasks.facts import Task


def read_parquet(path: Path, data: DataConfig, task: Task) -> Iterator[Rows]:
    """The text and labels of a Parquet file, by the names of its columns.

    Words and tags may be lists of strings, and so may several labels; in notes and errors a line is
    the number of a row. Raises DataError for a file that is damaged and for cells that cannot be
    used, MissingExtraError if pyarrow cannot be imported.
    """
    arrow, parquet = _pyarrow()
    # A faulty row is reported by its number; there is no line of text to show.
    labelled = LabelledRows(TextFile.of(str(path), ""), data, task)
    try:
        with parquet.ParquetFile(path) as file:
            header = Header(str(path), tuple(file.schema_arrow.names))
            header.positions((name, key, data.place(key)) for name, key in labelled.wanted)
            names = [name for name, _ in labelled.wanted]
            first = 1
            for batch in file.iter_batches(batch_size=CHUNK, columns=names):
                columns = [batch.column(name).to_pylist() for name in names]
                yield from labelled.chunks(list(range(first, first + len(batch))), columns)
                first += len(batch)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise DataError(
            f"{path} cannot be read as Parquet: {reason[0]}",
            hint="the file is damaged or cut short",
        ) from error
    yield from labelled.end()


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
