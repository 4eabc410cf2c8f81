"""The files inside a `.keras` archive."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnnbuild.errors import RunError

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MEMBERS = frozenset({"metadata.json", CONFIG, WEIGHTS})
LARGEST_TEXT = 1 << 24
"""Bytes of a member that is JSON: a layer takes two thousand."""
HINT = "it is damaged, or was not written by rnnbuild"


class UnsafeArchive(ValueError):  # noqa: N818 (what it is says more than that it is an error)
    """Raised for a file that is not a trained model; the message completes "it ..."."""


def refusal(path: Path, error: UnsafeArchive) -> RunError:
    """The error for a user whose model was refused."""
    return RunError(f"{path} was not loaded: it {error}", HINT)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises RunError for whatever is raised within, where a model's file is read."""
    try:
        yield
    except UnsafeArchive as error:
        raise refusal(path, error) from None
    # Keras, HDF5 and other runtimes raise whatever their many readers raise; none of it should
    # reach users as a traceback.
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise RunError(
            f"{path} cannot be loaded: {reason[0] if reason else type(error).__name__}", HINT
        ) from error


def refuse_missing(path: Path) -> None:
    """Raise RunError if there is no such file."""
    if not path.is_file():
        raise RunError(
            f"{path} is missing, or not a file", "restore it from a copy, or train again"
        )


def read_members(path: Path) -> tuple[bytes, bytes]:
    """The description of the model, JSON, and its weights, HDF5.

    Raises UnsafeArchive for an archive that is damaged or has other members than a model, OSError
    if the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _inspect(archive.infolist(), path.stat().st_size)
            return archive.read(CONFIG), archive.read(WEIGHTS)
    # A header that is damaged may also state a text encoding, a date or a size that is none.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, UnsafeArchive):
            raise
        raise UnsafeArchive(f"is not a complete .keras archive ({error})") from None


def _inspect(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    for name in names:
        if name not in MEMBERS:
            raise UnsafeArchive(f"contains {name!r}, which is not part of a model")
    if sorted(names) != sorted(MEMBERS):
        raise UnsafeArchive(f"does not contain {', '.join(sorted(MEMBERS))} once each")
    # Keras stores without compression: no member is larger than the file.
    compressed = [member for member in members if member.compress_type != zipfile.ZIP_STORED]
    if compressed or sum(member.file_size for member in members) > size:
        raise UnsafeArchive("is compressed, and could be too large when unpacked")
    for member in members:
        if member.filename != WEIGHTS and member.file_size > LARGEST_TEXT:
            raise UnsafeArchive(f"has a {member.filename} of {member.file_size:,} bytes")
