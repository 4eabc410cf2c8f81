"""Where the tokens of a text are in it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.running_text.tokens import LINE_END, RunningTokens
from rnnbuild.errors import Place

Places = NDArray[np.int64]


def starts_of(tokens: Sequence[str], text: str, tokeniser: RunningTokens) -> Places:
    """The place in a text, as `tokeniser.normal` gives it, of each token's first character.

    A byte that goes on with a character is at that character.
    """
    if tokeniser.level != "word":
        sizes = np.fromiter(map(tokeniser.characters, tokens), np.int64, len(tokens))
        places: Places = np.maximum(sizes.cumsum() - 1, 0)
        return places
    starts, end = np.empty(len(tokens), np.int64), 0
    for number, token in enumerate(tokens):
        starts[number] = text.index(token, end)
        end = int(starts[number]) + len(token)
    return starts


def lines_and_columns(starts: Places, text: str) -> tuple[Places, Places]:
    """The line and the column of each of these places in a text, both from 1."""
    code = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    first = np.concatenate(([0], np.flatnonzero(code == ord(LINE_END)) + 1))
    lines = np.searchsorted(first, starts, side="right")
    return lines, starts - first[lines - 1] + 1


def place_at(start: int, text: str, source: str, length: int) -> Place:
    """One of them, of so many characters, as an error names it."""
    before, line = text[:start], text[start:].partition(LINE_END)[0]
    begun = before.rpartition(LINE_END)[2]
    return Place(source, before.count(LINE_END) + 1, len(begun) + 1, begun + line, length)
