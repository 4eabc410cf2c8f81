"""Rows of tokens, stored as codes into one table of distinct words.

A corpus of millions of words then costs four bytes a word, and counting, looking up and cutting
are array operations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int32]
Offsets = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tokens(Sequence[tuple[str, ...]]):
    """Row i is the words that codes[offsets[i]:offsets[i+1]] stand for.

    words:   distinct words; words[0] is EMPTY, the token of an empty text
    codes:   int32 (total,), positions in `words`
    offsets: int64 (rows + 1,), rising from 0 to total
    """

    words: tuple[str, ...]
    codes: Integers
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[tuple[str, ...], ...]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        if isinstance(index, slice):
            return tuple(self[row] for row in range(len(self))[index])
        row = range(len(self))[index]
        return tuple(
            self.words[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]]
        )

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return (self[row] for row in range(len(self)))

    @property
    def lengths(self) -> Offsets:
        """Tokens per row, int64 (rows,)."""
        return np.diff(self.offsets)

    @property
    def counts(self) -> Offsets:
        """Number of occurrences of each of `words` in these rows, int64 (len(words),)."""
        return np.bincount(self.codes, minlength=len(self.words))

    def lookup(self, ids: Mapping[str, int], default: int) -> Integers:
        """The id of every token, int32 (total,); `default` where a word has none."""
        table = np.fromiter((ids.get(word, default) for word in self.words), np.int32)
        return table[self.codes] if len(self.codes) else np.zeros(0, np.int32)

    def rows_of_tokens(self) -> Offsets:
        """The row of each token, int64 (total,)."""
        return np.repeat(np.arange(len(self)), self.lengths)


def cut(
    offsets: Offsets, max_length: int, end: Literal["end", "start"]
) -> tuple[NDArray[np.bool_], Offsets]:
    """Which steps remain when sequences are cut to `max_length`, bool (total,), and new offsets.

    `offsets` (rows + 1,) begin with 0.
    """
    lengths = np.diff(offsets)
    position = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    if end == "end":
        remains = position < max_length
    else:
        remains = position >= np.repeat(lengths - max_length, lengths)
    shortened = np.concatenate(([0], np.cumsum(np.minimum(lengths, max_length))))
    return remains, shortened.astype(np.int64)
