"""Examples into numbers and numbers into labels: saved with a run and used again by predict."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.data.kind.codec import ModelNames, ModelSizes
from rnnbuild.data.readers.lists import words_in
from rnnbuild.data.text.encoder import TextEncoder, tokens_given
from rnnbuild.data.text.tokeniser import EMPTY, Level, Punctuation, Tokeniser, words_of
from rnnbuild.data.text.tokens import cut
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS
from rnnbuild.typed_values import Names, Positive, UnexpectedValueError, from_plain

NO_LABEL = -2
"""The target of a row without any of several labels."""


@dataclass(frozen=True, kw_only=True)
class SavedLabelledText:
    """A codec's values in codec.json."""

    kind: Literal["text"]
    format: Literal[1]
    task: Literal["classify", "tag"]
    level: Level
    lowercase: bool
    pretokenised: bool
    max_length: Positive | None
    truncate: Literal["end", "start"]
    multi_label: bool
    labels: Names
    words: Names
    shapes: Names
    punctuation: Punctuation | None = None
    """What is not `apart`."""


@dataclass(frozen=True)
class LabelledTextCodec:
    """All that turns text into ids, and ids of labels into their names.

    `labels` are in id order; with `multi_label` a row has any number of them. Sequences over
    `max_length` are cut at the end, or at the start so that their end is kept.
    """

    kind: ClassVar[str] = "text"
    format: ClassVar[int] = 1

    task: Task
    tokeniser: Tokeniser
    vocabulary: Vocabulary
    labels: tuple[str, ...]
    max_length: int | None = None
    truncate: Literal["end", "start"] = "end"
    multi_label: bool = False

    @property
    def per_step(self) -> bool:
        return TASKS[self.task].takes_words

    @cached_property
    def _label_ids(self) -> dict[str, int]:
        return {label: number for number, label in enumerate(self.labels)}

    def label_ids(self, labels: Sequence[str]) -> NDArray[np.int32]:
        """The number of each label, UNSEEN for one that the training split lacks."""
        ids = self._label_ids
        numbers = np.fromiter((ids.get(label, UNSEEN) for label in labels), np.int32, len(labels))
        if self.multi_label:
            numbers[[label == EMPTY for label in labels]] = NO_LABEL
        return numbers

    def words(self, given: str | Sequence[str]) -> tuple[str, ...]:
        """The words of a row where each has a tag, as they are given; those of a text are read as
        training reads them."""
        return tuple(words_in(given) if isinstance(given, str) else given)

    def split_punctuation(self, text: str) -> tuple[str, ...]:
        """The words of a text as people write it, where those of training are given.

        A piece between spaces that is a word of training stays whole ("st."), any other is split
        into words and punctuation.
        """
        pieces = [
            (piece,) if self.tokeniser.normal(piece) in self.vocabulary else words_of(piece)
            for piece in text.split()
        ]
        return tuple(chain.from_iterable(pieces))

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
    def takes_words(self) -> bool:
        """Whether rows are given as words."""
        return self.tokeniser.pretokenised

    def known_parts(self, word: str) -> tuple[str, ...]:
        """The words and punctuation in an unknown word, if training has each of them; else none."""
        normal, known = self.tokeniser.normal, self.vocabulary
        parts = () if normal(word) in known else tuple(words_of(word))
        return parts if all(normal(part) in known for part in parts) else ()

    def cut_to_max_length(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The tokens of a sequence that remain after it is cut to `max_length`."""
        if self.max_length is None:
            return tokens
        return tokens[: self.max_length] if self.truncate == "end" else tokens[-self.max_length :]

    def cut_off_before(self, length: int) -> int:
        """Number of tokens that are cut off at the start of a sequence of `length`."""
        if self.max_length is None or self.truncate == "end":
            return 0
        return max(0, length - self.max_length)

    @cached_property
    def _encoder(self) -> TextEncoder:
        return TextEncoder(self.tokeniser, self.vocabulary)

    def encode_texts(self, texts: Iterable[Any]) -> Encoded:
        """Texts without labels as numbers: every target is UNSEEN, or none is there.

        A text may be given as its tokens. Raises DataError for what is neither.
        """
        if self.takes_words:
            values, offsets = self._encoder.ids_of_words(tokens_given(texts, words_in))
        else:
            values, offsets = self._encoder.ids_of(texts)
        if self.max_length is not None:
            uncut, offsets = cut(offsets, self.max_length, self.truncate)
            values = values[uncut]
        if self.multi_label:
            targets: NDArray[Any] = np.zeros((len(offsets) - 1, len(self.labels)), np.float32)
        else:
            total = len(values) if self.per_step else len(offsets) - 1
            targets = np.full(total, UNSEEN, np.int32)
        return end_to_end(values, offsets, targets, self.per_step)

    @property
    def model_sizes(self) -> ModelSizes:
        """One output is enough to choose between two labels."""
        count = len(self.labels)
        outputs = (count,) if self.multi_label or count > 2 else {1: (), 2: (1, 2)}[count]
        return ModelSizes(self.vocabulary.size, None, outputs)

    @property
    def model_names(self) -> ModelNames:
        """The same label means the same in answers of the same kind alone."""
        kind = "labels" if self.multi_label else self.task
        return ModelNames(self.vocabulary.names, tuple((kind, label) for label in self.labels))

    def to_json(self) -> str:
        apart = self.tokeniser.punctuation == "apart"
        return json.dumps(
            {
                "kind": self.kind,
                "format": self.format,
                "task": self.task,
                "level": self.tokeniser.level,
                "lowercase": self.tokeniser.lowercase,
                "pretokenised": self.tokeniser.pretokenised,
                "max_length": self.max_length,
                "truncate": self.truncate,
                "multi_label": self.multi_label,
                "labels": self.labels,
                "words": self.vocabulary.words,
                "shapes": self.vocabulary.shapes,
                **({} if apart else {"punctuation": self.tokeniser.punctuation}),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "LabelledTextCodec":
        """The codec that `to_json` wrote. Others raise UnexpectedValueError."""
        read: SavedLabelledText = from_plain(SavedLabelledText, saved)
        if read.multi_label and TASKS[read.task].takes_words:
            raise UnexpectedValueError("multi_label", f"false, for `{read.task}`", "true")
        return cls(
            read.task,
            Tokeniser(read.level, read.lowercase, read.pretokenised, read.punctuation or "apart"),
            Vocabulary(read.words, read.shapes),
            read.labels,
            read.max_length,
            read.truncate,
            read.multi_label,
        )


def in_order(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels in the order of their numbers: by value where all are whole, else by name."""
    seen = [label for label in labels if label != EMPTY]
    if all(map(_is_whole_number, seen)):
        return tuple(sorted(seen, key=lambda label: (int(label), label)))
    return tuple(sorted(seen))


def _is_whole_number(label: str) -> bool:
    digits = label.removeprefix("-")
    return digits.isascii() and digits.isdigit()
