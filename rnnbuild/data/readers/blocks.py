"""A file's text in blocks, most of which can be read at once, and line by line where one cannot."""

import io
from collections.abc import Iterator
from typing import TextIO

BLOCK = 1 << 19
"""Characters that are looked at together."""


class Blocks:
    """A text stream that gives blocks of whole lines, and lines of what is put back.

    Lines end in \\n, \\r\\n or \\r and keep their ends, as those of `open_text` do.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream
        self.put_back("")

    def block(self) -> str:
        """The next text, to the end of a line; empty at the end of the file."""
        text = self._ahead.read() + self._stream.read(BLOCK)
        self.put_back("")
        return text + self._stream.readline() if text else text

    def put_back(self, text: str) -> None:
        """What of the last block is not read yet: it comes first again."""
        self._ahead = io.StringIO(text, newline="")
        self._size = len(text)

    @property
    def put_back_is_read(self) -> bool:
        """Whether nothing is left of what was put back."""
        return self._ahead.tell() == self._size

    def readline(self) -> str:
        return self._ahead.readline() or self._stream.readline()

    def __iter__(self) -> Iterator[str]:
        return iter(self.readline, "")
