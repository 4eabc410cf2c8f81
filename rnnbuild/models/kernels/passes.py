"""The forward and backward pass of a layer's directions, by NumPy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.blocks import (
    STEPS_AT_ONCE,
    BackwardRoom,
    BatchPart,
    ForwardRoom,
    Read,
    Saved,
    State,
    Weights,
)
from rnnbuild.models.kernels.workspace import Arrays, Workspace

ROWS_AT_ONCE = 32
"""Rows that a kernel is called with where it saves nothing."""
ALIGNMENT = 64
"""Bytes. TensorFlow takes over an array that starts at a multiple, and copies any other."""


def zeros(*shape: int) -> Any:
    """float32, aligned."""
    size = int(np.prod(shape))
    room = np.zeros(size + ALIGNMENT // 4, np.float32)
    start = -room.ctypes.data % ALIGNMENT // 4
    return room[start : start + size].reshape(shape)


class Direction(NamedTuple):
    """One direction of a call: what it reads, by which weights, from which state."""

    read: Read
    weights: Weights
    state: Any
    """(1 or 2, B, units): h, and an LSTM's c."""

    @property
    def units(self) -> int:
        return int(self.weights.recurrent.shape[0])


@dataclass(frozen=True, eq=False)
class Passes:
    """A layer's directions through their cell's kernels, on all CPUs.

    Arguments: `places` int32 (B, T) and `lengths` int32 (B,), see `Read`; then the inputs, (N,
    width), one for all directions or one for each; then W, U and the biases of each direction;
    then, where `carries_state`, the initial state of each, (1 or 2, B, units): h, and an LSTM's c.
    With a state, rows need one real step each.
    """

    kernels: ModuleType
    backwards: tuple[bool, ...]
    return_sequences: bool
    carries_state: bool = False
    workspace: Workspace = field(default_factory=Workspace)

    def outputs(self, *arguments: Any) -> Arrays:
        """h of all directions side by side, (B, T, features) or (B, 1, features); then the last
        state of each direction, where states are carried. Nothing is saved.

        An input that is x·W already is as wide as W, whose rows are then left out.
        """
        directions = self._directions(arguments)
        rows, steps = directions[0].read.places.shape
        sizes = self._sizes(rows, min(steps, STEPS_AT_ONCE), directions)
        outputs = self._forward(directions, [np.empty(size, np.float32) for size in sizes])
        return [outputs, *self._states(directions)]

    def forward(self, *arguments: Any) -> Arrays:
        """As `outputs`; in second place the number of what is saved for `backward`."""
        directions = self._directions(arguments)
        saved = self._take(directions)
        outputs = self._forward(directions, saved, save=True)
        return [outputs, np.int64(self.workspace.leave(saved)), *self._states(directions)]

    def backward(self, number: Any, by_outputs: Any, *rest: Any) -> Arrays:
        """The gradients with respect to inputs, weights and, where carried, initial states, in the
        order of the arguments.

        `rest` are the gradients with respect to the last states, where states are carried, and
        then the arguments of `forward`.
        """
        count = len(self.backwards) if self.carries_state else 0
        by_last, arguments = rest[:count], rest[count:]
        saved = self.workspace.recall(int(number))
        if saved is None:  # a second gradient of one pass, or passes side by side
            directions = self._directions(arguments)
            saved = self._take(directions)
            self._forward(directions, saved, save=True)
        directions = self._directions(arguments)
        by_states = [np.zeros_like(one.state) for one in directions]
        if self.carries_state:
            by_outputs = with_last_steps(by_outputs, by_last, directions)
            for by_state, gradient in zip(by_states, by_last, strict=True):
                by_state[1:] = gradient[1:]
        gradients = self._backward(by_outputs, by_states, directions, saved)
        self.workspace.spent(saved)
        return [*gradients, *by_states] if self.carries_state else gradients

    def _directions(self, arguments: Sequence[Any]) -> list[Direction]:
        """What each direction reads, its weights (biases as rows) and its state, a copy."""
        count = len(self.backwards)
        places, lengths, *given = arguments
        states = [None] * count
        if self.carries_state:
            given, states = given[:-count], given[-count:]
        inputs, arrays = given[: -3 * count], given[-3 * count :]
        inputs = inputs if len(inputs) == count else inputs * count
        directions = []
        for number, backwards in enumerate(self.backwards):
            kernel, recurrent, bias = arrays[3 * number : 3 * number + 3]
            values = np.zeros((self.kernels.STATES, len(lengths), len(recurrent)), np.float32)
            if self.carries_state:
                values[:] = states[number]
            directions.append(
                Direction(
                    Read(inputs[number], places, lengths, backwards, not len(kernel)),
                    Weights(kernel, recurrent, np.atleast_2d(bias)),
                    values,
                )
            )
        return directions

    def _states(self, directions: list[Direction]) -> Arrays:
        return [one.state for one in directions] if self.carries_state else []

    def _take(self, directions: list[Direction]) -> Arrays:
        """Room for what all steps save."""
        rows, steps = directions[0].read.places.shape
        return self.workspace.take(self._sizes(rows, steps, directions))

    def _sizes(self, rows: int, steps: int, directions: list[Direction]) -> list[int]:
        """Sizes of each direction's arrays in `Saved`; states and others have one step more."""
        gates, others = self.kernels.WIDTHS
        return [
            rows * size
            for n in (one.units for one in directions)
            for size in ((steps + 1) * n, steps * gates * n, (steps + 1) * others * n)
        ]

    def _saved(
        self, saved: Arrays, direction: int, part: shards.Part, steps: int, units: int
    ) -> Saved:
        """A part's share of what is saved of a direction."""
        first, last = part
        shares = []
        for array, width, count in zip(
            saved[3 * direction : 3 * direction + 3],
            (1, *self.kernels.WIDTHS),
            (steps + 1, steps, steps + 1),
            strict=True,
        ):
            size = count * width * units
            share = array[first * size : last * size]
            shares.append(share.reshape((last - first) * count, width * units))
        return Saved(*shares)

    def _state(self, state: Any, first: int, last: int) -> State:
        return State(state[0, first:last], state[-1, first:last], self.carries_state)

    def _forward(self, directions: list[Direction], saved: Arrays, save: bool = False) -> Any:
        """The outputs. The directions' states become the last ones."""
        rows, steps = directions[0].read.places.shape
        room = steps if save else min(steps, STEPS_AT_ONCE)
        features = sum(one.units for one in directions)
        outputs = zeros(rows, steps if self.return_sequences else 1, features)

        def task(_: int, part: shards.Part) -> None:
            first, last = part
            # What is not saved is written over by the next rows, in the CPU's cache.
            for start in range(first, last, last - first if save else ROWS_AT_ONCE):
                end, offset = last if save else min(start + ROWS_AT_ONCE, last), 0
                for number, (read, weights, state) in enumerate(directions):
                    units = directions[number].units
                    share = self._saved(saved, number, (first, first + end - start), room, units)
                    share.states[: end - start] = state[0, start:end]
                    if self.kernels.STATES > 1:
                        share.others[: end - start] = state[1, start:end]
                    self.kernels.forward(
                        read,
                        weights,
                        BatchPart(start, end, offset),
                        outputs,
                        self._state(state, start, end),
                        share,
                        forward_room(weights, end - start, min(steps, STEPS_AT_ONCE)),
                    )
                    offset += units

        shards.run(task, shards.parts_of(rows, products_in(directions)))
        return outputs

    def _backward(
        self, by_outputs: Any, by_states: Arrays, directions: list[Direction], saved: Arrays
    ) -> Arrays:
        rows, steps = directions[0].read.places.shape
        parts = shards.parts_of(rows, products_in(directions))
        inputs = [one.read.inputs for one in directions]
        shared = inputs[0] is inputs[-1]
        by_inputs = [zeros(*one.shape) for one in (inputs[:1] if shared else inputs)]
        # Each part adds up gradients of its own, so that parts need not wait for each other.
        by_weights = [
            [np.zeros((len(parts), *array.shape), np.float32) for array in one.weights]
            for one in directions
        ]

        transposed = [
            tuple(np.ascontiguousarray(one.T) for one in direction.weights[:2])
            for direction in directions
        ]

        def task(number: int, part: shards.Part) -> None:
            offset = 0
            for place, (read, weights, _) in enumerate(directions):
                units = directions[place].units
                share = self._saved(saved, place, part, steps, units)
                gradients = (
                    by_inputs[0 if shared else place],
                    *(gradient[number] for gradient in by_weights[place]),
                )
                room = backward_room(
                    weights, transposed[place], part[1] - part[0], min(steps, STEPS_AT_ONCE)
                )
                self.kernels.backward(
                    read,
                    weights,
                    BatchPart(*part, offset),
                    by_outputs,
                    self._state(by_states[place], *part),
                    share,
                    gradients,
                    room,
                )
                by_states[place][0, slice(*part)] += room.later
                offset += units

        shards.run(task, parts)
        gradients: Arrays = [*by_inputs]
        for one in by_weights:
            by_kernel, by_recurrent, by_bias = (array.sum(axis=0) for array in one)
            # Biases came as rows only where there are two.
            gradients += [by_kernel, by_recurrent, by_bias if len(by_bias) > 1 else by_bias[0]]
        return gradients


