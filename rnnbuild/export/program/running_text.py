"""Running text, whose next token is predicted."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.running_text.tokens import LINE_END, UNKNOWN_SIGN, RunningTokens, start_of_text
from rnnbuild.data.text.vocabulary import FIRST_WORD, UNKNOWN, Vocabulary
from rnnbuild.export.program.reader import Advance, Answer, Array, likeliest, rounded
from rnnbuild.metrics.surprise import nats_of

FIRST_UNIT = UNKNOWN
"""The id that the model's first output is the probability of: padding never comes next."""
AT_ONCE = 1 << 18
"""Outputs of a step, times inputs that are read before they are answered."""


class RunningTextReader:
    """`codec` is the content of codec.json."""

    goes_on = False
    reads_blank_lines = True
    step_rows = 1

    def __init__(self, codec: dict[str, Any]):
        self.tokeniser = RunningTokens(codec["level"], codec["lowercase"])
        self.vocabulary = Vocabulary(tuple(codec["words"]))
        self.at_once = max(1, AT_ONCE // self.vocabulary.size)

    @property
    def level(self) -> str:
        return self.tokeniser.level

    def tokens(self, given: Any) -> Sequence[str]:
        """Those of a text, or of a list of them."""
        return self.tokeniser.tokens(given) if isinstance(given, str) else list(given)

    def ids(self, tokens: Sequence[str]) -> NDArray[np.int32]:
        return self.vocabulary.lookup(tokens)

    def name(self, number: int) -> str:
        """The token of an id."""
        return UNKNOWN_SIGN if number < FIRST_WORD else self.vocabulary.words[number - FIRST_WORD]

    def rows(self, given: Any) -> list[Array]:
        ids = self.ids(self.tokens(given))
        return [ids if len(ids) else np.array([start_of_text(self.vocabulary.ids)], np.int32)]

    def answer(self, given: Any, outputs: list[Array]) -> Answer:
        """The likeliest token after the text, and what the text's own cost on average."""
        (output,) = outputs
        units = self.ids(self.tokens(given))[1:] - FIRST_UNIT
        nats = nats_of(output[np.arange(len(units)), units])
        return {**self.next_token(output[-1]), "nats": rounded(nats.mean()) if len(nats) else None}

    def next_token(self, output: Array) -> Answer:
        unit, probability = likeliest(output)
        name = self.name(int(unit) + FIRST_UNIT)
        return {"prediction": name, "probability": rounded(probability)}

    def steps(self, line: str) -> list[str]:
        """The tokens of a line; its end is one where the model knows it."""
        tokens = list(self.tokens(line))
        if tokens[-1:] == [LINE_END] and LINE_END not in self.vocabulary:
            tokens.pop()
        return tokens

    def step_answer(
        self, step: str, count: int, recent: Any, advance: Advance
    ) -> tuple[Answer, Any]:
        """The likeliest token after this one, and what this one cost, after which the outputs
        `recent` came."""
        ids = self.ids([step])
        nats = None if recent is None else rounded(nats_of(recent[int(ids[0]) - FIRST_UNIT]))
        (output,) = advance(ids)
        return {"token": step, **self.next_token(output), "nats": nats}, output


READER = RunningTextReader
RunningTextCodec = RunningTextReader
"""To the copies of modules that write text."""
