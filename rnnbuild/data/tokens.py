"""Rows of tokens, held as codes into one table of distinct words.

A corpus of millions of words then costs four bytes a word, and counting, looking up and cutting
are array operations.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import overload

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.tokeniser import EMPTY, Tokeniser, words_of

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
        """How often each of `words` stands in these rows, int64 (len(words),)."""
        return np.bincount(self.codes, minlength=len(self.words))

    def lookup(self, ids: Mapping[str, int], default: int) -> Integers:
        """The id of every token, int32 (total,); `default` where a word has none."""
        table = np.fromiter((ids.get(word, default) for word in self.words), np.int32)
        return table[self.codes] if len(self.codes) else np.zeros(0, np.int32)

    def rows_of_tokens(self) -> Offsets:
        """The row that each token stands in, int64 (total,)."""
        return np.repeat(np.arange(len(self)), self.lengths)


class Lexicon(dict[str, int]):
    """Codes of distinct words, given in the order they are first seen."""

    def __init__(self) -> None:
        super().__init__({EMPTY: 0})

    def __missing__(self, word: str) -> int:
        code = self[word] = len(self)
        return code


class _Pieces(dict[str, tuple[int, ...]]):
    """What stands between two spaces, to the codes of its words: split once, however often seen."""

    def __init__(self, lexicon: Lexicon):
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, piece: str) -> tuple[int, ...]:
        codes = self[piece] = tuple(self.lexicon[word] for word in words_of(piece))
        return codes


class TokenReader:
    """Reads several splits into tokens that share one table of words."""

    def __init__(self, tokeniser: Tokeniser):
        self.tokeniser = tokeniser
        self.lexicon = Lexicon()
        self._pieces = _Pieces(self.lexicon)

    def read(self, texts: Iterable[str]) -> tuple[Integers, Offsets]:
        """Codes and offsets of running text; `tokens` puts the words to them."""
        normal = self.tokeniser.normal
        if self.tokeniser.level == "character":
            return _gather(
                map(self.lexicon.__getitem__, text) if text.strip() else (0,)
                for text in map(normal, texts)
            )
        piece = self._pieces.__getitem__
        return _gather(
            chain.from_iterable(map(piece, pieces)) if pieces else (0,)
            for pieces in (normal(text).split() for text in texts)
        )

    def read_words(self, rows: Iterable[Sequence[str]]) -> tuple[Integers, Offsets]:
        """Codes and offsets of rows that come as words already."""
        code = self.lexicon.__getitem__
        normal = self.tokeniser.normal
        return _gather(map(code, map(normal, row)) if row else (0,) for row in rows)

    def tokens(self, parts: Iterable[tuple[Integers, Offsets]]) -> tuple[Tokens, ...]:
        """What was read, once all of it is: the table of words is the same for all parts."""
        words = tuple(self.lexicon)
        return tuple(Tokens(words, codes, offsets) for codes, offsets in parts)


def _gather(rows: Iterable[Iterable[int]]) -> tuple[Integers, Offsets]:
    codes, offsets = array("i"), array("q", (0,))
    for row in rows:
        codes.extend(row)
        offsets.append(len(codes))
    return np.asarray(codes, np.int32), np.asarray(offsets, np.int64)
