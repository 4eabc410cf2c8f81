"""The file formats: the ending that tells each, and its reader."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import ending
from rnnbuild.data.readers.conll import read_conll
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.readers.jsonl import read_jsonl
from rnnbuild.data.readers.parallel import read_parallel
from rnnbuild.data.readers.parquet import read_parquet
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


def task_of(format_name: str, data: DataConfig) -> Task:
    """What files of a format are for, by the columns that the config names."""
    for name, traits in TASKS.items():
        if any(getattr(data, key) is not None for key in traits.telling_keys):
            return name
    return next((name for name, own in TASKS.items() if format_name in own.formats), USUAL)


def format_of(path: Path, stated: str | None) -> str:
    """`stated`, or what the file's ending tells; `.gz` may follow it."""
    found = stated or ENDINGS.get(ending(path))
    if found is None:
        raise DataError(
            f"the ending of {path} does not tell how it is written",
            hint=f"state it: `data.format:` {', '.join(READERS)}",
        )
    return found
