"""One direction of a layer in one call: the kernels that take it forward and back, given NumPy's
arrays."""

from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.aligned import empty
from rnnbuild.models.kernels.backward import backward_steps
from rnnbuild.models.kernels.blocks import BatchPart, Read, Room, Saved, State
from rnnbuild.models.kernels.cells import Cell
from rnnbuild.models.kernels.forward import forward_steps
from rnnbuild.models.kernels.gradients import input_gradients, weight_gradients
from rnnbuild.models.kernels.panels import BACK_WIDTH, panels_of
from rnnbuild.models.kernels.products import K_AT_ONCE
from rnnbuild.models.kernels.weights import Weights
from rnnbuild.models.kernels.workspace import Arrays

ROWS_AT_ONCE = 32
"""Rows that a kernel is called with where it saves nothing."""
PRODUCTS_AT_ONCE = 256
"""Rows of x that are multiplied at once by W, where those of several steps lie together."""
NOTHING, NOWHERE = np.empty((0, 0), np.float32), np.zeros(1, np.int64)

Shape = tuple[int, ...]


class Part(NamedTuple):
    """What one call computes: some rows, and of these some or all panels of units.

    Calls that share the panels of rows have `meeting` in common, int64 (1,), a zero.
    """

    first: int
    last: int
    panel: int = 0
    end: int | None = None
    sharers: int = 1
    meeting: Any = NOWHERE


@dataclass(frozen=True, eq=False)
class Direction:
    """What a direction reads, its weights, and its state.

    state:    (1 or 2, B, units), h, and an LSTM's c; it becomes the last one
    is_given: whether the state is another than zeros
    offset:   the first of the outputs' columns that is the direction's
    """

    cell: Cell
    read: Read
    weights: Weights
    state: Any
    is_given: bool
    offset: int

    @property
    def units(self) -> int:
        return int(self.weights.units)

    @property
    def width(self) -> int:
        """Features of x; columns of x·W, where that is what is read."""
        return int(self.read.inputs.shape[1])

    @property
    def products(self) -> int:
        """How many products of two numbers a pass takes."""
        columns = self.cell.gates * self.units
        return int(self.read.places.size) * columns * (self.units + self.width)

    @property
    def products_of_step(self) -> int:
        """Those of h′·U in one step."""
        return len(self.read.lengths) * self.units * self.cell.gates * self.units

    def shares(self, most: int) -> list[tuple[int, int]]:
        """The panels in at most so many shares, each of them whole panels of transposed weights."""
        panels, together = panels_of(self.units, self.cell.span), BACK_WIDTH // self.cell.span
        return shards.parts_of(panels, most, together)

    @property
    def saved_shapes(self) -> list[Shape]:
        """Shapes of the arrays in `Saved`, for all steps."""
        rows, steps = self.read.places.shape
        return self._shapes(rows, steps, steps + 1)

    def _shapes(self, rows: int, steps: int, states: int) -> list[Shape]:
        cell = self.cell
        panels = panels_of(self.units, cell.span)
        state = (states, rows, panels * cell.span)
        gates = (panels, steps, rows, cell.slots * cell.span)
        return [state, gates, state if cell.states > 1 else (0, 0, 0)]

    def saved(self, arrays: Arrays) -> Saved:
        """What is saved of all steps, in arrays that are large enough."""
        return Saved(
            *(
                array[: prod(shape)].reshape(shape)
                for array, shape in zip(arrays, self.saved_shapes, strict=True)
            )
        )

    def unsaved(self, rows: int) -> Saved:
        """Room for some rows where nothing is saved: two states that take turns, and gates."""
        _, steps = self.read.places.shape
        return Saved(*map(empty, self._shapes(rows, steps_at_once(rows, steps), 2)))

    def forward(self, saved: Saved | None, outputs: Any, part: Part) -> None:
        """Fills some rows of `outputs` and of `saved`.

        What is not saved is written over by the next rows, while it is in the CPU's cache.
        """
        rows, steps = self.read.places.shape
        first, last = part.first, part.last
        for start in range(first, last, last - first if saved else ROWS_AT_ONCE):
            end = last if saved else min(start + ROWS_AT_ONCE, last)
            count, whole = end - start, saved is None or last - first == rows
            at_once = steps_at_once(count, steps) if whole else 1
            forward_steps(
                self.cell.sizes(),
                self.read,
                self.weights.panels,
                self._part(part._replace(first=start, last=end), start if saved else 0),
                outputs,
                self._state(self.state),
                saved or self.unsaved(count),
                Room(
                    empty((at_once * count, self.width)),
                    np.zeros((count, self.cell.gates * self.cell.span), np.float32),
                    NOTHING,
                    NOTHING,
                    part.meeting,
                ),
            )

    def backward(self, saved: Saved, by_outputs: Any, by_state: Any, part: Part) -> None:
        """Turns the gates of some rows into gradients, and fills their part of `by_state`."""
        back, padded = self.weights.back, saved.states.shape[2]
        breadth = len(back.recurrent) * BACK_WIDTH
        backward_steps(
            self.cell.sizes(),
            self.read,
            back,
            self._part(part, part.first),
            by_outputs,
            self._state(by_state),
            saved,
            Room(
                NOTHING,
                NOTHING,
                np.zeros((part.last - part.first, breadth), np.float32),
                np.zeros((part.last - part.first, padded), np.float32),
                part.meeting,
            ),
        )

    def add_input_gradients(self, saved: Saved, by_inputs: Any, part: Part) -> None:
        """Adds those of some rows, from the gradients that `backward` left."""
        rows, steps = self.read.places.shape
        back, count = self.weights.back, part.last - part.first
        at_once = steps_at_once(rows, steps) if count == rows else 1
        input_gradients(
            self.cell.sizes(),
            self.read,
            back,
            self._part(part, part.first),
            saved,
            by_inputs,
            empty((at_once * count, len(back.kernel) * BACK_WIDTH)),
        )

    def fill_weight_gradients(self, saved: Saved, first: int, last: int) -> None:
        """Fills some of the panels, from the gradients that `backward` left."""
        weight_gradients(
            self.cell.sizes(),
            self.read,
            self._part(Part(first, last), 0),
            saved,
            self.weights.gradients,
            empty((K_AT_ONCE, self.width)),
        )

    def _part(self, part: Part, saved: int) -> BatchPart:
        panels = panels_of(self.units, self.cell.span)
        return BatchPart(
            part.first,
            part.last,
            saved,
            self.offset,
            int(self.read.lengths.max()),
            part.panel,
            panels if part.end is None else part.end,
            part.sharers,
        )

    def _state(self, state: Any) -> State:
        return State(state[0], state[-1], self.is_given)


def steps_at_once(rows: int, steps: int) -> int:
    """Steps whose x are multiplied at once by W, where their rows lie together."""
    return max(1, min(steps, PRODUCTS_AT_ONCE // rows))
