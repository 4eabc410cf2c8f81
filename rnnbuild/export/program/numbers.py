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
        wanted = f"{self.shape[0]} steps of {self.shape[1]} numbers"
        steps = numbers_in(given, wanted)
        if steps.shape != self.shape:
            raise InputError(f"{steps.shape[0]} steps of {steps.shape[1]} numbers, not {wanted}")
        if np.abs(steps).max() > np.finfo(np.float32).max:
            raise InputError("a number is larger than the model computes with")
        return [steps.astype(np.float32)]

    def answer(self, given: Any, outputs: list[Array]) -> Answer:
        (output,) = outputs
        return {"prediction": rounded(output)}


READER = NumbersReader
