"""Running text into numbers and back: saved with a run, used again to answer and to write."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.data.kind.codec import ModelNames, ModelSizes
from rnnbuild.data.running_text.passages import next_units
from rnnbuild.data.running_text.tokens import BYTES, UNKNOWN_SIGN, RunningTokens, start_of_text
from rnnbuild.data.text.encoder import tokens_given
from rnnbuild.data.text.tokeniser import Level, Punctuation
from rnnbuild.data.text.vocabulary import UNKNOWN, Vocabulary
from rnnbuild.tasks.facts import Task
from rnnbuild.typed_values import Names, Positive, UnexpectedValueError, from_plain

FIRST_UNIT = UNKNOWN
"""The id that the model's first output is the probability of: padding never comes next."""
FEWEST_TOKENS = 2
"""Known tokens: with fewer there is nothing to choose from."""


@dataclass(frozen=True, kw_only=True)
class SavedRunningText:
    """A codec's values in codec.json."""

    kind: Literal["running_text"]
    format: Literal[1]
    level: Level
    lowercase: bool
    words: Names
    window: Positive


@dataclass(frozen=True)
class RunningTextCodec:
    """All that turns running text into ids and ids into text.

    A token's id is that of the vocabulary; the model's output number u is the probability that the
    id u + FIRST_UNIT comes next.
    """

    kind: ClassVar[str] = "running_text"
    format: ClassVar[int] = 1

    tokeniser: RunningTokens
    vocabulary: Vocabulary
    window: int
    """Steps through which the model learned at once, with a state from those before."""

    @property
    def task(self) -> Task:
        return "language-model"

    @property
    def level(self) -> Level:
        return self.tokeniser.level

    @property
    def lowercase(self) -> bool:
        return self.tokeniser.lowercase

    @property
    def punctuation(self) -> Punctuation:
        return "apart"

    @property
    def token(self) -> str:
        return self.tokeniser.unit

    @property
    def units(self) -> int:
        """Number of the model's outputs."""
        return self.vocabulary.size - FIRST_UNIT

    def tokens(self, given: Any) -> Sequence[str]:
        """The tokens of a text, or those of a list as they are. Raises DataError for neither."""
        (tokens,) = tokens_given([given], self.tokeniser.tokens)
        return tokens

    def ids(self, tokens: Sequence[str]) -> NDArray[np.int32]:
        """The id of each token, int32 (tokens,)."""
        return self.vocabulary.lookup(tokens)

    def names(self, ids: Iterable[int]) -> list[str]:
        """The token of each id; a sign for the unknown one."""
        return [self.name(number) for number in ids]

    def name(self, number: int) -> str:
        """The token of an id; a sign for the unknown one."""
        first = FIRST_UNIT + 1
        return UNKNOWN_SIGN if number < first else self.vocabulary.words[number - first]

    def text_of(self, ids: Iterable[int]) -> str:
        """The text of ids."""
        return self.tokeniser.text_of(self.names(ids))

    @cached_property
    def characters(self) -> NDArray[np.int32]:
        """Number of characters that each id adds to a text, int32 (ids,); 1 of the unknown one."""
        of_words = map(self.tokeniser.characters, self.vocabulary.words)
        return np.fromiter((0, 1, *of_words), np.int32, self.vocabulary.size)

    def encode_texts(self, texts: Iterable[Any]) -> Encoded:
        """Each text as a row of its own, whose targets are the tokens that follow in it.

        The last one has none. A text may be given as its tokens; an empty one is read as a text
        begins that is written without a prompt.
        Raises DataError for what is neither.
        """
        rows = list(map(self.ids, tokens_given(list(texts), self.tokeniser.tokens)))
        start = np.array([start_of_text(self.vocabulary.ids)], np.int32)
        rows = [row if len(row) else start for row in rows]
        offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        values = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        targets = np.append(next_units(values, FIRST_UNIT), np.int32(UNSEEN))[: len(values)]
        targets[offsets[1:] - 1] = UNSEEN
        return end_to_end(values, offsets, targets, per_step=True)

    @property
    def model_sizes(self) -> ModelSizes:
        return ModelSizes(self.vocabulary.size, None, (self.units,))

    @property
    def model_names(self) -> ModelNames:
        names = self.vocabulary.names
        return ModelNames(names, tuple(("next", *name) for name in names[FIRST_UNIT:]))

    def to_json(self) -> str:
        return json.dumps(
            {
                "kind": self.kind,
                "format": self.format,
                "level": self.level,
                "lowercase": self.tokeniser.lowercase,
                "words": self.vocabulary.words,
                "window": self.window,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "RunningTextCodec":
        """The codec that `to_json` wrote. Others raise UnexpectedValueError."""
        read: SavedRunningText = from_plain(SavedRunningText, saved)
        if read.level == "byte" and read.words != BYTES:
            raise UnexpectedValueError("words", "all 256 bytes, in order", "others")
        if len(read.words) < FEWEST_TOKENS:
            raise UnexpectedValueError("words", f"{FEWEST_TOKENS} or more", str(len(read.words)))
        tokeniser = RunningTokens(read.level, read.lowercase)
        return cls(tokeniser, Vocabulary(read.words), read.window)
