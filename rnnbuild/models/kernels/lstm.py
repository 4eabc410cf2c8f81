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
    memory, other = memories[row], others[after]
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
    gate, other, other_before = gates[place], others[after], others[place]
    from_later, carry = laters[row], carries[row]
    units, one = dh.size, np.float32(1)
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
