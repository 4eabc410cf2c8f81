"""Lines of input, what they leave behind, and the answers to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnbuild.inference.decoding.answers import StepAnswer
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.outputs import refuse_not_finite
from rnnbuild.inference.stream.steps import Floats, Layers, StepModel

Values = NDArray[np.float64]
NOTHING: Values = np.empty((0, 0))


class StreamState(NamedTuple):
    """All that later answers depend on. It is never changed, but replaced by the next.

    steps:  number of steps read since the sequence began
    layers: what the model carries
    recent: (steps, columns), the last values that the transforms of a series look back to
    """

    steps: int
    layers: Layers
    recent: Values = NOTHING


Advance = Callable[[NDArray[Any]], Floats]
"""From the model's input at a step, (B,) or (B, columns), to its outputs (B, units); called once at
most, it moves the model on."""


class StepReader(Protocol):
    """How one kind of data is read and answered step by step."""

    @property
    def rows(self) -> int:
        """Number of sequences that the model reads side by side."""
        ...

    def steps(self, given: Any) -> list[Any]:
        """The steps in a line that is not blank; or tokens as they are, or the numbers of a step.

        Raises DataError.
        """
        ...

    def recent(self, step: Any, before: Values) -> Values:
        """What is looked back to after this step."""
        ...

    def recent_shape(self, steps: int) -> tuple[int, int]:
        """The shape of what is looked back to after so many steps."""
        ...

    def answer(self, step: Any, steps: int, recent: Values, advance: Advance) -> Record:
        """The answer after a step, the last of `steps`, as plain values.

        Raises DataError for a step that the model cannot read.
        """
        ...

    def typed_answer(self, record: Record) -> StepAnswer:
        """The same answer for Python programs."""
        ...


@dataclass(frozen=True, eq=False)
class Stream:
    """A trained model that answers after each step of a sequence."""

    model: StepModel
    reader: StepReader
    fingerprint: str
    """SHA-256 of the weights: a state belongs to these alone."""

    @property
    def initial(self) -> StreamState:
        """The state before a sequence."""
        return StreamState(0, self.model.initial)

    def after(self, given: Any, state: StreamState) -> tuple[list[Record], StreamState]:
        """An answer to each step of a line, and the state after it; a blank line ends a sequence.

        Tokens may be given as a list, and the numbers of a step. Raises DataError for what cannot
        be read.
        """
        if isinstance(given, str) and not given.strip():
            return [], self.initial
        reader, records = self.reader, []
        steps, layers, recent = state

        def advance(inputs: NDArray[Any]) -> Floats:
            nonlocal layers
            outputs, layers = self.model.outputs(inputs, layers)
            refuse_not_finite(outputs)
            return outputs

        for step in reader.steps(given):
            steps, recent = steps + 1, reader.recent(step, recent)
            records.append(reader.answer(step, steps, recent, advance))
        return records, StreamState(steps, layers, recent)
