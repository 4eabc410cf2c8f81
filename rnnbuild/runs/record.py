"""A run's JSON files as typed values: read strictly, written atomically.

A record is a frozen dataclass whose fields are the file's keys (`rnnbuild/typed_values.py`).

Every file has a `format`. A file without it was written before formats were numbered, and has the
keys of format 1.
"""

import gzip
import json
import os
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path
from typing import Any, Generic, TypeVar

from rnnbuild import atomic
from rnnbuild.errors import RunError
from rnnbuild.typed_values import UnexpectedValueError, from_plain, json_snippet, to_plain

Record = TypeVar("Record")
Document = dict[str, Any]

REMEDY = "restore it from a copy, or train again"


@dataclass(frozen=True)
class RecordFile(Generic[Record]):
    """One kind of file: how to read and write it, as one record or one record per line."""

    kind: type[Record]
    remedy: str
    """What to do about a damaged file."""
    format: int = 1
    from_unnumbered: Callable[[Document], Document] = lambda document: document
    """Converts a document that was written before formats were numbered."""
    compressed: bool = False
    """Whether the file is compressed by gzip, and written without spaces."""

    def read(self, path: Path) -> Record:
        """The record of a file. Raises RunError where it is missing or damaged."""
        content = content_of(path)
        if self.compressed:
            try:
                content = gzip.decompress(content)
            except (OSError, EOFError, zlib.error) as error:
                raise RunError(f"{path} is damaged: {error}", self.remedy) from None
        return self.parse(content, path)

    def read_lines(self, path: Path) -> list[Record]:
        """A record for every whole line; none where there is no file. Raises RunError."""
        return [
            self.parse(line, path, f"line {number}, ")
            for number, line in enumerate(whole_lines(path), 1)
        ]

    def parse(self, content: bytes, path: Path, where: str = "") -> Record:
        """The record in `content`, which is from `path` at `where`. Raises RunError."""
        try:
            document = json.loads(content.decode("utf-8"))
            if not isinstance(document, dict):
                raise UnexpectedValueError("", "an object", json_snippet(document))
            record: Record = from_plain(self.kind, self.without_format(document, path))
        # RecursionError: a document nested too deeply for the parser.
        except (ValueError, RecursionError, UnexpectedValueError) as error:
            raise RunError(f"{path} is damaged: {where}{error}", self.remedy) from None
        return record

    def without_format(self, document: Document, path: Path) -> Document:
        """The record's own keys. Raises RunError where the format is a later version's."""
        if "format" not in document:
            return self.from_unnumbered(document)
        number = document.pop("format")
        if type(number) is not int or number < 1:
            raise UnexpectedValueError("format", f"{self.format}", json_snippet(number))
        if number > self.format:
            raise RunError(
                f"{path} has format {number}, but this version of rnnbuild reads up to "
                f"{self.format}",
                "use the version of rnnbuild that wrote the run, or a newer one",
            )
        return document

    def document(self, record: Record) -> Document:
        """The plain values of a file."""
        return {"format": self.format, **to_plain(record)}

    def write(self, path: Path, record: Record) -> None:
        """Write a file. Raises OSError, and then keeps the old file."""
        if self.compressed:
            # Equal records are equal files: no time is written. Level 6 takes three times as long.
            text = self.line(record)
            atomic.write_bytes(path, gzip.compress(text.encode("utf-8"), 3, mtime=0))
        else:
            atomic.write_text(path, json_text(self.document(record)))

    def line(self, record: Record) -> str:
        """A record as a line of a file, with its line end."""
        return json.dumps(self.document(record), ensure_ascii=False) + "\n"


def json_text(document: Any) -> str:
    """A document as the text of a file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def content_of(path: Path) -> bytes:
    """A file's bytes. Raises RunError where it cannot be read."""
    try:
        refuse_other_than_file(path)
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}", REMEDY) from None


def refuse_other_than_file(path: Path) -> None:
    """Raises OSError where there is no file, or a folder, or a pipe, which would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(EINVAL, "it is not a file")


def is_there(path: Path) -> bool:
    """Whether something has this name, be it a link to nothing."""
    return os.path.lexists(path)


def whole_lines(path: Path) -> list[bytes]:
    """A file's lines without line ends; none where there is no file yet. Raises RunError.

    A crash while a line is written leaves a part of it without a line end: that part is skipped.
    """
    return content_of(path).split(b"\n")[:-1] if is_there(path) else []
