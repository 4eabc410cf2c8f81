"""A LiteRT file, whose inputs have one length, in LiteRT's interpreter."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.export.program.reader import Array, InputError


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs.

    T is at most the model's number of steps, to which each row is padded; rows go through one by
    one. Outputs at each step are given for all of its steps. Raises InputError for a longer row.
    """
    interpreter = interpreter_of(path)
    interpreter.allocate_tensors()
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()
    shape = tuple(source["shape"][1:])

    def answer(row: Array) -> Array:
        padded = np.zeros(shape, row.dtype)
        padded[: len(row)] = row
        interpreter.set_tensor(source["index"], padded[np.newaxis])
        interpreter.invoke()
        output: Array = interpreter.get_tensor(target["index"])[0]
        return output.copy()

    def forward(inputs: Array) -> Array:
        if inputs.shape[1] > shape[0]:
            raise InputError(f"{inputs.shape[1]} steps, and this model takes {shape[0]} at most")
        return np.stack([answer(row) for row in inputs])

    return forward


def interpreter_of(path: Path) -> Any:
    """LiteRT's interpreter, built-in operations alone."""
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path))
