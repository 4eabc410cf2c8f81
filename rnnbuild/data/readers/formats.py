"""The file formats: the ending that tells each, and its reader."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import ending
from rnnbuild.data.readers.conll import read_conll
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.rows import Rows
from rnnbuild.errors import DataError

Reader = Callable[[Path, DataConfig, Task], Rows]

READERS: Mapping[str, Reader] = {
    "csv": read_csv,
    "tsv": partial(read_csv, delimiter="\t"),
    "conll": read_conll,
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

TASKS: Mapping[str, Task] = {"csv": "classify", "tsv": "classify", "conll": "tag"}
"""What a file is for where the config states no task."""


def format_of(path: Path, stated: str | None) -> str:
    """`stated`, or what the file's ending tells; `.gz` may follow it."""
    found = stated or ENDINGS.get(ending(path))
    if found is None:
        raise DataError(
            f"the ending of {path} does not tell how it is written",
            hint=f"state it: `data.format:` {', '.join(READERS)}",
        )
    return found
