"""Where rows come from: a file, packed by gzip or not, or standard input; read as it streams."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rnnbuild.data.files import DAMAGED, damaged, not_utf8, unpacked
from rnnbuild.errors import DataError, did_you_mean

STANDARD_INPUT = "standard input"


@dataclass(frozen=True)
class Source:
    """An input that is being read."""

    name: str
    stream: TextIO
    """Lines keep their ends, whichever they are."""
    size: int | None
    """Bytes in all, as they stand on the disk; None where that is not known."""
    position: Callable[[], int]
    """Bytes read so far."""


@contextmanager
def open_source(path: Path | None) -> Iterator[Source]:
    """A file, or standard input where there is none, as UTF-8 with or without a byte order mark.

    Raises DataError where it cannot be opened and, in the course of reading, where it is damaged
    or not UTF-8, naming the line.
    """
    if path is None:
        stream = io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig", newline="")
        try:
            yield Source(STANDARD_INPUT, stream, None, lambda: 0)
        except UnicodeDecodeError as error:
            raise DataError(
                f"{STANDARD_INPUT} is not UTF-8: byte 0x{error.object[error.start]:02x}",
                "convert it: iconv -f latin1 -t utf-8",
            ) from None
        finally:
            # Standard input is not this function's to close.
            stream.detach()
        return
    try:
        with path.open("rb") as raw, unpacked(raw) as content:
            text = io.TextIOWrapper(content, "utf-8-sig", newline="")
            yield Source(str(path), text, path.stat().st_size, raw.tell)
    except UnicodeDecodeError:
        raise DataError(not_utf8(path)) from None
    except DAMAGED as error:
        raise damaged(path, error) from None
    except OSError as error:
        # What is written while this is read raises OSErrors too, which are not about this file.
        if error.filename not in (str(path), path):
            raise
        if isinstance(error, FileNotFoundError):
            near = [str(known) for known in path.parent.glob("*") if known.is_file()]
            raise DataError(f"there is no file {path}{did_you_mean(str(path), near)}") from None
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
