"""Sentences in lines: broken between words, never inside a number, a quoted name or a command."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rich.cells import cell_len

WIDEST = 100
"""Columns; longer lines are hard to read, however wide the terminal."""
# A word; `quoted names` and `commands to paste` are one, as are a number and its unit.
_WORD = re.compile(r"(?:`[^`\n]{1,80}`|(?<=\d) (?=(?:%|[kMGTP]?B)(?!\w))|\S)+")
# An item of a list, with the comma after it.
_ITEM = re.compile(r"[^,\s](?:[^,]|,(?! ))*,?")
# Chinese and Japanese have no spaces, and a line may end after most of their characters (UAX #14).
_IDEOGRAPH = (
    "[\u2e80-\u312f\u3190-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003fffd]"
)
_PART = re.compile(f"{_IDEOGRAPH}|(?:(?!{_IDEOGRAPH}).)+")


def wrapped(
    text: str,
    width: int | None,
    indent: str = "",
    hanging: str | None = None,
    widest: int = WIDEST,
    between: Literal["words", "items"] = "words",
) -> list[str]:
    """The lines of a text, each at most `width` columns wide unless a single word is wider.

    Without a width, only the text's own line breaks count. `indent`, which may be a name before
    the text, begins the first line as it is; `hanging`, by default what begins the first, those
    that follow it.
    """
    lines: list[str] = []
    room = None if width is None else min(width, widest)
    for line in text.split("\n"):
        begin = indent + line[: len(line) - len(line.lstrip())]
        if room is None or cell_len(indent + line) <= room:
            lines.append((indent + line).rstrip())
            continue
        hung = begin if hanging is None else hanging
        words = (_WORD if between == "words" else _ITEM).findall(line)
        lines += _filled(_parts(words, room - cell_len(hung)), room, begin, hung)
    return lines


def _filled(parts: Iterator[tuple[str, str]], room: int, begin: str, hanging: str) -> Iterator[str]:
    line, used = begin, cell_len(begin)
    begun = False
    for gap, part in parts:
        long = cell_len(part)
        if begun and used + len(gap) + long > room:
            yield line
            line, used, gap = hanging, cell_len(hanging), ""
        gap = gap if begun else ""
        line, used, begun = f"{line}{gap}{part}", used + len(gap) + long, True
    yield line


def _parts(words: Sequence[str], room: int) -> Iterator[tuple[str, str]]:
    """What a line may be broken between, each part with the gap before it."""
    for word in words:
        gap = " "
        if cell_len(word) <= room:
            yield gap, word
            continue
        for part in _PART.findall(word):
            yield gap, part
            gap = ""
