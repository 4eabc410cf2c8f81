"""Sequences of numbers, all of one length."""

from typing import Any

import numpy as np

from rnnbuild.export.program.reader import Answer, Array, InputError, numbers_in, rounded


class NumbersReader:
    """`codec` is the content of codec.json."""

    goes_on = False

    def __init__(self, codec: dict[str, Any]):
        self.shape = (codec["steps"], codec["columns"])

    def rows(self, given: Any) -> list[Array]:
        steps = numbers_in(given, self.shape[0], self.shape[1])
        if len(steps) != self.shape[0]:
            raise InputError(f"of {len(steps)} steps, and the model takes {self.shape[0]}")
        if np.abs(steps).max() > np.finfo(np.float32).max:
            raise InputError("of larger numbers than the model computes with")
        return [steps.astype(np.float32)]

    def answer(self, given: Any, outputs: list[Array]) -> Answer:
        (output,) = outputs
        return {"prediction": rounded(output)}


READER = NumbersReader
