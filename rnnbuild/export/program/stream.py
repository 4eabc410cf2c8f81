"""Answers while the input is still coming: one after each of its steps."""

from collections.abc import Callable, Iterable, Iterator
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
    reads_blank_lines: bool
    """Whether a blank line is read like any other; else it ends a sequence."""

    def steps(self, line: str) -> list[Any]:
        """The steps in a line. Raises InputError."""
        ...

    def step_answer(
        self, step: Any, count: int, recent: Any, advance: Advance
    ) -> tuple[Answer, Any]:
        """The answer after the step of number `count`, and what the next one looks back to.

        `recent` is that of this one, None at the first. Raises InputError.
        """
        ...


def streamed_answers(reader: StepReader, path: Path, lines: Iterable[str]) -> Iterator[Answer]:
    """The answer after each step; a blank line ends a sequence, except in running text. Raises
    InputError, which names the line."""
    model = StepModel(path)
    states = model.initial(reader.step_rows)
    count, recent = 0, None

    def advance(inputs: Array) -> Array:
        nonlocal states
        outputs, states = model.outputs(inputs, states)
        refuse_not_finite(outputs)
        return outputs

    for number, line in enumerate(lines, 1):
        if not line.strip() and not reader.reads_blank_lines:
            count, recent, states = 0, None, model.initial(reader.step_rows)
            continue
        try:
            refuse_undecoded(line)
            for step in reader.steps(line):
                count += 1
                answer, recent = reader.step_answer(step, count, recent, advance)
                yield answer
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
