"""The file formats: the endings and the readers of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import ending
from rnnbuild.data.readers.conll import delimiter_of, read_conll
from rnnbuild.data.readers.csv import csv_text_rows, read_csv
from rnnbuild.data.readers.jsonl import jsonl_text_rows, read_jsonl
from rnnbuild.data.readers.lines import lines_text_rows
from rnnbuild.data.readers.parallel import read_parallel
from rnnbuild.data.readers.parquet import read_parquet
from rnnbuild.data.readers.text_rows import TextReader
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS, USUAL

Reader = Callable[[Path, DataConfig, Task], Iterator[Rows]]
"""Gives a file's rows in chunks, so that a file of any size is read in little memory."""

READERS: Mapping[str, Reader] = {
    "csv": read_csv,
    "tsv": partial(read_csv, delimiter="\t"),
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "conll": read_conll,
    "conllu": read_conll,
    "parallel": read_parallel,
}

TEXT_READERS: Mapping[str, TextReader] = {
    "csv": csv_text_rows,
    "tsv": csv_text_rows,
    "jsonl": jsonl_text_rows,
    "lines": lines_text_rows,
}
"""The readers of the formats that predict reads: one row per line, with a column for the text."""

ENDINGS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".conll": "conll",
    ".bio": "conll",
    ".iob": "conll",
    ".conllu": "conllu",
}

FORMATS_OF_KEY: Mapping[str, tuple[str, ...]] = {
    "delimiter": ("csv", "tsv", "parallel", "conll"),
    "quote": ("csv", "tsv"),
    "header": ("csv", "tsv"),
    "comment": ("csv", "tsv", "parallel", "conll"),
}
"""Keys of `data` that say how files are written, with the formats that leave it open."""


def settled(data: DataConfig, paths: Sequence[Path]) -> DataConfig:
    """The config with what the content of all these files settles, where it leaves that open.

    Files of several formats are left to their readers.
    """
    if data.delimiter is not None or {format_of(path, data.format) for path in paths} != {"conll"}:
        return data
    return data.model_copy(update={"delimiter": delimiter_of(paths)})


def task_of(format_name: str, data: DataConfig) -> Task:
    """The task of files of a format, by the columns that the config names."""
    for name, traits in TASKS.items():
        if any(getattr(data, key) is not None for key in traits.telling_keys):
            return name
    return next((name for name, own in TASKS.items() if format_name in own.formats), USUAL)


def format_of(path: Path, stated: str | None) -> str:
    """`stated`, or the format of the file's ending; `.gz` may follow that."""
    name = stated or ENDINGS.get(ending(path))
    if name is None:
        raise DataError(
            f"the ending of {path} is not that of a known format",
            hint=f"state it: `data.format:` {', '.join(READERS)}",
        )
    return name
