"""The files or generated rows that a run trains on, as they are recorded in its folder."""

from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.data.fingerprint import fingerprints_of
from rnnbuild.runs.data_file import DataFile
from rnnbuild.training.setup.pretrained import vectors_file


def data_files(config: Config, folder: Path) -> tuple[DataFile, ...]:
    """Every file of the data, or its generated rows, and the file of the pretrained vectors.

    The files' names are relative to `folder`. Raises DataError, OSError.
    """
    files = fingerprints_of(config.data, folder, vectors_file(config, folder))
    return tuple(DataFile(name=file.name, size=file.size, sha256=file.sha256) for file in files)
