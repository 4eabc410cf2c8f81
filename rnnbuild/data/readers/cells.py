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

LINE_FEED, RETURN = b"\n\r"

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """lines:   number of lines of the block before each record, int64 (records,)
    columns:    the cells of those columns that were asked for
    joined:     each record of which two lines or more have as many delimiters as a record of one,
                and the number of lines before it
    line_count: number of lines of the block that the records occupy
    rest:       what follows the last whole record
    """

    lines: Places
    columns: list[list[str]]
    joined: list[tuple[int, str]]
    line_count: int
    rest: str


def cells_of(
    text: str, delimiter: str, width: int, wanted: Sequence[int], quote: str = '"'
) -> Cells | None:
    """Columns `wanted` of a block that begins with a record, each of which has `width` fields.

    An empty `quote` means that fields have none around them. None for an unusual block: one with
    records of another width, of empty fields alone or blank lines, with quotes inside plain
    fields, with lines that end in \\r alone, or without a whole record.
    """
    if not delimiter.isascii():
        return None
    sign = ord(quote) if quote else -1
    content = text.encode()
    signs = np.frombuffer(content, np.uint8)
    marks = (signs == LINE_FEED) | (signs == ord(delimiter))
    quoted = quote != "" and sign in content
    if quoted:
        marks |= signs == sign
    places = np.flatnonzero(marks)
    kinds = signs[places]
    quotes = places[:0]
    separators = places
    if quoted:
        outside = np.cumsum(kinds == sign) % 2 == 0
        separators = places[outside & (kinds != sign)]
    ends = separators[signs[separators] == LINE_FEED]
    if not len(ends):
        return None
    size = int(ends[-1]) + 1
    if b"\r" in content and content.count(b"\r", 0, size) != content.count(b"\r\n", 0, size):
        return None
    if quoted:
        quotes = places[(kinds == sign) & (places < size)]
        if not _pair_off(signs, quotes, ord(delimiter), sign):
            return None
    last = separators[separators < size]
    if len(last) != width * len(ends) or not (last[width - 1 :: width] == ends).all():
        return None
    starts = np.concatenate(([0], last[:-1] + 1)).reshape(-1, width)
    stops = last.reshape(-1, width)
    stops[:, -1] -= signs[np.maximum(stops[:, -1] - 1, 0)] == RETURN
    if (stops[:, -1] - starts[:, 0] < width).any():
        return None  # a record may have nothing but delimiters
    ascii_text = text if len(text) == len(content) else None
    columns = [
        _cells(content, ascii_text, quote, quotes, starts[:, column], stops[:, column])
        for column in wanted
    ]
    line_feeds = places[(kinds == LINE_FEED) & (places < size)] if quoted else ends
    lines = np.searchsorted(line_feeds, starts[:, 0])
    joined = [
        (int(lines[row]), content[starts[row, 0] : stops[row, -1]].decode())
        for row in _with_lines_like_records(
            places[kinds == ord(delimiter)], line_feeds, lines, width
        )
    ]
    return Cells(lines, columns, joined, len(line_feeds), content[size:].decode())


def _with_lines_like_records(
    delimiters: Places, line_feeds: Places, lines: Places, width: int
) -> list[int]:
    """The records of which two lines or more have `width - 1` delimiters, in quotes or not.

    `lines` (records,) is the line that each record begins in.
    """
    if width == 1 or len(lines) == len(line_feeds):
        return []
    counts = np.diff(np.searchsorted(delimiters, line_feeds), prepend=0)
    like_records = np.add.reduceat((counts == width - 1).astype(np.int64), lines)
    rows: list[int] = np.flatnonzero(like_records > 1).tolist()
    return rows


def _pair_off(signs: Bytes, quotes: Places, delimiter: int, quote: int) -> bool:
    """Whether each opening quote begins a field and each closing one ends it, or both are doubled.

    The last of `signs` that counts is a line feed outside quotes.
    """
    before = signs[quotes[::2] - 1]
    if len(quotes) and quotes[0] == 0:
        before[0] = LINE_FEED
    after = signs[quotes[1::2] + 1]
    begins = (before == delimiter) | (before == LINE_FEED) | (before == quote)
    ends = (after == delimiter) | (after == LINE_FEED) | (after == quote) | (after == RETURN)
    return bool(begins.all() and ends.all())


def _cells(
    content: bytes, text: str | None, quote: str, quotes: Places, starts: Places, stops: Places
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
        cells[row] = cells[row].replace(quote * 2, quote)
    return cells
