"""GRU with `reset_after`, in the order of Keras' kernels: update z, reset r, candidate g.

z, r = σ(x·W + b + h′·U + b′)    g = tanh(x·W_g + b + r ⊙ (h′·U_g + b′))    h = z ⊙ h′ + (1 − z) ⊙ g

Cho et al. 2014, with the reset gate behind the product, as in cuDNN.
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.blocks import add_rows
from rnnbuild.models.kernels.functions import copy, inner, kernel, sigmoid, tanh
from rnnbuild.models.kernels.steps import backward_steps, forward_steps

STATES = 1
"""Only h."""
WIDTHS = (3, 1)
"""Columns of `gates`, which are z, r, g, and of `others`, which is h′·U_g + b′, in units."""


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
    other = others[after]
    both, outer, own = bias[0], bias[1], bias[2]  # b + b′, b, b′
    units, one = h.size, np.float32(1)
    for j in range(units):
        z = sigmoid(gate[j] + product[j] + both[j])
        r = sigmoid(gate[units + j] + product[units + j] + both[units + j])
        inside = product[2 * units + j] + own[2 * units + j]
        g = tanh(gate[2 * units + j] + outer[2 * units + j] + r * inside)
        value = z * h[j] + (one - z) * g
        gate[j] = z
        gate[units + j] = r
        gate[2 * units + j] = g
        other[j] = inside
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
    gate, other, before = gates[place], others[after], states[place]
    from_later, carry = laters[row], carries[row]
    units, one = dh.size, np.float32(1)
    for j in range(units):
        z, r, g = gate[j], gate[units + j], gate[2 * units + j]
        dh_j = dh[j] + from_later[j] + carry[j]
        dg = dh_j * (one - z) * (one - g * g)
        carry[j] = dh_j * z  # h′ is also in h itself, beside U
        gate[j] = dh_j * (before[j] - g) * z * (one - z)
        gate[units + j] = dg * other[j] * r * (one - r)
        gate[2 * units + j] = dg * r
        other[j] = dg  # the candidate's gradient with respect to x·W_g, until the block's end


@inner
def input_gradients(gates: Any, others: Any, by_bias: Any) -> None:
    """b′ is added where U is, and the candidate's part differs by r from that of x·W + b."""
    add_rows(gates, by_bias[1])
    for place in range(gates.shape[0]):
        candidate = others[place]
        copy(candidate, gates[place, 2 * candidate.size :])


@kernel
def forward(
    read: Any, weights: Any, part: Any, outputs: Any, state: Any, saved: Any, room: Any
) -> None:
    bias = np.empty((3, weights.bias.shape[1]), np.float32)
    outer, own = weights.bias[0], weights.bias[1]
    for j in range(bias.shape[1]):
        bias[0, j], bias[1, j], bias[2, j] = outer[j] + own[j], outer[j], own[j]
    forward_steps(forward_step, bias, read, weights, part, outputs, state, saved, room)


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
        input_gradients,
        read,
        weights,
        part,
        by_outputs,
        by_state,
        saved,
        gradients,
        room,
    )
