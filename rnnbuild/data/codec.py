"""Examples into numbers and numbers into labels: saved with a run and used again by predict."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.data.examples import Examples, Splits
from rnnbuild.data.tokeniser import Tokeniser
from rnnbuild.data.tokens import TokenReader, Tokens
from rnnbuild.data.vocabulary import UNKNOWN, Vocabulary, vocabulary_of
from rnnbuild.errors import DataError

FORMAT = 1


@dataclass(frozen=True)
class TextCodec:
    """All that turns text into ids, and ids of labels into their names.

    `labels` stand in id order. Sequences over `max_length` are cut at the end, or at the start
    so that their end is kept.
    """

    task: Task
    tokeniser: Tokeniser
    vocabulary: Vocabulary
    labels: tuple[str, ...]
    max_length: int | None = None
    truncate: Literal["end", "start"] = "end"

    @property
    def per_step(self) -> bool:
        return self.task == "tag"

    @cached_property
    def _label_ids(self) -> dict[str, int]:
        return {label: number for number, label in enumerate(self.labels)}

    @property
    def kind(self) -> str:
        return "text"

    def label_ids(self, targets: Tokens) -> NDArray[np.int32]:
        """The numbers of labels, UNSEEN for those that the training split lacks."""
        return targets.lookup(self._label_ids, UNSEEN)

    def encode(self, examples: Examples) -> Encoded:
        """One split as numbers, cut to `max_length`."""
        return self._encoded(examples.tokens, self.label_ids(examples.targets))

    def tokens(self, text: str) -> tuple[str, ...]:
        """The tokens that `encode_texts` gives ids to, cut to `max_length`."""
        return self.kept(self.tokeniser.tokens(text, self.vocabulary.__contains__))

    def kept(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The tokens that are left of a sequence once it is cut to `max_length`."""
        if self.max_length is None:
            return tokens
        return tokens[: self.max_length] if self.truncate == "end" else tokens[-self.max_length :]

    def encode_texts(self, texts: Iterable[str]) -> Encoded:
        """Texts without labels as numbers: every target is UNSEEN."""
        reader = TokenReader(Tokeniser())  # the words are normal already
        (tokens,) = reader.tokens([reader.read_words([self.tokens(text) for text in texts])])
        total = len(tokens.codes) if self.per_step else len(tokens)
        return self._encoded(tokens, np.full(total, UNSEEN, np.int32))

    def _encoded(self, tokens: Tokens, targets: NDArray[np.int32]) -> Encoded:
        values, offsets = tokens.lookup(self.vocabulary.ids, UNKNOWN), tokens.offsets
        if self.max_length is not None:
            kept, offsets = cut(offsets, self.max_length, self.truncate)
            values = values[kept]
            targets = targets[kept] if self.per_step else targets
        return end_to_end(values, offsets, targets, self.per_step)

    def to_json(self) -> str:
        return json.dumps(
            {
                "kind": self.kind,
                "format": FORMAT,
                "task": self.task,
                "level": self.tokeniser.level,
                "lowercase": self.tokeniser.lowercase,
                "pretokenised": self.tokeniser.pretokenised,
                "max_length": self.max_length,
                "truncate": self.truncate,
                "labels": self.labels,
                "words": self.vocabulary.words,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "TextCodec":
        """The codec that `to_json` wrote. Raises DataError where the text is not one."""
        try:
            saved: dict[str, Any] = json.loads(text)
            if saved["format"] != FORMAT:
                raise DataError(
                    f"this vocabulary has format {saved['format']!r}; this version reads {FORMAT}",
                    hint="use the version of rnnbuild that trained the run",
                )
            return cls(
                saved["task"],
                Tokeniser(saved["level"], saved["lowercase"], saved["pretokenised"]),
                Vocabulary(tuple(saved["words"])),
                tuple(saved["labels"]),
                saved["max_length"],
                saved["truncate"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"this is not a saved vocabulary: {error}") from error


def codec_of(splits: Splits, data: DataConfig) -> TextCodec:
    """The codec that the training split teaches: nothing is taken from the other two."""
    return TextCodec(
        splits.task,
        splits.tokeniser,
        vocabulary_of(splits.train.tokens, data.vocabulary.size, data.vocabulary.min_count),
        labels_of(splits.train.targets),
        data.max_length,
        data.truncate,
    )


def labels_of(targets: Tokens) -> tuple[str, ...]:
    """The labels that stand in `targets`: by value where all are whole numbers, else by name."""
    seen = [targets.words[code] for code in np.flatnonzero(targets.counts).tolist() if code]
    if all(map(_is_whole_number, seen)):
        return tuple(sorted(seen, key=lambda label: (int(label), label)))
    return tuple(sorted(seen))


def _is_whole_number(label: str) -> bool:
    digits = label.removeprefix("-")
    return digits.isascii() and digits.isdigit()


def cut(
    offsets: NDArray[np.int64], max_length: int, end: Literal["end", "start"]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which steps stay when sequences lose all over `max_length`, bool (total,); new offsets."""
    lengths = np.diff(offsets)
    position = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    if end == "end":
        kept = position < max_length
    else:
        kept = position >= np.repeat(lengths - max_length, lengths)
    shortened = np.concatenate(([0], np.cumsum(np.minimum(lengths, max_length))))
    return kept, shortened.astype(np.int64)
