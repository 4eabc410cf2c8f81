"""data.json: which files a run was trained on, and where they were."""

from dataclasses import dataclass
from string import hexdigits
from typing import Annotated

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import Check, Count, RecordFile

Sha256 = Annotated[
    str,
    Check("64 hexadecimal digits", lambda text: len(text) == 64 and not set(text) - set(hexdigits)),
]


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A file as it was read."""

    name: str
    """From the data's folder; of a bundled dataset its name alone."""
    size: Count
    """In bytes."""
    sha256: Sha256
    """Of its content."""


@dataclass(frozen=True, kw_only=True)
class DataRecord:
    """What a run was trained on."""

    folder: str
    """The absolute path that the files' names start from."""
    files: tuple[DataFile, ...]


DATA = RecordFile(
    DataRecord, "restore it from a copy, or train the run anew: nothing else knows its data"
)


def read_data(run: RunDirectory) -> DataRecord:
    """Raises RunError where it is missing or damaged."""
    return DATA.read(run.data)


def write_data(run: RunDirectory, data: DataRecord) -> None:
    """Raises OSError."""
    DATA.write(run.data, data)
