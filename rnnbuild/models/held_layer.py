"""A recurrent layer whose weights stay in the kernels from one step of training to the next."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnbuild.models.carried_state import LayerState
from rnnbuild.models.descent import Beginning, Step
from rnnbuild.models.framework import tf
from rnnbuild.models.fused import (
    arguments_of_steps,
    cells_of,
    description_of,
    differentiable_outputs,
    is_fused,
)
from rnnbuild.models.kernels.adam import Falls, step_size
from rnnbuild.models.kernels.held import HeldWeights
from rnnbuild.models.kernels.passes import ALL_WANTED, Wanted

NUMBERS = 3
"""Weights of a direction: W, U and the biases."""


class HeldLayer:
    """The weights of a recurrent layer while it is trained, and Adam's moments of them.

    They are taken out of their variables by the first step, and put back by `settle`, until which
    the variables keep their old values.
    """

    def __init__(
        self,
        layer: Any,
        optimizer: Any,
        slot: int,
        state: LayerState | None = None,
        wanted: Wanted = ALL_WANTED,
    ) -> None:
        """`slot` is the place of the layer's first weight among the model's trainable ones; `state`
        is carried from step to step; gradients with respect to the inputs may not be `wanted`."""
        described = description_of(layer)
        assert described is not None
        self.layer, self.variables = layer, layer.trainable_variables
        self._described, self._optimizer, self._slot = described, optimizer, slot
        # Empty while the weights are in their variables.
        self._held: list[HeldWeights] = []
        self._passes = described.passes(state is not None, self._held, wanted)
        self._state = state
        self._falls = Falls.of(optimizer)

    def begin(self, inputs: Any) -> Beginning:
        """Gradients are taken with respect to a tensor that stands for all weights: its gradient
        is the sums of squares of theirs, which themselves stay in the kernels."""
        stand_in = tf.zeros(len(self.variables))

        def from_state(values: Any, lengths: Any, first: list[Any]) -> tuple[Any, list[Any]]:
            steps, flat = arguments_of_steps(self.layer, values, lengths, training=True)
            found, *last = differentiable_outputs(self, steps, flat, [stand_in], first)
            return self._described.merged(found, tf.split), last

        def outputs(values: Any, lengths: Any) -> Any:
            if self._state is None:
                return from_state(values, lengths, [])[0]
            return self._state.carried(values, lambda first: from_state(values, lengths, first))

        return Beginning(stand_in, {self.layer.name: outputs})

    def norms(self, gradient: Any) -> Any:
        return tf.sqrt(gradient)

    def move(self, gradient: Any, scale: Any, step: Step) -> None:
        # The gradient is passed so that the move waits for the backward pass.
        given = [gradient, tf.constant(1.0) if scale is None else scale, *step]
        tf.numpy_function(self._move, given, [])

    def settle(self) -> None:
        for at, held in enumerate(self._held):
            for variables, arrays in zip(self._slots(at), held.as_given(), strict=True):
                for variable, array in zip(variables, arrays, strict=True):
                    variable.assign(array.reshape(variable.shape))
        self._held.clear()

    @property
    def outputs_shape(self) -> tuple[int | None, ...]:
        return self._passes.outputs_shape

    @property
    def wanted(self) -> Wanted:
        return self._passes.wanted

    def forward(self, *arguments: Any) -> list[Any]:
        """As `Passes.forward`, of the weights as they are after all steps so far."""
        if not self._held:
            self._take_out()
        return self._passes.forward(*arguments)

    def backward(self, *arguments: Any) -> list[Any]:
        return self._passes.backward(*arguments)

    def _take_out(self) -> None:
        layout = self._passes.cell.layout
        for at in range(len(cells_of(self.layer))):
            arrays = (
                [np.atleast_2d(variable.value.numpy()) for variable in variables]
                for variables in self._slots(at)
            )
            self._held.append(HeldWeights(layout, *arrays))

    def _slots(self, direction: int) -> list[Sequence[Any]]:
        """The variables of a direction's weights, and of their moments."""
        first = self._slot + direction * NUMBERS
        own = slice(direction * NUMBERS, (direction + 1) * NUMBERS)
        slots = slice(first, first + NUMBERS)
        adam = self._optimizer
        return [self.variables[own], adam._momentums[slots], adam._velocities[slots]]

    def _move(self, _: Any, scale: np.float32, number: np.float32, rate: np.float32) -> None:
        size = step_size(rate, number, self._optimizer.beta_1, self._optimizer.beta_2)
        for held in self._held:
            held.move(self._falls, size, scale)


def can_be_held(layer: Any) -> bool:
    """Whether the kernels train the layer, and its weights move by their own gradients alone."""
    return is_fused(layer) and all(
        cell.trainable
        and cell.use_bias
        and not any(getattr(cell, f"{weight}_{key}") for weight in WEIGHTS for key in KEYS)
        for cell in cells_of(layer)
    )


WEIGHTS = ("kernel", "recurrent", "bias")
KEYS = ("regularizer", "constraint")
