"""Running text as ids of a vocabulary, chunk by chunk, for predict and scoring."""

from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any

import numpy as np

from rnnbuild.data.text.token_reader import TokenReader
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.tokens import Integers, Offsets
from rnnbuild.data.text.vocabulary import UNKNOWN, Vocabulary
from rnnbuild.errors import DataError
from rnnbuild.formatting import is_encodable


class TextEncoder:
    """Remembers the pieces of text that it has seen, with the ids of their words.

    Threads take turns at it: nearly all of the work would wait for Python's lock anyway.
    """

    def __init__(self, tokeniser: Tokeniser, vocabulary: Vocabulary):
        self._tokeniser = tokeniser
        self._reader = TokenReader(tokeniser, vocabulary.id_of)
        self._turn = Lock()

    def ids_of(self, texts: Iterable[Any]) -> tuple[Integers, Offsets]:
        """The ids of all texts end to end, and offsets (texts + 1,) from 0 on.

        A text may be given as its tokens. An empty text is one unknown word. Raises DataError for
        what is neither.
        """
        # An iterable may itself encode, so it is exhausted before the lock is taken.
        rows = list(texts)
        if not all(isinstance(row, str) for row in rows):
            return self.ids_of_words(tokens_given(rows, self._tokeniser.tokens))
        try:
            with self._turn:
                codes, offsets = self._reader.read(rows)
        except UnicodeEncodeError:
            number = next(n for n, row in enumerate(rows, 1) if not is_encodable(row))
            raise DataError(
                f"input {number} has half of a surrogate pair, which is no character",
                'decode the text again, with errors="replace"',
            ) from None
        return np.maximum(codes, UNKNOWN), offsets

    def ids_of_words(self, rows: Iterable[Sequence[str]]) -> tuple[Integers, Offsets]:
        """The same for rows that are given as words; one without any is one unknown word."""
        rows = list(rows)
        with self._turn:
            codes, offsets = self._reader.read_words(rows)
        return np.maximum(codes, UNKNOWN), offsets


def tokens_given(
    rows: Iterable[Any], tokens_of: Callable[[str], Sequence[str]]
) -> list[Sequence[str]]:
    """The tokens of each row: those of a text by `tokens_of`, those of a list as they are.

    Raises DataError for a row that is neither.
    """
    tokens: list[Sequence[str]] = []
    for number, row in enumerate(rows, 1):
        if isinstance(row, str):
            tokens.append(tokens_of(row))
        elif isinstance(row, Sequence | np.ndarray) and all(isinstance(t, str) for t in row):
            tokens.append(tuple(row))
        else:
            raise DataError(
                f"input {number} is {row!r:.40}, neither a text nor a list of words",
                'a text is "two words", its words are ["two", "words"]',
            )
    return tokens
