"""LSTM, in the order of Keras' kernels: input gate i, forget gate f, candidate g, output gate o.

i, f, o = σ(x·W + b + h′·U)    g = tanh(x·W + b + h′·U)    c = f ⊙ c′ + i ⊙ g    h = o ⊙ tanh(c)

Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000.
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.functions import inner, kernel, sigmoid, tanh
from rnnbuild.models.kernels.steps import backward_steps, forward_steps, same_gradients

STATES = 2
"""h and c."""
WIDTHS = (4, 1)
"""Columns of `gates`, which are i, f, g, o, and of `others`, which is c, in units."""


@inner
def forward_step(
    gate: Any, product: Any, bias: Any, h: Any, memory: Any, other: Any, saved_h: Any
) -> None:
    b, units = bias[0], h.size
    # All gates in one loop: a loop each takes three times as long.
    for j in range(units):
        i = sigmoid(gate[j] + product[j] + b[j])
        f = sigmoid(gate[units + j] + product[units + j] + b[units + j])
        g = tanh(gate[2 * units + j] + product[2 * units + j] + b[2 * units + j])
        o = sigmoid(gate[3 * units + j] + product[3 * units + j] + b[3 * units + j])
        c = f * memory[j] + i * g
        value = o * tanh(c)
        gate[j] = i
        gate[units + j] = f
        gate[2 * units + j] = g
        gate[3 * units + j] = o
        memory[j] = c
        other[j] = c
        h[j] = value
        saved_h[j] = value


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
    units, one = h.size, np.float32(1)
    for j in range(units):
        i, f, g, o = gate[j], gate[units + j], gate[2 * units + j], gate[3 * units + j]
        squashed = tanh(other[j])  # tanh(c), cheaper to compute again than to save
        dh_j = dh[j] + from_later[j]
        dc = carry[j] + dh_j * o * (one - squashed * squashed)
        carry[j] = dc * f
        gate[j] = dc * g * i * (one - i)
        gate[units + j] = dc * other_before[j] * f * (one - f)
        gate[2 * units + j] = dc * i * (one - g * g)
        gate[3 * units + j] = dh_j * squashed * o * (one - o)


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
