"""Texts that the model writes in another form, or another language."""

from typing import Any

import numpy as np

from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.export.program.reader import AT_ONCE, Answer, Array, cut, likeliest, rounded

END = 0
"""The id that ends an answer; `target_words` have ids from 1 on."""


class TranslationReader:
    """`codec` is the content of codec.json."""

    goes_on = False
    at_once = AT_ONCE

    def __init__(self, codec: dict[str, Any]):
        self.tokeniser = Tokeniser(codec["level"], codec["lowercase"])
        self.vocabulary = Vocabulary(tuple(codec["words"]))
        self.target_words: list[str] = codec["target_words"]
        self.reverse: bool = codec["reverse"]
        self.max_length: int | None = codec["max_length"]
        self.truncate: str = codec["truncate"]

    def rows(self, given: Any) -> list[Array]:
        tokens = cut(list(self.tokeniser.tokens(given)), self.max_length, self.truncate)
        return [self.vocabulary.lookup(tokens[::-1] if self.reverse else tokens)]

    def answer(self, given: Any, outputs: list[Array]) -> Answer:
        """The likeliest word of each step up to the first END, which the last step is for."""
        (output,) = outputs
        ids, probabilities = likeliest(output)
        ends = np.flatnonzero(ids[:-1] == END)
        length = int(ends[0]) if len(ends) else len(ids) - 1
        words = [self.target_words[number - 1] for number in ids[:length].tolist()]
        between = "" if self.tokeniser.level == "character" else " "
        # The end mark is part of the answer.
        probability = probabilities[: length + 1].astype(np.float64).prod()
        return {"prediction": between.join(words), "probability": rounded(probability)}


READER = TranslationReader
