"""Which words have an id of their own, and the ids of those that have none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.text.shapes import learned_shapes, shapes_of
from rnnbuild.data.text.tokeniser import EMPTY
from rnnbuild.data.text.tokens import Tokens

UNKNOWN = 1
FIRST_WORD = 2
"""0 is `examples.encoded.PADDING`."""


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


def vocabulary_of(tokens: Tokens, size: int | None = None, min_count: int = 1) -> Vocabulary:
    """The `size` most frequent words of `tokens`, each seen at least `min_count` times.

    `tokens` are those of the training split alone.
    """
    return vocabulary_from(tokens.words, tokens.counts, size, min_count)


def vocabulary_from(
    words: Sequence[str],
    counts: NDArray[np.int64],
    size: int | None = None,
    min_count: int = 1,
    shapes: bool = False,
) -> Vocabulary:
    """The `size` most frequent words, each with a count of at least `min_count`.

    `counts` are those of the training split alone. Words seen equally often go by code point, so
    the order of the rows changes nothing. `shapes`: those that the other words of training have.
    """
    ranked = _ranked(words, counts, size, max(min_count, 1))
    chosen = tuple(words[code] for code in ranked)
    if not shapes:
        return Vocabulary(chosen)
    left = counts > 0
    left[ranked] = False
    rare = (words[code] for code in np.flatnonzero(left).tolist() if words[code] != EMPTY)
    return Vocabulary(chosen, learned_shapes(rare))


def _ranked(
    words: Sequence[str], counts: NDArray[np.int64], size: int | None, min_count: int
) -> list[int]:
    """The places of the `size` most frequent words: there may be millions, of which few are taken.

    So only words as frequent as the last of those are sorted.
    """
    frequent = np.flatnonzero(counts >= min_count)
    wanted = len(frequent) if size is None else size + 1  # EMPTY may be one of them
    if wanted < len(frequent):
        least = np.partition(counts[frequent], -wanted)[-wanted]
        frequent = frequent[counts[frequent] >= least]
    places = [place for place in frequent.tolist() if words[place] != EMPTY]
    places.sort(key=lambda place: words[place])
    by_count = np.argsort(-counts[places], kind="stable")[:size]
    return [places[place] for place in by_count.tolist()]
