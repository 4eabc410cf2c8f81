"""Finding the files that a config names, and reading them as text."""

import gzip
import zlib
from pathlib import Path

from rnnbuild.errors import DataError, Place, Problem, nearest

GLOB_SIGNS = frozenset("*?[")


def find(pattern: str, base: Path, key: str) -> list[Path]:
    """The files that `pattern` names, in the order of their names; relative to `base`.

    `pattern` is one file, or a glob (`reviews/*.csv`, `**/part-?.csv.gz`). `key` is the config's
    key that names it. Raises DataError where there is no such file, or it is a folder.
    """
    path = base / Path(pattern).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        raise DataError(
            f"`data.{key}` is a folder: {path}",
            hint=f"name a file in it, or all of them: {Path(pattern) / '*.csv'}",
        )
    if not GLOB_SIGNS & set(pattern):
        raise DataError(f"`data.{key}`: there is no file {path}", hint=_hint(path))
    found = sorted(file for file in _glob(path) if file.is_file())
    if not found:
        raise DataError(f"`data.{key}`: no file matches {path}", hint="`**/` looks in every folder")
    return found


def _glob(path: Path) -> list[Path]:
    parts = path.parts
    first = next(number for number, part in enumerate(parts) if GLOB_SIGNS & set(part))
    try:
        return list(Path(*parts[:first]).glob(str(Path(*parts[first:]))))
    except (ValueError, NotImplementedError) as error:
        raise DataError(f"{path} is not a pattern of files: {error}") from error


def _hint(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}; paths are relative to the config or to --data-dir"
    name = nearest(path.name, (entry.name for entry in folder.iterdir()))
    return f"did you mean {name}?" if name else "paths are relative to the config or to --data-dir"


def ending(path: Path) -> str:
    """What says how a file is written: `.csv` of `train.csv` and of `train.csv.gz` alike."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def read_text(path: Path) -> str:
    """All of a file, unpacked where it is gzip's, as UTF-8 with or without a byte order mark.

    Line ends stay as they are. Raises DataError, naming the line, for bytes that are not UTF-8.
    """
    content = _read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(_not_utf8(path, content, error)) from error


def _read_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path} cannot be unpacked: {error}", hint="the file is damaged or cut short"
        ) from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error


def _not_utf8(path: Path, content: bytes, error: UnicodeDecodeError) -> Problem:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(
            f"{path} is written in UTF-16, not in UTF-8",
            hint=f"convert it: iconv -f utf-16 -t utf-8 {path.name} > utf8-{path.name}",
        )
    if b"\0" in content[:4096]:
        return Problem(f"{path} is a binary file, not text", hint="name a CSV, TSV or CoNLL file")
    start = content.rfind(b"\n", 0, error.start) + 1
    end = content.find(b"\n", start)
    line = content[start : end if end >= 0 else len(content)].decode("utf-8", "replace")
    column = len(content[start : error.start].decode("utf-8", "replace")) + 1
    number = content.count(b"\n", 0, start) + 1
    return Problem(
        f"the byte 0x{content[error.start]:02x} is not UTF-8",
        Place(str(path), number, column, line.rstrip("\r")),
        f"if the file is Latin-1: iconv -f latin1 -t utf-8 {path.name} > utf8-{path.name}",
    )
