"""Where rows come from: a file, packed by gzip or not, or standard input; read as it streams."""

import codecs
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import length_hint
from pathlib import Path
from select import select
from typing import IO, Any

from rnnbuild.data.disk.files import DAMAGED, damaged_file, not_utf8, unpack
from rnnbuild.errors import DataError, Place, Problem, did_you_mean

STANDARD_INPUT = "standard input"
BLOCK = 1 << 18
"""Bytes that are read at once, or as many as there are in a pipe."""
LONGEST_LINE = 1 << 24
"""Characters. The longest novels have a fifth of it; an input without line ends has no end."""


class Lines:
    """The lines of an input in UTF-8, with or without a byte order mark, as they come.

    They keep their ends, whichever they are. Raises DataError for one over LONGEST_LINE.
    """

    def __init__(self, name: str, read: Callable[[], bytes]):
        self.name = name
        self.read = read
        self._ready: Iterator[str] = iter(())

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        left, number = "", 0
        while True:
            block = self.read()
            text = left + decoder.decode(block, final=not block)
            lines = io.StringIO(text, newline="").readlines()
            # A lone carriage return may be half of a line end too.
            left = lines.pop() if block and lines and not lines[-1].endswith("\n") else ""
            number += len(lines)
            self._ready = iter(lines)
            yield from self._ready
            if len(left) > LONGEST_LINE:
                raise self.too_long(number + 1)
            if not block:
                return

    def any_ready(self) -> bool:
        """Whether a line has been read that was not given out yet."""
        return length_hint(self._ready) > 0

    def too_long(self, number: int) -> DataError:
        what = f"the line is longer than {LONGEST_LINE:,} characters"
        return DataError(
            Problem(what, Place(self.name, number, 1), "each text, or row, is a line of its own")
        )


@dataclass(frozen=True)
class Source:
    """An input that is being read."""

    name: str
    lines: Lines
    size: int | None
    """Bytes in all, as they stand on the disk; None where that is not known."""
    position: Callable[[], int]
    """Bytes read so far."""
    waited_for: Callable[[], bool] = lambda: False
    """Whether the next line is yet to come: from who types, or a program that wants an answer."""


@contextmanager
def open_source(path: Path | None) -> Iterator[Source]:
    """A file, or standard input where there is none, as UTF-8 with or without a byte order mark.

    Raises DataError where it cannot be opened and, in the course of reading, where it is damaged
    or not UTF-8, naming the line.
    """
    if path is None:
        binary: Any = sys.stdin.buffer
        lines = Lines(STANDARD_INPUT, lambda: binary.read1(BLOCK))

        def waited_for() -> bool:
            return not lines.any_ready() and not can_be_read(binary)

        try:
            yield Source(STANDARD_INPUT, lines, None, lambda: 0, waited_for)
        except UnicodeDecodeError as error:
            raise DataError(
                f"{STANDARD_INPUT} is not UTF-8: byte 0x{error.object[error.start]:02x}",
                "convert it: iconv -f latin1 -t utf-8",
            ) from None
        return
    try:
        with path.open("rb") as raw, unpack(raw) as content:
            lines = Lines(str(path), lambda: content.read(BLOCK))
            yield Source(str(path), lines, path.stat().st_size, raw.tell)
    except UnicodeDecodeError:
        raise DataError(not_utf8(path)) from None
    except DAMAGED as error:
        raise damaged_file(path, error) from None
    except OSError as error:
        # What is written while this is read raises OSErrors too, which are not about this file.
        if error.filename not in (str(path), path):
            raise
        if isinstance(error, FileNotFoundError):
            near = [str(known) for known in path.parent.glob("*") if known.is_file()]
            raise DataError(f"there is no file {path}{did_you_mean(str(path), near)}") from None
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


def can_be_read(stream: IO[bytes]) -> bool:
    """Whether there is something to read, or the end, without waiting for it."""
    try:
        return bool(select([stream], [], [], 0)[0])
    except ValueError:  # not of the system's: io.UnsupportedOperation, which is an OSError too
        return True
    except OSError:  # Windows knows this of sockets alone
        return False
