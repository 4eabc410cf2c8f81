"""A file's text in blocks, most of which can be read at once, and line by line where one cannot."""

import io
from collections.abc import Iterator
from typing import TextIO

from rnnbuild.data.disk.files import TextFile
from rnnbuild.errors import DataError, Place, Problem

BLOCK = 1 << 19
"""Characters of a block."""
LONGEST = 1 << 26
"""Characters of a line, or of a quoted field. The longest novels have a twentieth of that; a
longer line has no line ends, or a quote that was never closed, and would fill the memory."""


class Blocks:
    """A file's text as blocks of whole lines, and as lines of what is put back.

    Lines end in \\n, \\r\\n or \\r and keep their ends, as those of `open_text` do.
    Raises DataError for a line over LONGEST.
    """

    def __init__(self, file: TextFile, stream: TextIO):
        self._file = file
        self._stream = stream
        self.put_back("")

    def block(self) -> str:
        """The next text, to the end of a line; empty at the end of the file."""
        text = self._ahead.read() + self._stream.read(BLOCK)
        self.put_back("")
        return text + self._line() if text else text

    def put_back(self, text: str) -> None:
        """Return the unread end of the last block, which is then read again first."""
        self._ahead = io.StringIO(text, newline="")
        self._size = len(text)

    @property
    def put_back_is_read(self) -> bool:
        """Whether everything that was put back has been read."""
        return self._ahead.tell() == self._size

    def readline(self) -> str:
        return self._ahead.readline() or self._line()

    def __iter__(self) -> Iterator[str]:
        return iter(self.readline, "")

    def _line(self) -> str:
        line = self._stream.readline(LONGEST)
        if len(line) == LONGEST:
            raise too_long(self._file.source, _first_too_long(self._file))
        return line


def lines_of(file: TextFile) -> Iterator[str]:
    """The lines of a file, with their ends. Raises DataError for one over LONGEST."""
    with file.open() as stream:
        while line := stream.readline(LONGEST):
            if len(line) == LONGEST:
                raise too_long(file.source, _first_too_long(file))
            yield line


def too_long(source: str, line: int) -> DataError:
    """The error for a line over LONGEST."""
    return DataError(
        Problem(
            f"the line is longer than {LONGEST:,} characters",
            Place(source, line, 1),
            "each text, or row, is a line of its own",
        )
    )


def _first_too_long(file: TextFile) -> int:
    """The number of the first line over LONGEST, for which the file is read again."""
    with file.open() as stream:
        lines = enumerate(iter(lambda: stream.readline(LONGEST), ""), 1)
        return next(number for number, line in lines if len(line) == LONGEST)
