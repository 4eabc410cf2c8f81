"""Answers while the input is still coming: one after each of its steps."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rnnbuild.export.program.onnx_runtime import StepModel
from rnnbuild.export.program.reader import (
    Advance,
    Answer,
    Array,
    InputError,
    refuse_not_finite,
    refuse_undecoded,
)


class StepReader(Protocol):
    """A reader of steps: see `reader.py` for that of whole inputs."""

    step_rows: int
    """Rows that the model reads side by side."""
    look_back: int
    """Steps that an answer depends on apart from what the model carries, this one included."""

    def steps(self, line: str) -> list[Any]:
        """The steps in a line that is not blank. Raises InputError."""
        ...

    def step_answer(self, recent: Sequence[Any], count: int, advance: Advance) -> Answer:
        """The answer after the last of `recent`, the step of number `count`. Raises InputError."""
        ...


def streamed_answers(reader: StepReader, path: Path, lines: Iterable[str]) -> Iterator[Answer]:
    """The answer after each step; a blank line ends a sequence. Raises InputError, which names the
    line."""
    model = StepModel(path)
    states = model.initial(reader.step_rows)
    count, recent = 0, deque[Any](maxlen=reader.look_back)

    def advance(inputs: Array) -> Array:
        nonlocal states
        outputs, states = model.outputs(inputs, states)
        refuse_not_finite(outputs)
        return outputs

    for number, line in enumerate(lines, 1):
        if not line.strip():
            count, states = 0, model.initial(reader.step_rows)
            recent.clear()
            continue
        try:
            refuse_undecoded(line)
            for step in reader.steps(line):
                recent.append(step)
                count += 1
                yield reader.step_answer(list(recent), count, advance)
        except InputError as error:
            raise InputError(f"line {number} is {error}") from None


def step_by_step(path: Path, per_step: bool) -> Callable[[Array], Array]:
    """The same model for whole sequences, to be compared with: from a batch, padded with 0 on the
    right, to the outputs after each step if they are `per_step`, else after each row's last.

    Outputs at padding are those after more steps: no answers.
    """
    model = StepModel(path)

    def forward(inputs: Array) -> Array:
        rows, steps = inputs.shape[:2]
        states, outputs = model.initial(rows), []
        for step in range(steps):
            output, states = model.outputs(np.ascontiguousarray(inputs[:, step]), states)
            outputs.append(output)
        after = np.stack(outputs, axis=1)
        if per_step:
            return after
        last = np.count_nonzero(inputs, axis=1) if inputs.ndim == 2 else np.full(rows, steps)
        return np.asarray(after[np.arange(rows), last - 1])

    return forward
