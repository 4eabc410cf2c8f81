"""Which words have an id of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnbuild.data.tokeniser import EMPTY
from rnnbuild.data.tokens import Tokens

PADDING = 0
UNKNOWN = 1
FIRST_WORD = 2


@dataclass(frozen=True)
class Vocabulary:
    """The words of the training split that have an id, from FIRST_WORD on, most frequent first."""

    words: tuple[str, ...]

    @cached_property
    def ids(self) -> Mapping[str, int]:
        return {word: number for number, word in enumerate(self.words, FIRST_WORD)}

    @property
    def size(self) -> int:
        """How many ids there are, with those of padding and unknown: an embedding's input_dim."""
        return len(self.words) + FIRST_WORD

    def __contains__(self, word: object) -> bool:
        return word in self.ids


def vocabulary_of(tokens: Tokens, size: int | None = None, min_count: int = 1) -> Vocabulary:
    """The `size` most frequent words of `tokens`, each seen at least `min_count` times.

    `tokens` are those of the training split alone. Words seen equally often go by code point,
    so the order of the rows changes nothing.
    """
    counts = tokens.counts
    chosen = np.flatnonzero(counts >= max(1, min_count)).tolist()
    words = tokens.words
    ranked = sorted(
        (code for code in chosen if words[code] != EMPTY),
        key=lambda code: (-counts[code], words[code]),
    )
    return Vocabulary(tuple(words[code] for code in ranked[:size]))
