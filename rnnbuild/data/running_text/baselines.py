"""Trivial answers to running text: how frequent each token is, n-grams, a compressor."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.loaded import Baselines, OnRequest
from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.compression import xz_bits
from rnnbuild.data.running_text.kneser_ney import KneserNey, best_model, model_of_order
from rnnbuild.metrics.language_model import UNIGRAM, NextTokens

Ids = NDArray[np.int32]

MOST_TOKENS = 10_000_000
"""The most tokens whose n-grams are counted, the last ones of training: of words, 2.5 GB of memory,
and some ten seconds."""
MOST_VALIDATED = 1_000_000
"""The most tokens by which the order of n-grams is chosen, the first ones of validation."""
MOST_CHARACTERS = 5_000_000
"""The most characters that xz compresses, the last ones of training and the first ones of a split:
some ten seconds."""


@dataclass(frozen=True, eq=False)
class TrivialAnswers:
    """Trivial answers by split. What is learned from the training text is learned once."""

    codec: RunningTextCodec
    ids: Mapping[SplitName, Ids]
    """The tokens of each split."""
    encoded: Mapping[SplitName, Encoded]
    """The same as rows, which score each token but the first once, in order."""

    def __call__(self, name: SplitName) -> Baselines:
        unigram, n_gram = self._unigram, self._n_gram
        return OnRequest(
            {
                UNIGRAM: partial(self._by_model, unigram, name),
                f"Kneser-Ney {n_gram.order}-gram": partial(self._by_model, n_gram, name),
                "xz": partial(self._by_xz, name),
            }
        )

    def remarks(self, noun: str) -> Iterator[str]:
        """A sentence for each method that learns from only a part of the training text."""
        count = len(self.ids["train"])
        if count > MOST_TOKENS:
            yield f"n-grams are counted in the last {MOST_TOKENS:,} of {count:,} {noun} of train"
        characters = int(self._sizes("train").sum())
        if characters > MOST_CHARACTERS:
            yield (
                f"xz is given the last {MOST_CHARACTERS:,} of {characters:,} characters of train"
            )

    def _sizes(self, name: SplitName) -> NDArray[np.int32]:
        """The number of characters that each token of a split is, int32 (tokens,)."""
        ids, known = self.ids[name], self.encoded[name].characters
        sizes = self.codec.characters[ids]
        return sizes if known is None else np.concatenate((sizes[:1], known))

    def _units(self, name: SplitName) -> Ids:
        """The tokens of a split as the model's outputs are numbered."""
        return self.ids[name] - np.int32(FIRST_UNIT)

    @cached_property
    def _unigram(self) -> KneserNey:
        return model_of_order(1, self._units("train")[-MOST_TOKENS:], self.codec.units)

    @cached_property
    def _n_gram(self) -> KneserNey:
        train, validation = self._units("train"), self._units("validation")
        return best_model(train[-MOST_TOKENS:], validation[:MOST_VALIDATED], self.codec.units)

    def _by_model(self, model: KneserNey, name: SplitName) -> NextTokens:
        units = self._units(name)
        probabilities, likeliest = model.predict(units)
        return self._answers(name, -np.log(probabilities), likeliest == units[1:])

    def _by_xz(self, name: SplitName) -> NextTokens:
        """Each character costs the same."""
        characters = self._sizes(name)
        if name not in self._xz:
            ids = self._first(self.ids[name])
            # Nothing is read before the training text itself.
            before = self._first(self.ids["train"][::-1])[::-1] if name != "train" else ids[:0]
            bits = xz_bits(self._bytes(ids), self._bytes(before))
            self._xz[name] = bits * math.log(2) / int(characters[: len(ids)].sum())
        return self._answers(name, characters[1:] * np.float64(self._xz[name]), None)

    @cached_property
    def _xz(self) -> dict[SplitName, float]:
        """Nats a character of each split for which they were asked: compressing takes seconds."""
        return {}

    def _first(self, ids: Ids) -> Ids:
        """The first of these tokens, as many as MOST_CHARACTERS have room for."""
        ids = ids[:MOST_CHARACTERS]
        ends = np.cumsum(self.codec.characters[ids])
        return ids[: np.searchsorted(ends, MOST_CHARACTERS, side="right")]

    def _bytes(self, ids: Ids) -> bytes:
        return self.codec.text_of(ids.tolist()).encode("utf-8", "surrogatepass")

    def _answers(
        self, name: SplitName, nats: NDArray[np.float64], correct: NDArray[np.bool_] | None
    ) -> NextTokens:
        encoded = self.encoded[name]
        read = 0 if encoded.context is None else encoded.context
        offsets = np.concatenate(([0], np.cumsum(encoded.lengths - read))).astype(np.int64)
        return NextTokens(nats, correct, self._sizes(name)[1:], offsets)
