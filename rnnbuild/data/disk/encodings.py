"""What is wrong with a file that is not in its encoding, and which encodings read it."""

import codecs
import re
from pathlib import Path

from rnnbuild.data.disk.content import open_bytes
from rnnbuild.errors import DataError, Place, Problem

HEAD = 256
"""Bytes that tell of an encoding of several bytes a character."""
PIECE = 1 << 16
READ_ON = 1 << 20
"""Bytes after the first that fails which a suggested encoding has to read too."""
EVIDENT = 8
"""So many characters of several bytes are UTF-8 by chance in no text of another encoding."""
SUGGESTED = 3
MARK = "\ufeff"
"""The byte order mark, as text; before the first line, and where files were put together."""

_LINE_END = re.compile(r"\r\n|\r(?!\Z)|\n")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")

WESTERN = ("latin-1", "cp1252", "cp1250")
"""Encodings of European text, in which most letters are ASCII, in the order of suggestion."""
OTHERS = ("cp1251", "gb18030", "shift_jis", "euc_jp", "euc_kr", "big5", "cp1253", "latin-1")
"""Encodings of Cyrillic, Chinese, Japanese, Korean and Greek, in which hardly any letter is."""


def wide_encoding(head: bytes) -> str | None:
    """The encoding of several bytes a character that a file's first bytes tell of, if any."""
    for encoding, mark in (
        ("utf-32", b"\xff\xfe\0\0"),
        ("utf-32", b"\0\0\xfe\xff"),
        ("utf-16", b"\xff\xfe"),
        ("utf-16", b"\xfe\xff"),
    ):
        if head.startswith(mark):
            return encoding
    odd, even = head[1::2], head[::2]
    if not head.strip(b"\0"):
        return None
    if b"\0" in head and not odd.strip(b"\0"):
        return "utf-16-le"
    return "utf-16-be" if b"\0" in head and not even.strip(b"\0\n") else None


def refuse_evident_other(path: Path, sample: bytes, stated: str) -> None:
    """Raise DataError where a file's first bytes are evidently in another encoding than is stated.

    Many encodings read any bytes, and would read these as other characters.
    """
    if codecs.lookup(stated).name.startswith("utf"):
        return
    evident = wide_encoding(sample[:4]) or ("utf-8" if _is_evident_utf8(sample) else None)
    if evident is not None:
        message = f"{path} is written in {evident.upper()}, and `data.encoding` is `{stated}`"
        raise DataError(message, hint=f"state `data.encoding: {evident}`")


def _is_evident_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return len(_SEVERAL_BYTES.findall(sample)) >= EVIDENT


def encoding_problem(path: Path, encoding: str | None) -> Problem:
    """The problem of a file with bytes that are not in `encoding`, UTF-8 if none is stated.

    The file is read again, up to the first of them.
    """
    with open_bytes(path) as stream:
        head = b"".join(stream.read(HEAD).partition(b"\n")[:2])
        wide = wide_encoding(head)
        if encoding is None and wide is not None:
            return Problem(
                f"{path} is written in {wide[:6].upper()}, not in UTF-8",
                hint=f"state it: `data.encoding: {wide}`",
            )
        # Versions of Python have different errors for a mark that is missing.
        if encoding is not None and not head.startswith(_marks_of(encoding)):
            return Problem(
                f"{path} is not in `{encoding}`: it does not begin with a byte order mark",
                hint=f"state `data.encoding: {wide or 'utf-8'}`",
            )
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding or "utf-8")()
        line, text, piece = 1, "", head
        while piece:
            last, piece = piece, stream.read(PIECE)
            state = decoder.getstate()
            try:
                text += decoder.decode(piece, final=not piece).removeprefix(MARK)
            except UnicodeDecodeError:
                decoder.setstate(state)
                before, length, undecodable = _first_undecodable(decoder, piece)
                lines = _LINE_END.split((text + before).removeprefix(MARK))
                rest = _LINE_END.split(_with_replacements(decoder, piece[length:]))[0]
                line += len(lines) - 1
                place = Place(str(path), line, len(lines[-1]) + 1, lines[-1] + rest)
                after = stream.read(READ_ON)
                return _problem_at(
                    place, undecodable, encoding, last + piece, len(last) + length, after
                )
            lines = _LINE_END.split(text)
            line, text = line + len(lines) - 1, lines[-1]
    return Problem(f"{path} is not in {_name(encoding)}")


def _marks_of(encoding: str) -> tuple[bytes, ...]:
    """The byte order marks, with one of which a file in an encoding has to begin."""
    match codecs.lookup(encoding).name:
        case "utf-16":
            return codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
        case "utf-32":
            return codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE
    return (b"",)


