"""data.json: which files a run was trained on, and where they were."""

import os
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import RecordFile
from rnnbuild.typed_values import Count, Sha256


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A data file as it was read, or the rows of a generated dataset."""

    name: str
    """A file's path relative to the data's folder, a bundled file's name, or a dataset's name."""
    size: Count
    """Bytes that were hashed."""
    sha256: Sha256
    """Hash of the content."""


@dataclass(frozen=True, kw_only=True)
class DataRecord:
    """What a run was trained on."""

    folder: str
    """The absolute path that the files' names are relative to."""
    files: tuple[DataFile, ...]
    notes: tuple[str, ...] = ()
    """What was odd in the data, and how it was treated: rows that were skipped."""


DATA = RecordFile(
    DataRecord, "restore it from a copy, or train again: only this file identifies the run's data"
)


def read_data(run: RunDirectory) -> DataRecord:
    """The data of a run. Raises RunError where the file is missing or damaged."""
    return DATA.read(run.data)


def data_files_of(run: RunDirectory) -> tuple[DataFile, ...]:
    """The files of a run's data alone: that of pretrained vectors is recorded after them.

    Raises RunError where the record or the config is missing or damaged.
    """
    embedding = config_of_run(run).model.embedding
    files = read_data(run).files
    return files if embedding is None or embedding.pretrained is None else files[:-1]


def write_data(run: RunDirectory, data: DataRecord) -> None:
    """Write the file. Raises OSError."""
    DATA.write(run.data, data)


def folder_text(folder: Path) -> str:
    """Where data files are, absolute; bytes of it that are not UTF-8 as `\\xe9`."""
    return os.fsencode(folder.resolve()).decode("utf-8", "backslashreplace")
