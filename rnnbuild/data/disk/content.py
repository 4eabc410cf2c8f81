"""The bytes of a file, unpacked if it is gzip."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rnnbuild.errors import DataError

Watch = Callable[[BinaryIO], None]
"""Gets a file as it is opened: its position tells how much of it has been read."""


def nobody_watches(file: BinaryIO) -> None:
    pass


@contextmanager
def open_bytes(path: Path, watch: Watch = nobody_watches) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked if it is gzip. Raises DataError if it cannot be read."""
    try:
        with path.open("rb") as stream, _unpack(stream) as content:
            watch(stream)
            yield content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"{path} cannot be unpacked: {error}"
        raise DataError(message, "the file is damaged or cut short") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error


@contextmanager
def _unpack(stream: BinaryIO) -> Iterator[BinaryIO]:
    """A binary stream's content, unpacked if it is gzip; the stream must be seekable."""
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    if not packed:
        yield stream
        return
    with gzip.open(stream) as content:
        yield content  # type: ignore[misc]  # read as any binary file is
