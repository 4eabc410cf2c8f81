"""SimpleRNN: h = tanh(x·W + b + h′·U)."""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.functions import kernel, position, tanh


@kernel
def forward(
    inputs: Any,
    places: Any,
    recurrent: Any,
    lengths: Any,
    backwards: bool,
    first: int,
    last: int,
    outputs: Any,
) -> None:
    """Fills rows first:last of `outputs`, which holds zeros.

    inputs:    x·W + b, (N, units), and places: which of these each step has, (B, T)
    recurrent: U, (units, units)
    outputs:   h, (B, T, units); zeros after each row's length. With T of 1, the last h alone
    """
    rows, units = last - first, recurrent.shape[0]
    every = outputs.shape[1] == places.shape[1]
    state = np.zeros((rows, units), np.float32)
    product = np.zeros((rows, units), np.float32)
    for step in range(lengths[first:last].max()):
        if step > 0:
            np.dot(state, recurrent, product)
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                continue
            at = position(step, length, backwards)
            given, added = inputs[places[first + row, at]], product[row]
            new, kept = outputs[first + row, at if every else 0], state[row]
            for j in range(units):
                value = tanh(given[j] + added[j])
                new[j] = value
                kept[j] = value


@kernel
def backward(
    slopes: Any,
    outputs: Any,
    recurrent: Any,
    lengths: Any,
    backwards: bool,
    first: int,
    last: int,
    found: Any,
) -> None:
    """Fills rows first:last of `found`, which holds zeros, with the slope by x·W + b."""
    rows, units = last - first, recurrent.shape[0]
    later = np.zeros((rows, units), np.float32)
    here = np.zeros((rows, units), np.float32)
    one = np.float32(1)
    for step in range(lengths[first:last].max() - 1, -1, -1):
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                continue
            at = position(step, length, backwards)
            h, dh, d = outputs[first + row, at], slopes[first + row, at], found[first + row, at]
            from_later, to_earlier = later[row], here[row]
            for j in range(units):
                value = (dh[j] + from_later[j]) * (one - h[j] * h[j])
                d[j] = value
                to_earlier[j] = value
        if step > 0:
            np.dot(here, recurrent.T, later)
