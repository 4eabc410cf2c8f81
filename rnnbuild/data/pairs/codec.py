"""Pairs of texts into numbers and answers into texts: saved with a run, used again by predict."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.data.kind.codec import ModelNames, ModelSizes, WordCodec
from rnnbuild.data.pairs.ends import END, Offsets, with_ends
from rnnbuild.data.pairs.pairs import Pairs, PairSplits
from rnnbuild.data.text.encoder import TextEncoder
from rnnbuild.data.text.frequent_words import NONE_KNOWN, grown, vocabulary_of
from rnnbuild.data.text.tokeniser import Level, Punctuation, Tokeniser
from rnnbuild.data.text.tokens import cut
from rnnbuild.data.text.vocabulary import UNKNOWN, Vocabulary
from rnnbuild.tasks.facts import LONGEST_TARGET, Task
from rnnbuild.tasks.translate import UNSEEN_SIGN
from rnnbuild.typed_values import (
    Count,
    Names,
    Positive,
    UnexpectedValueError,
    from_plain,
    json_snippet,
)


@dataclass(frozen=True, kw_only=True)
class SavedPairs:
    """A codec's values in codec.json."""

    kind: Literal["translation"]
    format: Literal[1]
    level: Level
    lowercase: bool
    words: Names
    target_words: Names
    longest_target: Count
    reverse: bool
    max_length: Positive | None
    truncate: Literal["end", "start"]


@dataclass(frozen=True)
class PairsCodec:
    """All that turns sources into ids and ids into targets.

    A target's words have ids from 1 on, in the order of `target_words`, and END closes it.
    Sources over `max_length` are cut; `reverse` then reverses them, so that a source's first
    words are the last that the encoder reads (Sutskever, Vinyals and Le 2014, section 3.3).
    """

    kind: ClassVar[str] = "translation"
    format: ClassVar[int] = 1

    tokeniser: Tokeniser
    vocabulary: Vocabulary
    """The vocabulary of the sources."""
    target_words: tuple[str, ...]
    longest_target: int
    """Tokens of the longest target in training; the decoder answers at one step more."""
    reverse: bool = False
    max_length: int | None = None
    truncate: Literal["end", "start"] = "end"

    @property
    def task(self) -> Task:
        return "translate"

    @cached_property
    def target_ids(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.target_words, END + 1)}

    @property
    def target_size(self) -> int:
        """Number of ids that targets are written in, END included."""
        return len(self.target_words) + 1

    @property
    def steps(self) -> int:
        return self.longest_target + 1

    @property
    def level(self) -> Level:
        return self.tokeniser.level

    @property
    def lowercase(self) -> bool:
        return self.tokeniser.lowercase

    @property
    def punctuation(self) -> Punctuation:
        return self.tokeniser.punctuation

    @property
    def step(self) -> str:
        """What one step is: a `word` or a `character`."""
        return self.level

    @property
    def separator(self) -> Literal["", " "]:
        """What is between two tokens of a text."""
        return "" if self.tokeniser.level == "character" else " "

    def encode(self, pairs: Pairs) -> Encoded:
        """One split as numbers. Targets are not cut, even if longer than the decoder can write."""
        words = pairs.targets.lookup(self.target_ids, UNSEEN)
        targets = with_ends(words, pairs.targets.offsets, self.steps)
        sources = pairs.sources.lookup(self.vocabulary.ids, UNKNOWN)
        return self._encode(sources, pairs.sources.offsets, targets)

    @cached_property
    def _encoder(self) -> TextEncoder:
        return TextEncoder(self.tokeniser, self.vocabulary)

    def encode_texts(self, texts: Iterable[Any]) -> Encoded:
        """Sources without targets as numbers: every target is UNSEEN.

        A source may be given as its tokens. Raises DataError for what is neither.
        """
        values, offsets = self._encoder.ids_of(texts)
        targets = np.full((len(offsets) - 1, self.steps), UNSEEN, np.int32)
        return self._encode(values, offsets, targets)

    def _encode(
        self, values: NDArray[np.int32], offsets: Offsets, targets: NDArray[np.int32]
    ) -> Encoded:
        if self.max_length is not None:
            uncut, offsets = cut(offsets, self.max_length, self.truncate)
            values = values[uncut]
        if self.reverse:
            values = values[reversed_order(offsets)]
        return end_to_end(values, offsets, targets)

    def text_of(self, ids: Sequence[int]) -> str:
        """The text of target ids: words are separated by spaces, and UNSEEN is a sign."""
        words = [self.target_words[i - END - 1] if i != UNSEEN else UNSEEN_SIGN for i in ids]
        return self.separator.join(words)

    @property
    def model_sizes(self) -> ModelSizes:
        return ModelSizes(self.vocabulary.size, None, (self.target_size,))

    @property
    def model_names(self) -> ModelNames:
        written = (("written", word) for word in self.target_words)
        return ModelNames(self.vocabulary.names, (("end",), *written))

    def to_json(self) -> str:
        return json.dumps(
            {
                "kind": self.kind,
                "format": self.format,
                "level": self.tokeniser.level,
                "lowercase": self.tokeniser.lowercase,
                "words": self.vocabulary.words,
                "target_words": self.target_words,
                "longest_target": self.longest_target,
                "reverse": self.reverse,
                "max_length": self.max_length,
                "truncate": self.truncate,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "PairsCodec":
        """The codec that `to_json` wrote. Others raise UnexpectedValueError."""
        read: SavedPairs = from_plain(SavedPairs, saved)
        if read.longest_target > LONGEST_TARGET:
            found = json_snippet(read.longest_target)
            raise UnexpectedValueError("longest_target", f"at most {LONGEST_TARGET:,}", found)
        return cls(
            Tokeniser(read.level, read.lowercase),
            Vocabulary(read.words),
            read.target_words,
            read.longest_target,
            read.reverse,
            read.max_length,
            read.truncate,
        )


def reversed_order(offsets: Offsets) -> Offsets:
    """Where each value comes from when every sequence is read from its end: int64 (total,)."""
    lengths = np.diff(offsets)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return offsets[rows] + offsets[rows + 1] - 1 - np.arange(offsets[-1])


def pairs_codec_of(
    splits: PairSplits, data: DataConfig, known: WordCodec | None = None
) -> PairsCodec:
    """The codec, from the training split alone: nothing is taken from the other two.

    `data.vocabulary` applies to the words of sources and to those of targets. A `known` codec
    grows by them; what it writes, and how much of that, is known only if it is of pairs too.
    """
    train, limits = splits.train, data.vocabulary
    words = NONE_KNOWN if known is None else known.vocabulary
    written = known if isinstance(known, PairsCodec) else None
    return PairsCodec(
        splits.tokeniser,
        vocabulary_of(train.sources, limits.size, limits.min_count, words),
        grown(
            written.target_words if written else (),
            vocabulary_of(train.targets, limits.size, limits.min_count).words,
        ),
        int(train.targets.lengths.max(initial=written.longest_target if written else 0)),
        bool(data.reverse),
        data.max_length,
        data.truncate,
    )
