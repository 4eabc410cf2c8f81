"""Files as text: UTF-8, or the encoding that the config states."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from rnnbuild.data.disk.content import Watch, nobody_watches, open_bytes
from rnnbuild.data.disk.encodings import (
    HEAD,
    encoding_problem,
    refuse_evident_other,
    wide_encoding,
)
from rnnbuild.errors import DataError

SAMPLE = 1 << 16
"""Bytes at the start of a file that may contradict a stated encoding."""


@dataclass(frozen=True)
class TextFile:
    """Text that can be opened repeatedly: to use it, and to show a line of it."""

    source: str
    open: Callable[[], AbstractContextManager[TextIO]]

    @classmethod
    def at(
        cls, path: Path, watch: Watch = nobody_watches, encoding: str | None = None
    ) -> "TextFile":
        return cls(str(path), partial(open_text, path, watch, encoding))

    @classmethod
    def of(cls, source: str, text: str) -> "TextFile":
        """Text in memory."""
        return cls(source, lambda: nullcontext(io.StringIO(text, newline="")))


def read_text(path: Path, encoding: str | None = None) -> str:
    """All of a file's text, as `open_text` reads it."""
    with open_text(path, encoding=encoding) as stream:
        return stream.read()


@contextmanager
def open_text(
    path: Path, watch: Watch = nobody_watches, encoding: str | None = None
) -> Iterator[TextIO]:
    """A file's text, unpacked if it is gzip, as UTF-8 with or without a byte order mark, or in the
    `encoding` that is stated.

    Lines end in \\n, \\r\\n or \\r and keep their ends. Raises DataError, during reading, for bytes
    that are not in the encoding, with line and column, and for a damaged file; and for a file that
    evidently in another encoding than is stated, which may read it without an error.
    """
    try:
        with open_bytes(path, watch) as stream:
            if encoding is None:
                head = stream.peek(HEAD)[:HEAD]  # type: ignore[attr-defined]  # all of them have it
                # ASCII in UTF-16 without a mark is UTF-8 too, with NUL characters, of which a few
                # may well be text; and the decoder takes the beginning of a byte order mark for
                # nothing.
                wide = len(head) >= 16 and wide_encoding(head) is not None
                if wide or head in (b"\xef", b"\xef\xbb"):
                    raise DataError(encoding_problem(path, None))
            else:
                refuse_evident_other(path, stream.read(SAMPLE), encoding)
                stream.seek(0)
            yield io.TextIOWrapper(stream, encoding or "utf-8-sig", newline="")
    except UnicodeError as error:
        raise DataError(encoding_problem(path, encoding)) from error
