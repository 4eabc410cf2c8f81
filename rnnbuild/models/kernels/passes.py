"""The forward and backward pass of a layer's directions, by NumPy arrays, on all CPUs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.aligned import zeros
from rnnbuild.models.kernels.blocks import Read, Saved
from rnnbuild.models.kernels.cells import Cell
from rnnbuild.models.kernels.directions import Direction, Part
from rnnbuild.models.kernels.held import HeldWeights
from rnnbuild.models.kernels.phases import run_in_phases
from rnnbuild.models.kernels.weights import Weights
from rnnbuild.models.kernels.workspace import Arrays, Workspace

PRODUCTS_OF_STEP = 1 << 18
"""Products of two numbers that a step takes at least where threads share its units: below, they
would wait for each other longer than they save."""


class Task(NamedTuple):
    """Some rows, or some of their panels, in some of the directions."""

    directions: range
    part: Part


class Wanted(NamedTuple):
    """Which gradients a backward pass gives, besides those with respect to states."""

    inputs: bool = True
    weights: bool = True


ALL_WANTED = Wanted()


@dataclass(frozen=True, eq=False)
class Passes:
    """A layer's directions through their cell's kernels.

    Arguments: `places` int32 (B, T) and `lengths` int32 (B,), see `Read`; then the inputs, (N,
    width), one for all directions or one for each; then W, U and the biases of each direction;
    then, where `carries_state`, the initial state of each, (1 or 2, B, units): h, and an LSTM's c.
    With a state, rows need one real step each.

    Where the weights are `held`, an array of any size takes their place among the arguments, and
    among the gradients the sums of squares of theirs, float32 (3 for each direction,), which
    `HeldWeights.move` then takes the step of.

    Gradients that are not `wanted` are not computed.
    """

    cell: Cell
    backwards: tuple[bool, ...]
    units: int
    return_sequences: bool
    carries_state: bool = False
    held: Sequence[HeldWeights] = ()
    wanted: Wanted = ALL_WANTED
    workspace: Workspace = field(default_factory=Workspace)

    @property
    def outputs_shape(self) -> tuple[int | None, ...]:
        """The shape of the outputs, None for what is the batch's."""
        return None, None if self.return_sequences else 1, len(self.backwards) * self.units

    def outputs(self, *arguments: Any) -> Arrays:
        """h of all directions side by side, (B, T, features) or (B, 1, features); then the last
        state of each direction, where states are carried. Nothing is saved.

        An input that is x·W already is as wide as W, whose rows are then left out.
        """
        directions = self._directions(arguments)
        return [self._forward(directions, None), *self._states(directions)]

    def forward(self, *arguments: Any) -> Arrays:
        """As `outputs`; in second place the number of what is saved for `backward`."""
        directions = self._directions(arguments)
        arrays = self._take(directions)
        outputs = self._forward(directions, saved_in(arrays, directions))
        return [outputs, np.int64(self.workspace.leave(arrays)), *self._states(directions)]

    def backward(self, number: Any, by_outputs: Any, *rest: Any) -> Arrays:
        """The gradients with respect to inputs and weights, those that are wanted, and, where
        carried, initial states, in the order of the arguments.

        `rest` are the gradients with respect to the last states, where states are carried, and
        then the arguments of `forward`.
        """
        count = len(self.backwards) if self.carries_state else 0
        by_last, arguments = rest[:count], rest[count:]
        directions = self._directions(arguments)
        arrays = self.workspace.recall(int(number))
        if arrays is None:  # a second gradient of one pass, or passes side by side
            arrays = self._take(directions)
            self._forward(self._directions(arguments), saved_in(arrays, directions))
        by_states = [np.zeros_like(one.state) for one in directions]
        if self.carries_state:
            by_outputs = with_last_steps(by_outputs, by_last, directions)
            for by_state, gradient in zip(by_states, by_last, strict=True):
                by_state[1:] = gradient[1:]
        saved = saved_in(arrays, directions)
        gradients = self._backward(by_outputs, by_states, directions, saved)
        self.workspace.spent(arrays)
        return [*gradients, *by_states] if self.carries_state else gradients

    def _directions(self, arguments: Sequence[Any]) -> list[Direction]:
        """The directions, biases as rows, states copied."""
        count = len(self.backwards)
        places, lengths, *given = arguments
        states = [None] * count
        if self.carries_state:
            given, states = given[:-count], given[-count:]
        own = 1 if self.held else 3 * count
        inputs, weights = given[:-own], self._weights(given[-own:])
        inputs = inputs if len(inputs) == count else inputs * count
        directions, offset = [], 0
        for number, backwards in enumerate(self.backwards):
            units = weights[number].units
            state = np.zeros((self.cell.states, len(lengths), units), np.float32)
            if self.carries_state:
                state[:] = states[number]
            # Inputs that are x·W already come with a W that has no rows.
            read = Read(inputs[number], places, lengths, backwards, not weights[number].width)
            directions.append(
                Direction(self.cell, read, weights[number], state, self.carries_state, offset)
            )
            offset += units
        return directions

    def _weights(self, arrays: Sequence[Any]) -> list[Weights]:
        """Each direction's weights, packed if they come with the arguments, biases as rows."""
        if self.held:
            return [one.weights for one in self.held]
        return [
            Weights.of(self.cell.layout, kernel, recurrent, np.atleast_2d(bias))
            for kernel, recurrent, bias in zip(arrays[::3], arrays[1::3], arrays[2::3], strict=True)
        ]

    def _states(self, directions: list[Direction]) -> Arrays:
        return [one.state for one in directions] if self.carries_state else []

    def _take(self, directions: list[Direction]) -> Arrays:
        """Room for what all steps save."""
        shapes = [shape for one in directions for shape in one.saved_shapes]
        return self.workspace.take([prod(shape) for shape in shapes])

    def _forward(self, directions: list[Direction], saved: list[Saved] | None) -> Any:
        """The outputs. The directions' states become the last ones."""
        rows, steps = directions[0].read.places.shape
        features = sum(one.units for one in directions)
        outputs = zeros((rows, steps if self.return_sequences else 1, features))

        tasks = tasks_of(directions)
        if saved is None and any(task.part.sharers > 1 for task in tasks):
            saved = [one.unsaved(rows) for one in directions]

        def compute(task: Task) -> None:
            for at in task.directions:
                share = saved[at] if saved else None
                directions[at].forward(share, outputs, task.part)

        run_in_phases([[partial(compute, task) for task in tasks]], len(tasks))
        return outputs

    def _backward(
        self, by_outputs: Any, by_states: Arrays, directions: list[Direction], saved: list[Saved]
    ) -> Arrays:
        inputs = [one.read.inputs for one in directions]
        shared = inputs[0] is inputs[-1]
        wanted = self.wanted
        rooms = (inputs[:1] if shared else inputs) if wanted.inputs else []
        by_inputs = [zeros(one.shape) for one in rooms]
        tasks = tasks_of(directions)
        threads = len(tasks)

        def steps(task: Task) -> None:
            for at in task.directions:
                directions[at].backward(saved[at], by_outputs, by_states[at], task.part)

        def add_inputs(task: Task) -> None:
            for at in task.directions:
                total = by_inputs[0 if shared else at]
                directions[at].add_input_gradients(saved[at], total, task.part)

        def weights(at: int, panels: shards.Part) -> None:
            directions[at].fill_weight_gradients(saved[at], *panels)
            if self.held:
                self.held[at].sum_squares(*panels)

        panels = [
            (at, part)
            for at, one in enumerate(directions)
            for part in shards.parts_of(len(one.weights.panels.kernel), threads)
        ]
        backs = [call for one in directions for call in one.weights.transposing(threads)]
        run_in_phases(
            [
                backs,
                [partial(steps, task) for task in tasks],
                [
                    *(partial(weights, *one) for one in panels if wanted.weights),
                    *(
                        partial(add_inputs, task)
                        for task in input_tasks(tasks, shared)
                        if wanted.inputs
                    ),
                ],
            ],
            threads,
        )
        return [*by_inputs, *(self._by_weights(directions) if wanted.weights else [])]

    def _by_weights(self, directions: list[Direction]) -> Arrays:
        """The gradients with respect to the weights; of held ones, their sums of squares."""
        if self.held:
            return [np.array([one.squares() for one in self.held], np.float32).reshape(-1)]
        found = []
        for one in directions:
            kernel, recurrent, bias = one.weights.gradients_as_given()
            found += [kernel, recurrent, bias if len(bias) > 1 else bias[0]]
        return found


