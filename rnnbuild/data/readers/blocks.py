"""A file's text in blocks, most of which can be read at once, and line by line where one cannot."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.errors import DataError, Place, Problem

BLOCK = 1 << 19
"""Characters of a block."""
LONGEST = 1 << 26
"""Characters of a line, or of a quoted field. The longest novels have a twentieth of that; a
longer line has no line ends, or a quote that was never closed, and would fill the memory."""

MARK = "\ufeff"
_MARKS = re.compile(f"^{MARK}|(?<=[\r\n]){MARK}")


class Blocks:
    """A file's text as blocks of whole lines, and as lines of what is put back.

    Lines end in \\n, \\r\\n or \\r and keep their ends, as those of `open_text` do. A byte order
    mark at the start of a line, where files were put one after the other, is dropped.
    Raises DataError for a line over LONGEST.
    """

    def __init__(self, file: TextFile, stream: TextIO):
        self._file = file
        self._stream = stream
        self._again: list[str] = []
        """Lines that are read again before anything else, the last of them first."""
        self.put_back("")

    def block(self) -> str:
        """The next text, to the end of a line; empty at the end of the file."""
        text = "".join(reversed(self._again)) + self._ahead.read() + self._stream.read(BLOCK)
        self._again = []
        self.put_back("")
        if text:
            text += self._line()
        return _MARKS.sub("", text) if MARK in text else text

    def put_back(self, text: str) -> None:
        """Return the unread end of the last block, which is then read again first."""
        self._ahead = io.StringIO(text, newline="")
        self._size = len(text)

    def put_back_lines(self, lines: Sequence[str]) -> None:
        """Return the last lines that were read, which are then read again before all else."""
        self._again.extend(reversed(lines))

    @property
    def put_back_is_read(self) -> bool:
        """Whether everything that was put back has been read."""
        return not self._again and self._ahead.tell() == self._size

    def readline(self) -> str:
        """The next line; empty at the end of the file."""
        if self._again:
            return self._again.pop()
        return self._ahead.readline() or self._line().removeprefix(MARK)

    def __iter__(self) -> Iterator[str]:
        return iter(self.readline, "")

    def _line(self) -> str:
        line = self._stream.readline(LONGEST)
        if len(line) == LONGEST:
            raise too_long(self._file.source, _first_too_long(self._file))
        return line


def lines_of(file: TextFile) -> Iterator[str]:
    """The lines of a file, with their ends and without byte order marks before them.

    Raises DataError for a line over LONGEST.
    """
    with file.open() as stream:
        while line := stream.readline(LONGEST):
            if len(line) == LONGEST:
                raise too_long(file.source, _first_too_long(file))
            yield line.removeprefix(MARK)


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
