"""One direction of a layer in one call: the kernels that take it forward and back, given NumPy's
arrays."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from rnnbuild.models.kernels.backward import backward_steps
from rnnbuild.models.kernels.blocks import BatchPart, Read, Room, Saved, State
from rnnbuild.models.kernels.cells import Cell
from rnnbuild.models.kernels.forward import forward_steps
from rnnbuild.models.kernels.gradients import input_gradients, weight_gradients
from rnnbuild.models.kernels.panels import (
    BACK_WIDTH,
    BackPanels,
    Panels,
    empty_panels,
    packed,
    packed_back,
    panels_of,
    unpacked,
)
from rnnbuild.models.kernels.products import K_AT_ONCE
from rnnbuild.models.kernels.workspace import Arrays

ROWS_AT_ONCE = 32
"""Rows that a kernel is called with where it saves nothing."""
PRODUCTS_AT_ONCE = 256
"""Rows of x that are multiplied at once by W, where those of several steps lie together."""
NOTHING = np.empty((0, 0), np.float32)

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Direction:
    """What a direction reads, its weights as Keras has them, and its state.

    bias:     (1 or 2, columns)
    state:    (1 or 2, B, units), h, and an LSTM's c; it becomes the last one
    is_given: whether the state is another than zeros
    offset:   the first of the outputs' columns that is the direction's
    """

    cell: Cell
    read: Read
    kernel: Any
    recurrent: Any
    bias: Any
    state: Any
    is_given: bool
    offset: int

    @property
    def units(self) -> int:
        return len(self.recurrent)

    @property
    def width(self) -> int:
        """Features of x; columns of x·W, where that is what is read."""
        return int(self.read.inputs.shape[1])

    @property
    def products(self) -> int:
        """How many products of two numbers a pass takes."""
        return int(self.read.places.size * self.recurrent.shape[1] * (self.units + self.width))

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

    def packed(self) -> Panels:
        return packed(self.cell.layout, self.kernel, self.recurrent, self.bias)

    def packed_back(self) -> BackPanels:
        return packed_back(self.cell.layout, self.kernel, self.recurrent)

    def empty_gradients(self) -> Panels:
        """Room for the gradients with respect to the weights."""
        return empty_panels(self.cell.layout, self.width, self.units)

    def unpacked(self, gradients: Panels) -> Arrays:
        """Those of W, U and the biases, in Keras' order."""
        kernel, recurrent, bias = unpacked(self.cell.layout, gradients, len(self.bias))
        return [kernel, recurrent, bias if len(bias) > 1 else bias[0]]

    def forward(
        self, panels: Panels, saved: Saved | None, outputs: Any, first: int, last: int
    ) -> None:
        """Fills some rows of `outputs` and of `saved`.

        What is not saved is written over by the next rows, while it is in the CPU's cache.
        """
        rows, steps = self.read.places.shape
        for start in range(first, last, last - first if saved else ROWS_AT_ONCE):
            end = last if saved else min(start + ROWS_AT_ONCE, last)
            count, whole = end - start, saved is None or last - first == rows
            at_once = steps_at_once(count, steps) if whole else 1
            forward_steps(
                self.cell.sizes(),
                self.read,
                panels,
                self._part(start, end, start if saved else 0),
                outputs,
                self._state(self.state),
                saved or Saved(*map(empty, self._shapes(count, at_once, 2))),
                Room(
                    empty((at_once * count, self.width)),
                    np.zeros((count, self.cell.gates * self.cell.span), np.float32),
                    NOTHING,
                    NOTHING,
                ),
            )

    def backward(
        self, back: BackPanels, saved: Saved, by_outputs: Any, by_state: Any, first: int, last: int
    ) -> None:
        """Turns the gates of some rows into gradients, and fills their part of `by_state`."""
        padded, breadth = saved.states.shape[2], len(back.recurrent) * BACK_WIDTH
        backward_steps(
            self.cell.sizes(),
            self.read,
            back,
            self._part(first, last, first),
            by_outputs,
            self._state(by_state),
            saved,
            Room(
                NOTHING,
                NOTHING,
                np.zeros((last - first, breadth), np.float32),
                np.zeros((last - first, padded), np.float32),
            ),
        )

    def add_input_gradients(
        self, back: BackPanels, saved: Saved, by_inputs: Any, first: int, last: int
    ) -> None:
        """Adds those of some rows, from the gradients that `backward` left."""
        rows, steps = self.read.places.shape
        at_once = steps_at_once(rows, steps) if last - first == rows else 1
        input_gradients(
            self.cell.sizes(),
            self.read,
            back,
            self._part(first, last, first),
            saved,
            by_inputs,
            empty((at_once * (last - first), len(back.kernel) * BACK_WIDTH)),
        )

    def fill_weight_gradients(
        self, saved: Saved, by_weights: Panels, first: int, last: int
    ) -> None:
        """Fills some of the panels, from the gradients that `backward` left."""
        weight_gradients(
            self.cell.sizes(),
            self.read,
            self._part(first, last, 0),
            saved,
            by_weights,
            empty((K_AT_ONCE, self.width)),
        )

    def _part(self, first: int, last: int, saved: int) -> BatchPart:
        return BatchPart(first, last, saved, self.offset, int(self.read.lengths.max()))

    def _state(self, state: Any) -> State:
        return State(state[0], state[-1], self.is_given)


def empty(shape: Shape) -> Any:
    """Room for numbers that are written before they are read."""
    return np.empty(shape, np.float32)


def steps_at_once(rows: int, steps: int) -> int:
    """Steps whose x are multiplied at once by W, where their rows lie together."""
    return max(1, min(steps, PRODUCTS_AT_ONCE // rows))