def _first_undecodable(decoder: codecs.IncrementalDecoder, piece: bytes) -> tuple[str, int, bytes]:
    """The text before the first bytes that fail, the number of bytes read until then, and these."""
    text = ""
    for number in range(len(piece) + 1):
        try:
            text += decoder.decode(piece[number : number + 1], final=number == len(piece))
        except UnicodeDecodeError as error:
            return text, number, error.object[error.start : error.end]
    return text, len(piece), b""


def _with_replacements(decoder: codecs.IncrementalDecoder, piece: bytes) -> str:
    decoder.errors = "replace"
    return decoder.decode(piece, final=True)


def _problem_at(
    place: Place, undecodable: bytes, encoding: str | None, piece: bytes, length: int, after: bytes
) -> Problem:
    """The problem of bytes that are not in an encoding; they are near `length` in a `piece` of the
    file, which goes on with `after`."""
    if encoding is None and b"\0" in piece:
        return Problem(f"{place.source} is a binary file, not text", hint="name a text file")
    shown = " ".join(f"0x{byte:02x}" for byte in undecodable)
    are = "byte {} is" if len(undecodable) == 1 else "bytes {} are"
    message = f"the {are.format(shown)} not {'' if encoding is None else 'in '}{_name(encoding)}"
    start = max(0, length - len(undecodable))
    if encoding is None and is_mostly_utf8(piece + after):
        return Problem(message, place, _hint_for_line(piece, start))
    return Problem(message, place, _suggestions(piece, start, after, encoding))


def is_mostly_utf8(content: bytes) -> bool:
    """Whether most words with other letters than ASCII are UTF-8, so that the rest are damaged.

    In another encoding, hardly any word is UTF-8 by chance.
    """
    words = [word for word in _WORD.findall(content) if not word.isascii()]
    return 2 * sum(_reading("utf-8", word, word) is not None for word in words) > len(words)


def _hint_for_line(piece: bytes, start: int) -> str:
    """How to fix a line with bytes of another encoding, in a file that is UTF-8."""
    rest = re.split(rb"[\r\n]", piece[start:])[0]
    word, name = next(iter(_readings(piece[: start + len(rest)], start, b"", None).items()))
    return f"most of the file is UTF-8: write this line in UTF-8 too; `{name}` reads `{word}` here"


def _name(encoding: str | None) -> str:
    return "UTF-8" if encoding is None else f"`{encoding}`"


def likely_encodings(content: bytes) -> dict[str, str]:
    """The encodings in which a file may be that begins with this, the likelier first, and a word as
    each reads it; none where it is UTF-8."""
    wide = wide_encoding(content[:HEAD])
    if wide is not None:
        return {wide: content[:HEAD].decode(wide, "ignore").removeprefix(MARK)[:12]}
    if b"\0" in content:
        return {}  # a binary file, which is refused as UTF-8
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError as error:
        first, last = max(0, error.start - PIECE), error.end + HEAD
        after = content[last:][:READ_ON]
        if is_mostly_utf8(content[first:last] + after):
            return {}  # damaged, which is refused as UTF-8
        readings = _readings(content[first:last], error.start - first, after, None)
        return {encoding: word for word, encoding in readings.items()}
    return {}


def _suggestions(piece: bytes, start: int, after: bytes, stated: str | None) -> str:
    """The encodings of `_readings` in a sentence."""
    readings = _readings(piece, start, after, stated)
    shown = [f"`data.encoding: {name}` reads `{word}`" for word, name in readings.items()]
    return "state how it is written: " + ", ".join(shown[:SUGGESTED])


def _readings(piece: bytes, start: int, after: bytes, stated: str | None) -> dict[str, str]:
    """Encodings that read a piece of a file and what is after it, by the word at `start` in each.

    Of text in letters of its own, hardly a letter near others is ASCII.
    """
    first = next((each for each in _WORD.finditer(piece) if each.end() > start), None)
    sample = piece[first.start() if first else start :] + after
    words = [word for word in _WORD.findall(sample) if not word.isascii()]
    letters = b"".join(words)
    high = sum(byte > 0x7F for byte in letters)
    word = first[0] if first else b""
    readings: dict[str, str] = {}
    for encoding in WESTERN if 2 * high <= len(letters) else OTHERS:
        is_control = encoding == "latin-1" and re.search(rb"[\x80-\x9f]", sample)
        if encoding != stated and not is_control and (read := _reading(encoding, sample, word)):
            readings.setdefault(read, encoding)
    if not readings:
        readings[word.decode("latin-1")] = "latin-1"
    return readings


def _reading(encoding: str, sample: bytes, word: bytes) -> str | None:
    """A word of a sample as an encoding reads it; None if the sample is not in that encoding."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
        return word.decode(encoding)
    except UnicodeDecodeError:
        return None
