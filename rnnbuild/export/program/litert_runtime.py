"""A LiteRT file, whose inputs have one length, in LiteRT's interpreter."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from rnnbuild.export.program.reader import Array


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs.

    T is at most the model's number of steps, to which each row is padded, and of numbers, which
    know no padding, just that; rows go through one by one. Outputs at each step are given for all
    of the model's steps.
    """
    turn = Lock()
    with silent_stderr():
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
        with turn:  # an interpreter has one place for its input
            return np.stack([answer(row) for row in inputs])

    return forward


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Within, nothing is written to standard error: LiteRT reports there how it computes. What is
    wrong it raises."""
    original, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(original, 2)
        os.close(original)
        os.close(nowhere)


def interpreter_of(path: Path) -> Any:
    """LiteRT's interpreter, built-in operations alone."""
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path))
