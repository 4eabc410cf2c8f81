"""Sequences of numbers, all of one length."""

from typing import Any

import numpy as np

from rnnbuild.export.program.reader import (
    AT_ONCE,
    Advance,
    Answer,
    Array,
    InputError,
    as_single,
    numbers_in,
    numbers_of_step,
    rounded,
)


class NumbersReader:
    """`codec` is the content of codec.json."""

    goes_on = reads_blank_lines = False
    step_rows = 1
    at_once = AT_ONCE

    def __init__(self, codec: dict[str, Any]):
        self.shape = (codec["steps"], codec["columns"])

    def rows(self, given: Any) -> list[Array]:
        steps = numbers_in(given, self.shape[0], self.shape[1])
        if len(steps) != self.shape[0]:
            raise InputError(f"of {len(steps)} steps, and the model takes {self.shape[0]}")
        return [as_single(steps)]

    def steps(self, line: str) -> list[Any]:
        return [numbers_of_step(line, self.shape[1])]

    def step_answer(
        self, step: Any, count: int, recent: Any, advance: Advance
    ) -> tuple[Answer, Any]:
        """The answer to all steps so far: the model has seen sequences of one length alone."""
        (output,) = advance(np.array([step], np.float32))
        return {"step": count, "prediction": rounded(output)}, None

    def answer(self, given: Any, outputs: list[Array]) -> Answer:
        (output,) = outputs
        return {"prediction": rounded(output)}


READER = NumbersReader
