"""Lines of input, what they leave behind, and the answers to them."""

from collections.abc import Callable, Sequence
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
    recent: what else an answer looks back to: (steps, columns), the last values of a series, which
            its transforms need; (1, units), the outputs after the last token of running text
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

    @property
    def reads_blank_lines(self) -> bool:
        """Whether a blank line is read like any other; else it ends a sequence."""
        ...

    def steps(self, given: Any) -> list[Any]:
        """The steps in a line; or tokens as they are, or the numbers of one step or several.

        Raises DataError.
        """
        ...

    def recent_shape(self, steps: int) -> tuple[int, int]:
        """The shape of what the next answer looks back to after so many steps."""
        ...

    def answer(
        self, step: Any, steps: int, recent: Values, advance: Advance
    ) -> tuple[Record, Values]:
        """The answer after a step, the last of `steps`, as plain values; and what the next one
        looks back to, as this one does to `recent`.

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
        """An answer to each step of a line, and the state after it; a blank line ends a sequence,
        except in running text.

        Tokens may be given as a list, and the numbers of a step, or of several as lists in a list.
        Raises DataError for what cannot be read.
        """
        if self.begins_anew(given):
            return [], self.initial
        return self.after_steps(self.reader.steps(given), state)

    def begins_anew(self, given: Any) -> bool:
        """Whether a line is a blank one that ends a sequence."""
        blank = isinstance(given, str) and not given.strip()
        return blank and not self.reader.reads_blank_lines

    def after_steps(
        self, given: Sequence[Any], state: StreamState
    ) -> tuple[list[Record], StreamState]:
        """The same for some of the steps that `reader.steps` gives, one after the other."""
        reader, records = self.reader, []
        steps, layers, recent = state

        def advance(inputs: NDArray[Any]) -> Floats:
            nonlocal layers
            outputs, layers = self.model.outputs(inputs, layers)
            refuse_not_finite(outputs)
            return outputs

        for step in given:
            steps += 1
            record, recent = reader.answer(step, steps, recent, advance)
            records.append(record)
        return records, StreamState(steps, layers, recent)
