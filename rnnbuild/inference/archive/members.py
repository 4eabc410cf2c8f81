"""The files inside a `.keras` archive."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rnnbuild.errors import RunError

CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"
MEMBERS = frozenset({METADATA, CONFIG, WEIGHTS})
VOCABULARY = re.compile(r"assets/(?:\w+/)+vocabulary\.txt", re.ASCII)
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


class Members(NamedTuple):
    """The files of a model."""

    config: bytes
    """The description of the model, JSON."""
    weights: bytes
    """HDF5."""
    metadata: bytes
    """The version of Keras that wrote the file, JSON."""
    vocabulary: bytes | None
    """The words of a layer that reads text, one a line; None where the model has no such layer."""


def read_members(path: Path, with_vocabulary: bool = False) -> Members:
    """The files of a model; a vocabulary is among them only where it is asked for.

    Raises UnsafeArchive for an archive that is damaged or has other members than a model, OSError
    if the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            lists = _inspect(archive.infolist(), path.stat().st_size, with_vocabulary)
            words = {archive.read(name) for name in lists}
            if len(words) > 1:
                raise UnsafeArchive("has several vocabularies")
            config, weights, metadata = map(archive.read, (CONFIG, WEIGHTS, METADATA))
            return Members(config, weights, metadata, next(iter(words), None))
    # A header that is damaged may also state a text encoding, a date or a size that is none.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, UnsafeArchive):
            raise
        raise UnsafeArchive(f"is not a complete .keras archive ({error})") from None


def _inspect(members: list[zipfile.ZipInfo], size: int, with_vocabulary: bool) -> list[str]:
    """The names of the members that are vocabularies, once all members are checked."""
    names = [member.filename for member in members]
    # Keras writes the vocabulary of a TextVectorization, and again that of the layer inside it.
    lists = [name for name in names if with_vocabulary and VOCABULARY.fullmatch(name)]
    names = [name for name in names if name not in lists]
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
    return lists
