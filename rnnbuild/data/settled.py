"""Keys of `data` that a config leaves open and its data settles: format, columns, level."""

from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import files_by_split
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.idle import refuse_idle
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.load import load_data
from rnnbuild.data.readers.conll import Lines
from rnnbuild.data.readers.formats import FORMATS_OF_KEY, format_of, with_implied_format
from rnnbuild.data.readers.row_maker import wanted_columns
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import Task

NAMED_COLUMNS = FORMATS_OF_KEY["source"]
"""Formats whose columns have names."""


def settled_keys(
    data: DataConfig, folder: Path, task: Task | None, known: Codec | None = None
) -> dict[str, Any]:
    """The keys that are open, with their values as the config would state them.

    Data files are relative to `folder`; for `known` see `load_data`. The data is read. Raises
    DataError.
    """
    loaded = load_data(data, folder, task, known=known)
    keys = dict(loaded.settled)
    if data.dataset is None and "format" not in keys:
        keys |= _of_files(with_implied_format(data, task), folder, loaded.facts.task)
    return {
        key: value
        for key, value in keys.items()
        if getattr(data, key) is None and _has_effect(data, key, value, loaded.facts.task)
    }


def _of_files(data: DataConfig, folder: Path, task: Task) -> dict[str, Any]:
    """Format and columns of the training files."""
    first = files_by_split(data, folder)["train"][0]
    form = format_of(first, data.format)
    keys: dict[str, Any] = {"format": form}
    if form in NAMED_COLUMNS:
        return keys | {key: name for name, key in wanted_columns(data, task) if key != "labels"}
    if form == "conllu":
        return keys | {"text": "form", "label": "upos"}
    if form == "conll":
        return keys | {"text": "1", "label": str(_columns_of(first, data))}
    return keys


def _columns_of(path: Path, data: DataConfig) -> int | None:
    """Number of columns of a CoNLL file."""
    lines = Lines(path, data)
    with TextFile.at(path, encoding=data.encoding).open() as stream:
        for number, line in enumerate(stream, start=1):
            stripped = line.strip()
            if stripped and not lines.is_comment(line, stripped, inside=False):
                lines.add(number, line.rstrip("\r\n"), stripped)
            if lines.columns is not None:
                break
    return lines.columns


def _has_effect(data: DataConfig, key: str, value: Any, task: Task) -> bool:
    """Whether the key may be stated: a key that does nothing for the data is an error."""
    stated = data.model_copy(update={key: value})
    try:
        refuse_idle(stated, task, series=data.is_series)
    except DataError:
        return False
    return True
