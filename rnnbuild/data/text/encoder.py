"""Running text as ids of a vocabulary, chunk by chunk, for predict and scoring."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np

from rnnbuild.data.text.token_reader import TokenReader
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.tokens import Integers, Offsets
from rnnbuild.data.text.vocabulary import UNKNOWN, Vocabulary
from rnnbuild.errors import DataError
from rnnbuild.formatting import is_encodable

MOST_PIECES = 1 << 18
"""Different pieces that are remembered: 60 MB of a process that answers for months."""


class TextEncoder:
    """Remembers the pieces of text that it has seen, with the ids of their words.

    Threads take turns at it: nearly all of the work would wait for Python's lock anyway.
    """

    def __init__(self, tokeniser: Tokeniser, vocabulary: Vocabulary):
        self._tokeniser = tokeniser
        self._reader = TokenReader(tokeniser, vocabulary.id_of, MOST_PIECES)
        self._turn = Lock()

    def ids_of(self, texts: Iterable[Any]) -> tuple[Integers, Offsets]:
        """The ids of all texts end to end, and offsets (texts + 1,) from 0 on.

        A text may be given as its tokens. An empty text is one unknown word. Raises DataError for
        what is neither.
        """
        # An iterable may itself encode, so it is exhausted before the lock is taken.
        rows = list(texts)
        if not are_kinds_of(rows, str):
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
    tokens = [tokens_of(row) if isinstance(row, str) else row for row in rows]
    # Types are looked at together: one by one, it would take a hundredth of the time of predict.
    lists = are_kinds_of(tokens, Sequence | np.ndarray)
    if lists and are_kinds_of(chain.from_iterable(tokens), str):
        return tokens
    number, row = next(
        (number, row)
        for number, row in enumerate(tokens, 1)
        if not isinstance(row, Sequence | np.ndarray) or not are_kinds_of(row, str)
    )
    raise DataError(
        f"input {number} is {row!r:.40}, neither a text nor a list of words",
        'a text is "two words", its words are ["two", "words"]',
    )


def are_kinds_of(values: Iterable[Any], kinds: Any) -> bool:
    """Whether all values are of one of these types."""
    return all(issubclass(kind, kinds) for kind in set(map(type, values)))
