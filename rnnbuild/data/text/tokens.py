"""Rows of tokens, held as codes into one table of distinct words.

A corpus of millions of words then costs four bytes a word, and counting, looking up and cutting
are array operations.
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.text.pieces import Pieces
from rnnbuild.data.text.tokeniser import EMPTY, Tokeniser, words_and_spaces

MOST_PIECES = 1 << 21
"""Different pieces between spaces that are remembered at once."""
BLOCK = 1 << 16
"""Bytes of text that are looked at together: what is made of so many stays in the processor's
cache, where the same array operations take half the time."""
LOADED_PAYS, IMPORT_PAYS = 8 << 20, 128 << 20
"""Bytes of text from which on the compiled loop saves more time than it takes to load it, where
Numba is in memory anyway and where it is not."""

Integers = NDArray[np.int32]
Offsets = NDArray[np.int64]
CodeOf = Callable[[str], int]
"""A code for a word in its normal form."""


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


def cut(
    offsets: Offsets, max_length: int, end: Literal["end", "start"]
) -> tuple[NDArray[np.bool_], Offsets]:
    """Which steps stay when sequences lose all over `max_length`, bool (total,); new offsets.

    `offsets` (rows + 1,) begin with 0.
    """
    lengths = np.diff(offsets)
    position = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    if end == "end":
        kept = position < max_length
    else:
        kept = position >= np.repeat(lengths - max_length, lengths)
    shortened = np.concatenate(([0], np.cumsum(np.minimum(lengths, max_length))))
    return kept, shortened.astype(np.int64)


class Lexicon(dict[str, int]):
    """Codes of distinct words, given in the order they are first seen."""

    def __init__(self) -> None:
        super().__init__({EMPTY: 0})

    def __missing__(self, word: str) -> int:
        code = self[word] = len(self)
        return code


class _Words(dict[str, int]):
    """Words as they are written, to the codes of their normal forms."""

    def __init__(self, tokeniser: Tokeniser, code_of: CodeOf):
        super().__init__()
        self.tokeniser = tokeniser
        self.code_of = code_of

    def __missing__(self, word: str) -> int:
        code = self[word] = self.code_of(self.tokeniser.normal(word))
        return code


def loop_pays(size: int) -> bool:
    """Whether so many bytes of text are worth the compiled loop."""
    return size >= (LOADED_PAYS if "numba" in sys.modules else IMPORT_PAYS)


class _WordsOfPieces:
    """What stands between spaces, as the codes of its words: split once, however often seen.

    codes: int32, the words of all pieces end to end
    ends:  int64 (pieces + 1,), where in `codes` those of each piece begin, and the end
    only:  int32 (pieces,), a piece's word where it is one, else -1
    """

    def __init__(self, tokeniser: Tokeniser, code_of: CodeOf):
        self.tokeniser = tokeniser
        self.code_of = code_of
        self.codes, self.only = array("i"), array("i")
        self.ends = array("q", (0,))

    def add(self, pieces: list[bytes]) -> None:
        """Split all of them at once, a line feed between them: one by one takes twice as long."""
        text = self.tokeniser.normal(b"\n".join(pieces).decode())
        words = words_and_spaces(text)
        if not text.isascii():
            # A piece may hold white space that ASCII lacks.
            words = [word for word in words if word == "\n" or not word.isspace()]
        code_of = self.code_of
        found = np.array([-1 if word == "\n" else code_of(word) for word in words], np.int32)
        counts = np.diff(np.flatnonzero(found < 0), prepend=-1, append=len(found)) - 1
        codes, ends = found[found >= 0], np.cumsum(counts)
        only = np.full(len(counts), -1, np.int32)
        only[counts == 1] = codes[ends[counts == 1] - 1]
        self.ends.frombytes((ends + len(self.codes)).tobytes())
        self.codes.frombytes(codes.tobytes())
        self.only.frombytes(only.tobytes())

    # What follows views the arrays, which cannot grow until it returns.

    def words(self, pieces: Integers, counts: Offsets) -> tuple[Integers, Offsets]:
        """The codes of all words of some pieces; `counts` are pieces a row, then words a row."""
        codes = np.frombuffer(self.only, np.int32).take(pieces)
        several = np.flatnonzero(codes < 0)
        if not len(several):
            return codes, counts
        ends, table = np.frombuffer(self.ends, np.int64), np.frombuffer(self.codes, np.int32)
        lengths = np.ones(len(pieces), np.int64)
        firsts = ends[pieces[several]]
        lengths[several] = sizes = ends[pieces[several] + 1] - firsts
        before = np.concatenate(([0], np.cumsum(lengths)))
        codes = np.repeat(codes, lengths)
        steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        codes[np.repeat(before[several], sizes) + steps] = table[np.repeat(firsts, sizes) + steps]
        return codes, np.diff(before[np.concatenate(([0], np.cumsum(counts)))])

    def words_by_loop(self, pieces: Integers, counts: Offsets) -> tuple[Integers, Offsets]:
        """The same as `words`, by the compiled loop."""
        from rnnbuild.data.text.compiled import words_of_pieces

        ends, table = np.frombuffer(self.ends, np.int64), np.frombuffer(self.codes, np.int32)
        codes, counts = words_of_pieces(pieces, counts, ends, table)
        return codes, counts


class _Splitter:
    """Running text into the codes of its words."""

    def __init__(self, tokeniser: Tokeniser, code_of: CodeOf, expected: int):
        self.tokeniser = tokeniser
        self.code_of = code_of
        self.expected = expected
        self.read = 0
        self._forget()

    def words(self, text: bytes, row_ends: Offsets) -> tuple[Integers, Offsets]:
        """The codes of all words of a text, and of each row its number of words.

        `row_ends` are the places of the line feeds that end each row.
        """
        self.read += len(text)
        if loop_pays(max(self.read, self.expected)):
            found = self.known.words_by_loop(*self.pieces.numbers_by_loop(text, row_ends))
        else:
            found = self._by_blocks(text, row_ends)
        if self.pieces.count > MOST_PIECES:
            self._forget()
        return found

    def _by_blocks(self, text: bytes, row_ends: Offsets) -> tuple[Integers, Offsets]:
        parts: list[tuple[Integers, Offsets]] = []
        row = start = 0
        while row < len(row_ends):
            fitting = int(np.searchsorted(row_ends, start + BLOCK))
            after = max(fitting, row + 1)
            end = int(row_ends[after - 1]) + 1
            pieces = self.pieces.numbers_of(text[start:end], row_ends[row:after] - start)
            parts.append(self.known.words(*pieces))
            row, start = after, end
        codes, counts = zip(*parts, strict=True)
        return np.concatenate(codes), np.concatenate(counts)

    def _forget(self) -> None:
        # Apart from this, which would otherwise be part of a circle, and stay for a while with all
        # words there are, once it is used no more.
        self.known = _WordsOfPieces(self.tokeniser, self.code_of)
        self.pieces = Pieces(self.known.add)


class TokenReader:
    """Reads several splits into tokens that share one table of words, or have codes already.

    `expected` bytes of text are to come, as far as is known. A row without words has code 0.
    """

    def __init__(self, tokeniser: Tokeniser, expected: int = 0, code_of: CodeOf | None = None):
        self.tokeniser = tokeniser
        self.table = Lexicon()
        self.code_of = code_of or self.table.__getitem__
        self._words = _Words(tokeniser, self.code_of)
        self._splitter = _Splitter(tokeniser, self.code_of, expected)

    def read(self, texts: Iterable[str]) -> tuple[Integers, Offsets]:
        """Codes and offsets of running text; `tokens` puts the words to them."""
        if self.tokeniser.level == "character":
            normal = [self.tokeniser.normal(text) for text in texts]
            return _laid_out(*self._characters([text if text.strip() else "" for text in normal]))
        rows = [text.encode() for text in texts]
        return self.read_joined(b"\n".join(rows), np.fromiter(map(len, rows), np.int64, len(rows)))

    def read_joined(self, text: bytes, sizes: Offsets) -> tuple[Integers, Offsets]:
        """The same of words in UTF-8: texts of so many bytes, a line feed between them."""
        if not len(sizes):
            return _laid_out(np.zeros(0, np.int32), sizes)
        return _laid_out(*self._splitter.words(text + b"\n", np.cumsum(sizes + 1) - 1))

    def _characters(self, texts: Sequence[str]) -> tuple[Integers, Offsets]:
        points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        distinct, which = np.unique(points, return_inverse=True)
        codes = np.array([self.code_of(chr(point)) for point in distinct.tolist()], np.int32)
        return codes[which], np.fromiter(map(len, texts), np.int64, len(texts))

    def read_words(self, rows: Iterable[Sequence[str]]) -> tuple[Integers, Offsets]:
        """Codes and offsets of rows that come as words already."""
        return _laid_out(*_looked_up(list(rows), self._words))

    def tokens(self, parts: Iterable[tuple[Integers, Offsets]]) -> tuple[Tokens, ...]:
        """What was read, once all of it is: the table of words is the same for all parts."""
        words = tuple(self.table)
        return tuple(Tokens(words, codes, offsets) for codes, offsets in parts)


def _looked_up(rows: Sequence[Sequence[str]], codes: dict[str, int]) -> tuple[Integers, Offsets]:
    """The codes of all rows' elements end to end, and each row's number of them."""
    counts = np.fromiter(map(len, rows), np.int64, len(rows))
    found = map(codes.__getitem__, chain.from_iterable(rows))
    return np.fromiter(found, np.int32, int(counts.sum())), counts


def _laid_out(codes: Integers, counts: Offsets) -> tuple[Integers, Offsets]:
    """Codes and offsets of rows of so many codes; a row without any gets code 0, that of EMPTY."""
    lengths = np.maximum(counts, 1)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    if len(codes) == offsets[-1]:
        return codes, offsets
    real = np.ones(offsets[-1], bool)
    real[offsets[:-1][counts == 0]] = False
    filled = np.zeros(offsets[-1], np.int32)
    filled[real] = codes
    return filled, offsets
