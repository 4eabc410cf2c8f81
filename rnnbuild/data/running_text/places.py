"""Where in its files a token of running text is."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import SPLITS, SplitName
from rnnbuild.data.rows.rows import Rows
from rnnbuild.data.running_text.tokens import LINE_END

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class LinesOfText:
    """The lines of texts that are read one after the other; a row of these is a file, or a cell."""

    places: Sequence[tuple[str, int]]
    """The file of each row and the line in which it begins; none for a bundled dataset."""
    firsts: Sequence[int]
    """The number of the first line of each row, from 0."""

    def place(self, line: int) -> str:
        """`file:line` of a line with this number, from 0; empty for a bundled dataset."""
        if not self.places:
            return ""
        row = bisect_right(self.firsts, line) - 1
        source, begin = self.places[row]
        return f"{source}:{begin + line - self.firsts[row]}"


def lines_of_text(rows: Rows) -> LinesOfText:
    """The lines of all rows, each of which ends with a line end, whether it has one or not."""
    lines = [number_of_lines(text) for text in rows.texts]
    firsts = [0, *accumulate(lines)][: len(lines)]
    named = rows.lines and all(rows.sources)
    return LinesOfText(list(zip(rows.sources, rows.lines, strict=True)) if named else [], firsts)


def number_of_lines(text: str) -> int:
    """As tokens count them, for which CR LF and CR end a line as LF does."""
    ends = text.count(LINE_END)
    if "\r" in text:
        ends += text.count("\r") - text.count("\r\n")
    return ends + (not text.endswith((LINE_END, "\r")))


def place_of_token(
    parts: Mapping[SplitName, LinesOfText],
    ids: Mapping[SplitName, Ids],
    line_end: int | None,
    name: SplitName,
    token: int,
) -> str:
    """`file:line` of a token of a split, by its number from 0.

    `parts` are the texts of the splits that have their own; the others are the end of the training
    text. `line_end` is the id of a line's end: empty where the model does not know it, so that
    lines cannot be counted.
    """
    if line_end is None:
        return ""
    own = name if name in parts else "train"
    of_same_text = [
        each for each in SPLITS if each == own or (own == "train" and each not in parts)
    ]
    earlier = of_same_text[: of_same_text.index(name)]
    lines = [*(ids[each] for each in earlier), ids[name][:token]]
    return parts[own].place(sum(int(np.count_nonzero(part == line_end)) for part in lines))
