"""The cells of a block of a table, all at once, where nothing in it is unusual.

Quotes are paired off: the text between each odd-numbered quote and the next is quoted. The csv
module reads a table in the same way only where each field with a quote begins and ends with one,
and each quote inside it is doubled; any other block is left to the csv module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LINE_FEED, RETURN, QUOTE = b'\n\r"'

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """lines:   number of lines of the block before each record, int64 (records,)
    columns:    the cells of those columns that were asked for
    line_count: number of lines of the block that the records occupy
    rest:       what follows the last whole record
    """

    lines: Places
    columns: list[list[str]]
    line_count: int
    rest: str


def cells_of(text: str, delimiter: str, width: int, wanted: Sequence[int]) -> Cells | None:
    """Columns `wanted` of a block that begins with a record, each of which has `width` fields.

    None for an unusual block: one with records of another width or blank lines, with
    quotes inside plain fields, with lines that end in \\r alone, or without a whole record.
    """
    if not delimiter.isascii():
        return None
    content = text.encode()
    signs = np.frombuffer(content, np.uint8)
    marks = (signs == LINE_FEED) | (signs == ord(delimiter))
    quoted = QUOTE in content
    if quoted:
        marks |= signs == QUOTE
    places = np.flatnonzero(marks)
    kinds = signs[places]
    quotes = places[:0]
    separators = places
    if quoted:
        outside = np.cumsum(kinds == QUOTE) % 2 == 0
        separators = places[outside & (kinds != QUOTE)]
    ends = separators[signs[separators] == LINE_FEED]
    if not len(ends):
        return None
    size = int(ends[-1]) + 1
    if b"\r" in content and content.count(b"\r", 0, size) != content.count(b"\r\n", 0, size):
        return None
    if quoted:
        quotes = places[(kinds == QUOTE) & (places < size)]
        if not _pair_off(signs, quotes, ord(delimiter)):
            return None
    last = separators[separators < size]
    if len(last) != width * len(ends) or not (last[width - 1 :: width] == ends).all():
        return None
    starts = np.concatenate(([0], last[:-1] + 1)).reshape(-1, width)
    stops = last.reshape(-1, width)
    stops[:, -1] -= signs[np.maximum(stops[:, -1] - 1, 0)] == RETURN
    if width == 1 and (starts == stops).any():
        return None
    ascii_text = text if len(text) == len(content) else None
    columns = [
        _cells(content, ascii_text, signs, quotes, starts[:, column], stops[:, column])
        for column in wanted
    ]
    line_feeds = places[(kinds == LINE_FEED) & (places < size)] if quoted else ends
    lines = np.searchsorted(line_feeds, starts[:, 0])
    return Cells(lines, columns, len(line_feeds), content[size:].decode())


def _pair_off(signs: Bytes, quotes: Places, delimiter: int) -> bool:
    """Whether each opening quote begins a field and each closing one ends it, or both are doubled.

    The last of `signs` that counts is a line feed outside quotes.
    """
    before = signs[quotes[::2] - 1]
    if len(quotes) and quotes[0] == 0:
        before[0] = LINE_FEED
    after = signs[quotes[1::2] + 1]
    begins = (before == delimiter) | (before == LINE_FEED) | (before == QUOTE)
    ends = (after == delimiter) | (after == LINE_FEED) | (after == QUOTE) | (after == RETURN)
    return bool(begins.all() and ends.all())


def _cells(
    content: bytes, text: str | None, signs: Bytes, quotes: Places, starts: Places, stops: Places
) -> list[str]:
    """The cells from `starts` to `stops`, without quotes around them; `text` where it is ASCII."""
    doubled = starts[:0]
    if len(quotes):
        held = np.searchsorted(quotes, stops) - np.searchsorted(quotes, starts)
        starts, stops = starts + (held > 0), stops - (held > 0)
        doubled = np.flatnonzero(held > 2)
    places: Any = zip(starts.tolist(), stops.tolist(), strict=True)
    if text is not None:
        cells = [text[start:stop] for start, stop in places]
    else:
        cells = [content[start:stop].decode() for start, stop in places]
    for row in doubled.tolist():
        cells[row] = cells[row].replace('""', '"')
    return cells
