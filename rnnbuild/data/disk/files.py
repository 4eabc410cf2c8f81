"""Finding the files that a config names, and reading them as text."""

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from rnnbuild.config.json_schema import FILE_NAME as SCHEMA
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.errors import DataError, Place, Problem, nearest
from rnnbuild.formatting import is_encodable
from rnnbuild.visible import shell_word

HEAD = 256
"""Bytes that tell of an encoding of several bytes a character."""
GLOB_SIGNS = frozenset("*?[")


def find_files(
    pattern: str, base: Path, key: str, place: Place | None = None, folders: bool = False
) -> list[Path]:
    """The files that `pattern` names, relative to `base`, in the order of their names.

    `pattern` is one file, or a glob (`reviews/*.csv`, `**/part-?.csv.gz`); or, where `folders` are
    accepted, a folder, of all whose files those whose path has no hidden part, and not the configs
    and the schema that `rnnbuild init` has put there. `key` is the
    config's key that names it, at `place`. Raises DataError if there is no such file, or it is a
    folder.
    """
    named = f"`data.{key}`"
    path = base / home_expanded(pattern)
    if folders and _is_folder(path):
        files = sorted(file for file in path.rglob("*") if _is_visible_file(file, path))
        if not files:
            hint = "put text files into it, or name another folder"
            raise DataError(Problem(f"{named}: there is no file in the folder {path}", place, hint))
        return [_recordable(file) for file in files]
    if _mode(path, named, place) or not GLOB_SIGNS & set(pattern):
        refuse_unless_file(path, named, place)
        return [_recordable(path)]
    files = sorted(file for file in _glob(path) if _is_file(file))
    if not files:
        hint = "`**/` searches every folder"
        raise DataError(Problem(f"{named}: no file matches {path}", place, hint))
    return [_recordable(file) for file in files]


def _recordable(path: Path) -> Path:
    """The path. Raises DataError if a run's record, which is UTF-8, could not contain it."""
    if not is_encodable(str(path.resolve())):
        raise DataError(f"the name of {path.resolve()} is not UTF-8", "rename it")
    return path


def home_expanded(path: str) -> Path:
    """A path in which `~` is the user's home; as it is where there is none or no such user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 (`Path.expanduser` raises RuntimeError)


def refuse_unless_file(path: Path, named: str, place: Place | None = None) -> None:
    """Raises DataError for what is no file: nothing at all, a folder, a pipe, or out of reach.

    `named` is what names it, the key of a config at `place`.
    """
    mode = _mode(path, named, place)
    if mode is None:
        raise DataError(Problem(f"{named}: there is no file {path}", place, _hint(path)))
    if stat.S_ISDIR(mode):
        hint = (
            f"name a file in it, or all of them: {path / '*.csv'}; with `format: text`, all files "
            "in it are one running text"
        )
        raise DataError(Problem(f"{named} is a folder: {path}", place, hint))
    if not stat.S_ISREG(mode):
        kind = next((name for test, name in KINDS.items() if test(mode)), "no file")
        hint = "data is read more than once: save it in a file first"
        raise DataError(Problem(f"{named}: {path} is {kind}, not a file", place, hint))


KINDS: Mapping[Callable[[int], bool], str] = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def _mode(path: Path, named: str, place: Place | None) -> int | None:
    """What a path is, None where nothing is. Raises DataError where that cannot be seen."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        reason = error.strerror if isinstance(error, OSError) else error
        shown = str(path) if len(str(path)) < 200 else f"{str(path)[:200]}..."
        raise DataError(Problem(f"{named}: {shown} cannot be read: {reason}", place)) from error


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # and what is wrong with it is said where it is looked at as a file


def _is_visible_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and not _is_of_config(file) and _is_file(file)


def _is_of_config(file: Path) -> bool:
    """Whether it is the schema that `rnnbuild init` writes, or a config beside one."""
    is_yaml = file.suffix.lower() in (".yaml", ".yml")
    return file.name == SCHEMA or (is_yaml and _is_file(file.with_name(SCHEMA)))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # in a folder that may not be entered


def files_by_split(data: DataConfig, base: Path) -> dict[SplitName, list[Path]]:
    """The files that a config names, by split, for the splits that it names any for.

    Raises DataError if some of them do not exist.
    """
    return {
        key: find_files(pattern, base, key, data.place(key), folders=data.format == "text")
        for key, pattern in by_split(data).items()
        if pattern is not None
    }


def _glob(path: Path) -> list[Path]:
    parts = path.parts
    first = next(number for number, part in enumerate(parts) if GLOB_SIGNS & set(part))
    try:
        return list(Path(*parts[:first]).glob(str(Path(*parts[first:]))))
    except (ValueError, NotImplementedError) as error:
        raise DataError(f"{path} is not a pattern of files: {error}") from error


