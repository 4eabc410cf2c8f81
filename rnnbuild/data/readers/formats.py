"""The file formats: the ending that tells each, and its reader."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import ending
from rnnbuild.data.readers.conll import read_conll
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.readers.parallel import read_parallel
from rnnbuild.data.rows import Rows
from rnnbuild.errors import DataError

Reader = Callable[[Path, DataConfig, Task], Rows]

READERS: Mapping[str, Reader] = {
    "csv": read_csv,
    "tsv": partial(read_csv, delimiter="\t"),
    "conll": read_conll,
    "parallel": read_parallel,
}

ENDINGS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".conll": "conll",
    ".bio": "conll",
    ".iob": "conll",
}

PRETOKENISED = frozenset({"conll"})
"""Formats whose text comes as words."""

TASKS: Mapping[str, Task] = {
    "csv": "classify",
    "tsv": "classify",
    "conll": "tag",
    "parallel": "translate",
}
"""What a file is for where neither the config nor the columns that it names say so."""


def task_of(format_name: str, data: DataConfig) -> Task:
    """What files of a format are for, by the columns that the config names."""
    paired = data.source is not None or data.target is not None
    return "translate" if paired else TASKS[format_name]


def format_of(path: Path, stated: str | None) -> str:
    """`stated`, or what the file's ending tells; `.gz` may follow it."""
    found = stated or ENDINGS.get(ending(path))
    if found is None:
        raise DataError(
            f"the ending of {path} does not tell how it is written",
            hint=f"state it: `data.format:` {', '.join(READERS)}",
        )
    return found
