"""GRU with `reset_after`, in the order of Keras' kernels: update z, reset r, candidate g.

g = tanh(x·W_g + b + r ⊙ (h′·U_g + b′))        h = z ⊙ h′ + (1 − z) ⊙ g
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.functions import kernel, position, sigmoid, tanh


@kernel
def forward(
    inputs: Any,
    places: Any,
    recurrent: Any,
    bias: Any,
    lengths: Any,
    backwards: bool,
    first: int,
    last: int,
    outputs: Any,
    gates: Any,
) -> None:
    """Fills rows first:last of `outputs`, which holds zeros, and of what `backward` needs.

    inputs:    x·W + b, (N, 3 units), and places: which of these each step has, (B, T)
    recurrent: U, (units, 3 units)
    bias:      b′, (3 units)
    outputs:   h, (B, T, units); zeros after each row's length. With T of 1, the last h alone
    gates:     z, r, g and h′·U_g + b′, (B, T, 4 units); or with T of 1 where nothing is kept
    """
    rows, units = last - first, recurrent.shape[0]
    every, keep = outputs.shape[1] == places.shape[1], gates.shape[1] == places.shape[1]
    state = np.zeros((rows, units), np.float32)
    product = np.zeros((rows, 3 * units), np.float32)
    one = np.float32(1)
    for step in range(lengths[first:last].max()):
        if step > 0:
            np.dot(state, recurrent, product)
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                continue
            at = position(step, length, backwards)
            given, added = inputs[places[first + row, at]], product[row]
            gate = gates[first + row, at if keep else 0]
            new, kept = outputs[first + row, at if every else 0], state[row]
            for j in range(units):
                z = sigmoid(given[j] + added[j] + bias[j])
                r = sigmoid(given[units + j] + added[units + j] + bias[units + j])
                inner = added[2 * units + j] + bias[2 * units + j]
                g = tanh(given[2 * units + j] + r * inner)
                h = z * kept[j] + (one - z) * g
                gate[j] = z
                gate[units + j] = r
                gate[2 * units + j] = g
                gate[3 * units + j] = inner
                new[j] = h
                kept[j] = h


@kernel
def backward(
    slopes: Any,
    outputs: Any,
    gates: Any,
    recurrent: Any,
    lengths: Any,
    backwards: bool,
    first: int,
    last: int,
    found: Any,
    found_inner: Any,
) -> None:
    """Fills rows first:last of both, which hold zeros.

    found:       the slope by x·W + b, (B, T, 3 units)
    found_inner: the slope by h′·U_g + b′, (B, T, units); for z and r it is the same as by x·W + b
    """
    rows, units = last - first, recurrent.shape[0]
    later = np.zeros((rows, units), np.float32)
    through = np.zeros((rows, units), np.float32)
    here = np.zeros((rows, 3 * units), np.float32)
    nothing = np.zeros(units, np.float32)
    one = np.float32(1)
    for step in range(lengths[first:last].max() - 1, -1, -1):
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                continue
            at = position(step, length, backwards)
            gate, dh = gates[first + row, at], slopes[first + row, at]
            before = nothing
            if step > 0:
                before = outputs[first + row, position(step - 1, length, backwards)]
            from_later, direct, d = later[row], through[row], here[row]
            out, inner = found[first + row, at], found_inner[first + row, at]
            for j in range(units):
                z, r = gate[j], gate[units + j]
                g, product = gate[2 * units + j], gate[3 * units + j]
                dh_j = dh[j] + from_later[j] + direct[j]
                dg = dh_j * (one - z) * (one - g * g)
                dz = dh_j * (before[j] - g) * z * (one - z)
                dr = dg * product * r * (one - r)
                direct[j] = dh_j * z
                d[j] = dz
                d[units + j] = dr
                d[2 * units + j] = dg * r
                out[j] = dz
                out[units + j] = dr
                out[2 * units + j] = dg
                inner[j] = dg * r
        if step > 0:
            np.dot(here, recurrent.T, later)
