"""SimpleRNN (Elman 1990): h = tanh(x·W + b + h′·U)."""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.functions import inner, kernel, tanh
from rnnbuild.models.kernels.steps import backward_steps, forward_steps, same_gradients

STATES = 1
"""Only h."""
WIDTHS = (1, 0)
"""Columns of `gates` and `others`, in units; h is saved anyway."""


@inner
def forward_step(
    gates: Any,
    place: int,
    products: Any,
    row: int,
    bias: Any,
    hidden: Any,
    memories: Any,
    others: Any,
    states: Any,
    after: int,
) -> None:
    gate, product, h, saved_h = gates[place], products[row], hidden[row], states[after]
    b = bias[0]
    for j in range(h.size):
        value = tanh(gate[j] + product[j] + b[j])
        saved_h[j] = value
        h[j] = value


@inner
def backward_step(
    gates: Any,
    place: int,
    others: Any,
    states: Any,
    after: int,
    dh: Any,
    laters: Any,
    carries: Any,
    row: int,
) -> None:
    gate, h, from_later = gates[place], states[after], laters[row]
    one = np.float32(1)
    for j in range(dh.size):
        gate[j] = (dh[j] + from_later[j]) * (one - h[j] * h[j])  # tanh′ = 1 - tanh²


@kernel
def forward(
    read: Any, weights: Any, part: Any, outputs: Any, state: Any, saved: Any, room: Any
) -> None:
    forward_steps(forward_step, weights.bias, read, weights, part, outputs, state, saved, room)


@kernel
def backward(
    read: Any,
    weights: Any,
    part: Any,
    by_outputs: Any,
    by_state: Any,
    saved: Any,
    gradients: Any,
    room: Any,
) -> None:
    backward_steps(
        backward_step,
        same_gradients,
        read,
        weights,
        part,
        by_outputs,
        by_state,
        saved,
        gradients,
        room,
    )
