"""Standard input as lines, each available at once to a user who types or a waiting program."""

import codecs
import io
import sys
from collections.abc import Callable, Iterator
from operator import length_hint
from select import select
from typing import IO, Any

from rnnbuild.data.readers import blocks
from rnnbuild.errors import DataError, Place, Problem

STANDARD_INPUT = "standard input"
BLOCK = 1 << 18
"""Bytes that are read at once, at most; as many as a pipe has."""


class StandardInput:
    """The lines of standard input in UTF-8, with or without a byte order mark, as they arrive.

    They keep their ends. Raises DataError for a line that is longer than a file's may be, and for
    bytes that are not UTF-8.
    """

    def __init__(self) -> None:
        self._binary: Any = sys.stdin.buffer
        self._ready: Iterator[str] = iter(())

    def __iter__(self) -> Iterator[str]:
        for lines in lines_of(lambda: self._binary.read1(BLOCK)):
            self._ready = iter(lines)
            yield from self._ready

    def waited_for(self) -> bool:
        """Whether the next line is yet to come."""
        return length_hint(self._ready) == 0 and not can_be_read(self._binary)


def lines_of(read: Callable[[], bytes]) -> Iterator[list[str]]:
    """The lines that each block of bytes completes; `read` gives an empty one at the end.

    Raises DataError for bytes that are not UTF-8, once the lines before them are taken.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    begun, number = [""], 0  # the parts of an unfinished line; the number of lines before it
    while True:
        block = read()
        text, undecoded = decoded(decoder, block)
        # A carriage return at the end may be the first half of a line end.
        if block and not begun[-1].endswith("\r") and "\n" not in text and "\r" not in text:
            begun.append(text)
            lines = []
        else:
            lines = io.StringIO("".join([*begun, text]), newline="").readlines()
            ended = not block or not lines or lines[-1].endswith("\n")
            begun = [""] if ended else [lines.pop()]
        number += len(lines)
        yield lines
        if undecoded is not None:
            raise not_utf8(undecoded, number + 1)
        if sum(map(len, begun)) > blocks.LONGEST:
            raise blocks.too_long(STANDARD_INPUT, number + 1)
        if not block:
            return


def decoded(decoder: codecs.IncrementalDecoder, block: bytes) -> tuple[str, int | None]:
    """The text that a block completes, up to the first byte that is not UTF-8, and that byte."""
    try:
        return decoder.decode(block, final=not block), None
    except UnicodeDecodeError as error:
        return error.object[: error.start].decode(), error.object[error.start]


def not_utf8(byte: int, line: int) -> DataError:
    """The error for a byte in a line of standard input."""
    problem = Problem(
        f"the byte 0x{byte:02x} is not UTF-8",
        place=Place(STANDARD_INPUT, line, 1),
        hint="convert the input: iconv -f latin1 -t utf-8",
    )
    return DataError([problem])


def can_be_read(stream: IO[bytes]) -> bool:
    """Whether there is something to read, or the end, without waiting for it."""
    try:
        return bool(select([stream], [], [], 0)[0])
    except ValueError:  # not a file of the system: io.UnsupportedOperation, which is an OSError too
        return True
    except OSError:  # Windows supports this for sockets alone
        return False
