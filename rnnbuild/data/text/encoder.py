"""Running text as ids of a vocabulary, chunk by chunk, for predict and scoring."""

from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np

from rnnbuild.data.text.token_reader import TokenReader
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.tokens import Integers, Offsets
from rnnbuild.data.text.vocabulary import UNKNOWN, Vocabulary


class TextEncoder:
    """Remembers the pieces of text that it has seen, with the ids of their words.

    Threads take turns at it: nearly all of the work would wait for Python's lock anyway.
    """

    def __init__(self, tokeniser: Tokeniser, vocabulary: Vocabulary):
        self._reader = TokenReader(tokeniser, vocabulary.id_of)
        self._turn = Lock()

    def ids_of(self, texts: Iterable[str]) -> tuple[Integers, Offsets]:
        """The ids of all texts end to end, and offsets (texts + 1,) from 0 on.

        An empty text is one unknown word.
        """
        rows = list(
            texts
        )  # an iterable may itself encode, so it is exhausted before the lock is taken
        with self._turn:
            codes, offsets = self._reader.read(rows)
        return np.maximum(codes, UNKNOWN), offsets

    def ids_of_words(self, rows: Iterable[Sequence[str]]) -> tuple[Integers, Offsets]:
        """The same for rows that are given as words; one without any is one unknown word."""
        rows = list(rows)
        with self._turn:
            codes, offsets = self._reader.read_words(rows)
        return np.maximum(codes, UNKNOWN), offsets