def forward_room(weights: Weights, rows: int, steps: int) -> ForwardRoom:
    width, columns = len(weights.kernel), weights.recurrent.shape[1]
    return ForwardRoom(
        np.empty((steps * rows, width), np.float32), np.zeros((rows, columns), np.float32)
    )


def backward_room(weights: Weights, transposed: Any, rows: int, steps: int) -> BackwardRoom:
    width, units = len(weights.kernel), len(weights.recurrent)
    return BackwardRoom(
        np.empty((steps * rows, width), np.float32),
        np.zeros((rows, units), np.float32),
        np.zeros(units, np.float32),
        np.empty_like(weights.kernel),
        np.empty_like(weights.recurrent),
        *transposed,
    )


def products_in(directions: list[Direction]) -> int:
    """How many numbers x·W are in all steps of all directions."""
    return sum(one.read.places.size * one.weights.recurrent.shape[1] for one in directions)


def with_last_steps(by_outputs: Any, by_last: Sequence[Any], directions: list[Direction]) -> Any:
    """The gradient with respect to the outputs, and that with respect to each row's last h added
    at the step where the row's last h is an output."""
    total, offset = np.array(by_outputs), 0
    rows = np.arange(len(total))
    for gradient, (read, weights, _) in zip(by_last, directions, strict=True):
        units = weights.recurrent.shape[0]
        whole = total.shape[1] == read.places.shape[1]
        at = read.lengths - 1 if whole and not read.backwards else 0
        total[rows, at, offset : offset + units] += gradient[0]
        offset += units
    return total
