"""Texts with a label, several labels, or a tag for each word."""

from typing import Any

import numpy as np

from rnnbuild.data.readers.lists import words_in
from rnnbuild.data.text.tokeniser import EMPTY, Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.export.program.reader import AT_ONCE, Advance, Answer, Array, cut, likeliest, rounded

NO_ANSWER: Answer = {"prediction": None, "probability": None}
"""The answer at a word that the model does not read."""


class TextReader:
    """`codec` is the content of codec.json."""

    goes_on = reads_blank_lines = False
    step_rows = 1
    at_once = AT_ONCE

    def __init__(self, codec: dict[str, Any]):
        self.tokeniser = Tokeniser(
            codec["level"],
            codec["lowercase"],
            codec["pretokenised"],
            codec.get("punctuation", "apart"),
        )
        self.vocabulary = Vocabulary(tuple(codec["words"]), tuple(codec["shapes"]))
        self.labels: list[str] = codec["labels"]
        self.multi_label: bool = codec["multi_label"]
        self.max_length: int | None = codec["max_length"]
        self.truncate: str = codec["truncate"]

    def words(self, given: Any) -> list[str]:
        """The words of a text that comes as words: a list, its text, or words between blanks."""
        return words_in(given) if isinstance(given, str) else list(given)

    def rows(self, given: Any) -> list[Array]:
        if self.tokeniser.pretokenised:
            tokens = [self.tokeniser.normal(word) for word in self.words(given)] or [EMPTY]
        else:
            tokens = list(self.tokeniser.tokens(given))
        tokens = cut(tokens, self.max_length, self.truncate)
        return [self.vocabulary.lookup(tokens)]

    def answer(self, given: Any, outputs: list[Array]) -> Answer:
        (output,) = outputs
        if output.ndim == 2:
            return {"tokens": self.tagged(self.words(given), output)}
        if self.multi_label:
            return self.label_set(output)
        return self.one(output)

    def steps(self, line: str) -> list[str]:
        words = self.words(line) if self.tokeniser.pretokenised else self.tokeniser.tokens(line)
        return list(words)

    def step_answer(
        self, step: str, count: int, recent: Any, advance: Advance
    ) -> tuple[Answer, Any]:
        """A token with the answer to all tokens so far, or with its tag. No stream is cut."""
        word = self.tokeniser.normal(step) if self.tokeniser.pretokenised else step
        (output,) = advance(self.vocabulary.lookup([word]))
        answer = self.label_set(output) if self.multi_label else self.one(output)
        return {"token": step, **answer}, None

    def one(self, output: Array) -> Answer:
        label, probability = likeliest(output)
        return self.named(int(label), rounded(probability))

    def named(self, label: int, probability: float) -> Answer:
        return {"prediction": self.labels[label], "probability": probability}

    def tagged(self, words: list[str], output: Array) -> list[Answer]:
        """Each word with its tag; a word that is cut off has none."""
        labels, probabilities = likeliest(output)
        tags = list(map(self.named, labels.tolist(), rounded(probabilities)))
        missing = [NO_ANSWER] * (len(words) - len(tags))
        answers = tags + missing if self.truncate == "end" else missing + tags
        return [{"token": word, **tag} for word, tag in zip(words, answers, strict=False)]

    def label_set(self, output: Array) -> Answer:
        """The labels over one half, the likeliest first, and the probability of every label."""
        order = np.argsort(-output, kind="stable").tolist()
        return {
            "prediction": [self.labels[label] for label in order if output[label] > 0.5],
            "probabilities": dict(zip(self.labels, rounded(output), strict=True)),
        }


READER = TextReader
