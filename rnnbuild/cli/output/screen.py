"""What output goes to: how wide it is, whether it has colours, and what it must not be sent."""

import os
import sys
from collections.abc import Iterable
from functools import partial
from typing import TextIO

from rnnbuild.visible import visible, visible_lines
from rnnbuild.wording.layout import Paint
from rnnbuild.wording.prose import wrapped

STYLES = {
    "bold": "\x1b[1m",
    "name": "\x1b[1m",
    "header": "\x1b[1;36m",
    "drawing": "\x1b[36m",
    "good": "\x1b[32m",
    "warning": "\x1b[33m",
    "bad": "\x1b[1;31m",
}
OFF = "\x1b[0m"
USUAL_WIDTH = 80
"""Columns of a terminal that does not say how many it has."""


def width_of(stream: TextIO) -> int | None:
    """Columns of a stream: COLUMNS if that is a number of 1 or more, else its terminal's.

    None for a file or a pipe, which have no width: nothing is wrapped there.
    """
    stated = os.environ.get("COLUMNS", "")
    if stated.isascii() and stated.isdigit() and 0 < len(stated) < 6 and int(stated):
        return int(stated)
    if not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or USUAL_WIDTH
    except (OSError, ValueError):  # a terminal without a size, or a stream that only looks like one
        return USUAL_WIDTH


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads a stream as it is written; None is a stream that is closed."""
    return stream is not None and not stream.closed and stream.isatty()


def colours(stream: TextIO) -> bool:
    """Whether a stream gets colours: a terminal, or any with FORCE_COLOR, but none with NO_COLOR.

    https://no-color.org and https://force-color.org.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def painter(stream: TextIO) -> Paint:
    """A function that gives a text the colour of a style, where the stream has colours."""
    return partial(_painted, coloured=colours(stream))


def _painted(text: str, style: str | None, coloured: bool) -> str:
    return f"{STYLES[style]}{text}{OFF}" if coloured and style and text else text


def print_wrapped(sentences: Iterable[str], stream: TextIO | None = None) -> None:
    """Print sentences, wrapped between words to the width of stdout or of another stream."""
    stream = sys.stdout if stream is None else stream
    for sentence in sentences:
        for line in wrapped(visible(sentence), width_of(stream)):
            print(line, file=stream)


def print_note(text: str) -> None:
    """Print a note to stderr: one line of a log, and wrapped between words in a terminal alone."""
    width = width_of(sys.stderr) if is_terminal(sys.stderr) else None
    for line in wrapped(visible(f"note: {text}"), width):
        print(line, file=sys.stderr, flush=True)


class Answers:
    """Standard output for machine-readable rows: verbatim to a program, visible to a person."""

    def __init__(self) -> None:
        self._write = sys.stdout.write
        self._shown = visible_lines if is_terminal(sys.stdout) else str

    def write(self, text: str) -> int:
        return self._write(self._shown(text))
