"""Rows of text as codes of their words, by the rule of the tokeniser.

The tokeniser splits one text after the other, which takes two seconds for a million words. Most
pieces between spaces have occurred before: here each different piece is split once, and a text
becomes the numbers of its pieces (`pieces`), whose codes are then put in their places.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np

from rnnbuild.data.text.pieces import Pieces
from rnnbuild.data.text.tokeniser import EMPTY, Tokeniser
from rnnbuild.data.text.tokens import Integers, Offsets, Tokens

MOST_PIECES = 1 << 21
"""Different pieces between spaces, or given words: those of a large corpus."""
BLOCK = 1 << 17
"""Bytes of text that are processed together: their arrays stay in the CPU's cache. Half or twice
as many take a tenth longer."""

CodeOf = Callable[[str], int]
"""A code for a word in its normal form."""


class Lexicon(dict[str, int]):
    """Codes of distinct words, given in the order they are first seen."""

    def __init__(self) -> None:
        super().__init__({EMPTY: 0})

    def __missing__(self, word: str) -> int:
        code = self[word] = len(self)
        return code


class TokenReader:
    """Reads several splits into tokens that share one table of words, or have codes already.

    A row without words has code 0. Reading adds to what the reader remembers: not for several
    threads at once.
    """

    def __init__(
        self, tokeniser: Tokeniser, code_of: CodeOf | None = None, most_pieces: int = MOST_PIECES
    ):
        """`most_pieces`: different pieces that are remembered at once, about 0.2 kB each."""
        self.tokeniser = tokeniser
        self.most_pieces = most_pieces
        self.table = Lexicon()
        self.code_of = code_of or self.table.__getitem__
        self._words = _Words(tokeniser, self.code_of)
        self._pieces, self._split = Pieces(), _SplitPieces(tokeniser, self.code_of)

    def read(self, texts: Iterable[str]) -> tuple[Integers, Offsets]:
        """Codes and offsets of running text; `tokens` puts the words to them."""
        if self.tokeniser.level == "character":
            normal = [self.tokeniser.normal(text) for text in texts]
            return _with_offsets(
                *self._characters([text if text.strip() else "" for text in normal])
            )
        rows = [text.encode() for text in texts]
        return self.read_joined(b"\n".join(rows), np.fromiter(map(len, rows), np.int64, len(rows)))

    def read_joined(self, text: bytes, sizes: Offsets) -> tuple[Integers, Offsets]:
        """The same for UTF-8: texts of `sizes` bytes, with a line feed between them."""
        text += b"\n"
        row_ends = np.cumsum(sizes + 1) - 1  # the position of the line feed after each row
        parts = [(np.zeros(0, np.int32), np.zeros(0, np.int64))]
        row = start = 0
        while row < len(row_ends):
            # Whole rows up to BLOCK bytes, or one that is longer.
            after = max(int(np.searchsorted(row_ends, start + BLOCK)), row + 1)
            end = int(row_ends[after - 1]) + 1
            numbers, counts, new = self._pieces.numbers_of(
                text[start:end], row_ends[row:after] - start
            )
            if new:
                self._split.add(new)
            parts.append(self._split.codes_of(numbers, counts))
            row, start = after, end
        if self._pieces.count > self.most_pieces:
            self._pieces, self._split = Pieces(), _SplitPieces(self.tokeniser, self.code_of)
        codes, counts_of_words = zip(*parts, strict=True)
        return _with_offsets(np.concatenate(codes), np.concatenate(counts_of_words))

    def read_words(self, rows: Iterable[Sequence[str]]) -> tuple[Integers, Offsets]:
        """Codes and offsets of rows that come as words already."""
        rows = list(rows)
        counts = np.fromiter(map(len, rows), np.int64, len(rows))
        codes = np.fromiter(
            map(self._words.__getitem__, chain.from_iterable(rows)), np.int32, int(counts.sum())
        )
        if len(self._words) > self.most_pieces:
            self._words.clear()
        return _with_offsets(codes, counts)

    def tokens(self, parts: Iterable[tuple[Integers, Offsets]]) -> tuple[Tokens, ...]:
        """What was read, once all of it is: the table of words is the same for all parts."""
        words = tuple(self.table)
        return tuple(Tokens(words, codes, offsets) for codes, offsets in parts)

    def _characters(self, texts: Sequence[str]) -> tuple[Integers, Offsets]:
        points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        distinct, which = np.unique(points, return_inverse=True)
        codes = np.array([self.code_of(chr(point)) for point in distinct.tolist()], np.int32)
        return codes[which], np.fromiter(map(len, texts), np.int64, len(texts))


class _Words(dict[str, int]):
    """Words as they are written, to the codes of their normal forms."""

    def __init__(self, tokeniser: Tokeniser, code_of: CodeOf):
        super().__init__()
        self.tokeniser = tokeniser
        self.code_of = code_of

    def __missing__(self, word: str) -> int:
        code = self[word] = self.code_of(self.tokeniser.normal(word))
        return code


class _SplitPieces:
    """The codes of the words of each piece between spaces, by the numbers of `Pieces`.

    codes: int32, the words of all pieces end to end
    ends:  int64 (pieces + 1,), where in `codes` those of each piece begin, and the end
    only:  int32 (pieces,), a piece's word where it is one, else -1
    """

    def __init__(self, tokeniser: Tokeniser, code_of: CodeOf):
        self.tokeniser = tokeniser
        self.code_of = code_of
        # Arrays of Python's: they grow in place, and NumPy views them.
        self.codes, self.only = array("i"), array("i")
        self.ends = array("q", (0,))

    def add(self, pieces: list[bytes]) -> None:
        """Split all of them at once, a line feed between them: one by one takes twice as long."""
        text = self.tokeniser.normal(b"\n".join(pieces).decode())
        words = self.tokeniser.words_of_lines(text)
        code_of = self.code_of
        # -1 for the line feed after each piece but the last; between two, a piece's own words.
        marked = np.array([-1 if word == "\n" else code_of(word) for word in words], np.int32)
        counts = np.diff(np.flatnonzero(marked < 0), prepend=-1, append=len(marked)) - 1
        codes, ends = marked[marked >= 0], np.cumsum(counts)
        only = np.full(len(counts), -1, np.int32)
        only[counts == 1] = codes[ends[counts == 1] - 1]
        self.ends.frombytes((ends + len(self.codes)).tobytes())
        self.codes.frombytes(codes.tobytes())
        self.only.frombytes(only.tobytes())

    def codes_of(self, pieces: Integers, counts: Offsets) -> tuple[Integers, Offsets]:
        """The codes of all words of some pieces; `counts` are pieces a row, then words a row."""
        # The arrays cannot grow while they are viewed, which is until this returns.
        codes = np.frombuffer(self.only, np.int32).take(pieces)
        several = np.flatnonzero(codes < 0)
        if not len(several):
            return codes, counts
        ends, table = np.frombuffer(self.ends, np.int64), np.frombuffer(self.codes, np.int32)
        # lengths (pieces,): words of each piece, most of which have one; sizes (several,) are
        # those of the others, and firsts where in `table` these begin.
        lengths = np.ones(len(pieces), np.int64)
        firsts = ends[pieces[several]]
        lengths[several] = sizes = ends[pieces[several] + 1] - firsts
        before = np.concatenate(([0], np.cumsum(lengths)))  # words before each piece, and all
        # Each piece gets as much room as it has words; those of one word are in it already. Over
        # the others, steps (their words,) runs 0, 1, ... in each, both to read and to write.
        codes = np.repeat(codes, lengths)
        steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        codes[np.repeat(before[several], sizes) + steps] = table[np.repeat(firsts, sizes) + steps]
        return codes, np.diff(before[np.concatenate(([0], np.cumsum(counts)))])


def _with_offsets(codes: Integers, counts: Offsets) -> tuple[Integers, Offsets]:
    """Codes and offsets of rows of `counts` codes; a row without any gets code 0, that of EMPTY."""
    lengths = np.maximum(counts, 1)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    if len(codes) == offsets[-1]:
        return codes, offsets
    real = np.ones(offsets[-1], bool)
    real[offsets[:-1][counts == 0]] = False
    filled = np.zeros(offsets[-1], np.int32)
    filled[real] = codes
    return filled, offsets