def saved_in(arrays: Arrays, directions: list[Direction]) -> list[Saved]:
    """What is saved of each direction, in three arrays each."""
    return [one.saved(arrays[3 * at : 3 * at + 3]) for at, one in enumerate(directions)]


def tasks_of(directions: list[Direction]) -> list[Task]:
    """Tasks for as many threads as have enough to do.

    Directions first; then rows, since those are independent; then units, where rows are too few and
    a step takes long enough to be waited for.
    """
    rows, count = len(directions[0].read.lengths), len(directions)
    work = sum(one.products for one in directions)
    threads = min(shards.processors(), work // shards.SMALLEST_TASK)
    if threads < count:
        return [Task(range(count), Part(0, rows))]
    threads //= count
    if rows < threads * shards.ROWS_TOGETHER and directions[0].products_of_step >= PRODUCTS_OF_STEP:
        return [task for at, one in enumerate(directions) for task in unit_tasks(at, one, threads)]
    parts = shards.parts_of(rows, threads, shards.ROWS_TOGETHER)
    return [Task(range(at, at + 1), Part(*part)) for at in range(count) for part in parts]


def unit_tasks(at: int, direction: Direction, threads: int) -> list[Task]:
    """A direction's units in shares, with all rows each."""
    shares, meeting = direction.shares(threads), np.zeros(1, np.int64)
    rows = len(direction.read.lengths)
    return [
        Task(range(at, at + 1), Part(0, rows, *panels, len(shares), meeting)) for panels in shares
    ]


def input_tasks(tasks: list[Task], shared: bool) -> list[Task]:
    """Tasks that add to the gradient with respect to inputs, which no two may do in one row: each
    part of rows once, with all directions where they have their inputs in common."""
    rows = [task for task in tasks if task.part.panel == 0]
    if not shared:
        return rows
    directions = range(tasks[-1].directions.stop)
    return [task._replace(directions=directions) for task in rows if 0 in task.directions]


def with_last_steps(by_outputs: Any, by_last: Sequence[Any], directions: list[Direction]) -> Any:
    """The gradient with respect to the outputs, and that with respect to each row's last h added
    at the step where the row's last h is an output."""
    total = np.array(by_outputs)
    rows = np.arange(len(total))
    for gradient, one in zip(by_last, directions, strict=True):
        whole = total.shape[1] == one.read.places.shape[1]
        at = one.read.lengths - 1 if whole and not one.read.backwards else 0
        total[rows, at, one.offset : one.offset + one.units] += gradient[0]
    return total
