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
    gate: Any, product: Any, bias: Any, h: Any, memory: Any, other: Any, saved_h: Any
) -> None:
    b = bias[0]
    for j in range(h.size):
        value = tanh(gate[j] + product[j] + b[j])
        saved_h[j] = value
        h[j] = value


@inner
def backward_step(
    gate: Any,
    other: Any,
    h: Any,
    before: Any,
    other_before: Any,
    dh: Any,
    from_later: Any,
    carry: Any,
) -> None:
    one = np.float32(1)
    for j in range(h.size):
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