def _hint(path: Path) -> str:
    relative = "paths are relative to the config or to --data-dir"
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no folder {path.parent}; {relative}"
    name = nearest(path.name, names)
    return f"did you mean {name}?" if name and name != path.name else relative


def ending(path: Path) -> str:
    """The ending that says how a file is written: `.csv` for `train.csv` and `train.csv.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


Watch = Callable[[BinaryIO], None]
"""Gets a file as it is opened: its position tells how much of it has been read."""


def nobody_watches(file: BinaryIO) -> None:
    pass


@dataclass(frozen=True)
class TextFile:
    """Text that can be opened repeatedly: to use it, and to show a line of it."""

    source: str
    open: Callable[[], AbstractContextManager[TextIO]]

    @classmethod
    def at(cls, path: Path, watch: Watch = nobody_watches) -> "TextFile":
        return cls(str(path), partial(open_text, path, watch))

    @classmethod
    def of(cls, source: str, text: str) -> "TextFile":
        """Text in memory."""
        return cls(source, lambda: nullcontext(io.StringIO(text, newline="")))


def read_text(path: Path) -> str:
    """All of a file's text, as `open_text` reads it."""
    with open_text(path) as stream:
        return stream.read()


@contextmanager
def open_text(path: Path, watch: Watch = nobody_watches) -> Iterator[TextIO]:
    """A file's text, unpacked if it is gzip, as UTF-8 with or without a byte order mark.

    Lines end in \\n, \\r\\n or \\r and keep their ends. Raises DataError, during reading, for bytes
    that are not UTF-8, with the line, and for a damaged file.
    """
    try:
        with open_bytes(path, watch) as stream:
            head = stream.peek(HEAD)[:HEAD]  # type: ignore[attr-defined]  # all of them have it
            # ASCII in UTF-16 without a mark is UTF-8 too, with NUL characters, of which a few may
            # well be text; and the decoder takes the beginning of a byte order mark for nothing.
            wide = len(head) >= 16 and _wide_encoding(head) is not None
            if wide or head in (b"\xef", b"\xef\xbb"):
                raise DataError(_not_utf8(path))
            yield io.TextIOWrapper(stream, "utf-8-sig", newline="")
    except UnicodeDecodeError as error:
        raise DataError(_not_utf8(path)) from error


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


def _not_utf8(path: Path) -> Problem:
    """The problem of a file that is not UTF-8: it is read again, up to the line that fails."""
    with open_bytes(path) as stream:
        for number, line in enumerate(stream, 1):
            if number == 1 and (encoding := _wide_encoding(line)):
                return Problem(
                    f"{path} is written in {encoding.upper()}, not in UTF-8",
                    hint=f"convert it: `{_conversion(path, encoding)}`",
                )
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return _line_not_utf8(path, number, line, error)
    return Problem(f"{path} is not written in UTF-8")


def _conversion(path: Path, encoding: str) -> str:
    """The command that writes a file's text as UTF-8 to a file beside it."""
    if path.suffix == ".gz":
        unpacked = beside("utf8", str(path).removesuffix(".gz"))
        return f"gzip -dc {shell_word(path)} | iconv -f {encoding} -t utf-8 > {unpacked}"
    return f"iconv -f {encoding} -t utf-8 {shell_word(path)} > {beside('utf8', str(path))}"


def beside(prefix: str, source: str) -> str:
    """A new file's path in the folder of `source`, as a shell takes it: `prefix-NAME`."""
    path = Path(source)
    return shell_word(path.with_name(f"{prefix}-{path.name}"))


def _wide_encoding(line: bytes) -> str | None:
    """The encoding of several bytes a character that a file's first bytes tell of, if any."""
    for encoding, mark in (
        ("utf-32", b"\xff\xfe\0\0"),
        ("utf-32", b"\0\0\xfe\xff"),
        ("utf-16", b"\xff\xfe"),
        ("utf-16", b"\xfe\xff"),
    ):
        if line.startswith(mark):
            return encoding
    odd, even = line[1::2], line[::2]
    if b"\0" in line and not odd.strip(b"\0"):
        return "utf-16le"
    return "utf-16be" if b"\0" in line and not even.strip(b"\0\n") else None


def _line_not_utf8(path: Path, number: int, line: bytes, error: UnicodeDecodeError) -> Problem:
    if b"\0" in line:
        return Problem(f"{path} is a binary file, not text", hint="name a text file")
    column = len(line[: error.start].decode("utf-8", "replace")) + 1
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    return Problem(
        f"the byte 0x{line[error.start]:02x} is not UTF-8",
        Place(str(path), number, column, text),
        f"if the file is Latin-1: `{_conversion(path, 'latin1')}`",
    )
