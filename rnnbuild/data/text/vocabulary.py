"""Which words have an id of their own, and the ids of those that have none.

An exported model has a copy of this file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.text.shapes import shapes_of
from rnnbuild.data.text.tokeniser import EMPTY

UNKNOWN = 1
FIRST_WORD = 2
"""0 is `examples.encoded.PADDING`."""
PADDING_NAME = ("padding",)
UNKNOWN_NAME = ("unknown",)


@dataclass(frozen=True)
class Vocabulary:
    """The words of the training split that have an id, from FIRST_WORD on, most frequent first.

    `shapes` follow the words: each is the id of those unknown words that look like it. A word
    with no such shape, and every unknown word where there are no shapes, is UNKNOWN.
    """

    words: tuple[str, ...]
    shapes: tuple[str, ...] = ()

    @cached_property
    def ids(self) -> Mapping[str, int]:
        return {word: number for number, word in enumerate(self.words, FIRST_WORD)}

    @cached_property
    def _shape_ids(self) -> Mapping[str, int]:
        first = FIRST_WORD + len(self.words)
        return {shape: number for number, shape in enumerate(self.shapes, first)}

    @property
    def size(self) -> int:
        """Number of ids, including padding and unknown: an embedding's input_dim."""
        return FIRST_WORD + len(self.words) + len(self.shapes)

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """What each id stands for: a word and a shape may be spelled alike."""
        words = (("word", word) for word in self.words)
        return PADDING_NAME, UNKNOWN_NAME, *words, *(("shape", shape) for shape in self.shapes)

    def __contains__(self, word: object) -> bool:
        return word in self.ids

    def id_of(self, word: str) -> int:
        """The id of a word, of its finest known shape, or UNKNOWN."""
        own_id = self.ids.get(word)
        if own_id is not None:
            return own_id
        if not self.shapes or word == EMPTY:
            return UNKNOWN
        shapes = (self._shape_ids.get(shape) for shape in shapes_of(word))
        return next((shape for shape in shapes if shape is not None), UNKNOWN)

    def lookup(self, words: Sequence[str]) -> NDArray[np.int32]:
        """The id of each word, int32 (words,)."""
        return np.fromiter(map(self.id_of, words), np.int32, len(words))
