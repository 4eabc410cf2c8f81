"""LSTM, in the order of Keras' kernels: input gate i, forget gate f, candidate g, output gate o.

c = f ⊙ c′ + i ⊙ g        h = o ⊙ tanh(c)
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.functions import kernel, position, sigmoid, tanh


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
    cells: Any,
    gates: Any,
) -> None:
    """Fills rows first:last of `outputs`, which holds zeros, and of what `backward` needs.

    inputs:    x·W + b, (N, 4 units), and places: which of these each step has, (B, T)
    recurrent: U, (units, 4 units)
    outputs:   h, (B, T, units); zeros after each row's length. With T of 1, the last h alone
    cells:     c, (B, T, units), and gates: i, f, g, o, (B, T, 4 units); or with T of 1 where
               nothing is kept for `backward`
    """
    rows, units = last - first, recurrent.shape[0]
    every, keep = outputs.shape[1] == places.shape[1], cells.shape[1] == places.shape[1]
    state = np.zeros((rows, units), np.float32)
    memory = np.zeros((rows, units), np.float32)
    product = np.zeros((rows, 4 * units), np.float32)
    for step in range(lengths[first:last].max()):
        if step > 0:
            np.dot(state, recurrent, product)
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                continue
            at = position(step, length, backwards)
            given, added = inputs[places[first + row, at]], product[row]
            gate, cell = (
                gates[first + row, at if keep else 0],
                cells[first + row, at if keep else 0],
            )
            new, kept, remembered = (
                outputs[first + row, at if every else 0],
                state[row],
                memory[row],
            )
            # All gates in one turn: a loop each takes three times as long.
            for j in range(units):
                i = sigmoid(given[j] + added[j])
                f = sigmoid(given[units + j] + added[units + j])
                g = tanh(given[2 * units + j] + added[2 * units + j])
                o = sigmoid(given[3 * units + j] + added[3 * units + j])
                c = f * remembered[j] + i * g
                h = o * tanh(c)
                gate[j] = i
                gate[units + j] = f
                gate[2 * units + j] = g
                gate[3 * units + j] = o
                remembered[j] = c
                cell[j] = c
                new[j] = h
                kept[j] = h


@kernel
def backward(
    slopes: Any,
    cells: Any,
    gates: Any,
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
    memory = np.zeros((rows, units), np.float32)
    here = np.zeros((rows, 4 * units), np.float32)
    nothing = np.zeros(units, np.float32)
    one = np.float32(1)
    for step in range(lengths[first:last].max() - 1, -1, -1):
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                continue
            at = position(step, length, backwards)
            gate, cell, dh = gates[first + row, at], cells[first + row, at], slopes[first + row, at]
            before = nothing
            if step > 0:
                before = cells[first + row, position(step - 1, length, backwards)]
            from_later, dc, d, out = later[row], memory[row], here[row], found[first + row, at]
            for j in range(units):
                i, f = gate[j], gate[units + j]
                g, o = gate[2 * units + j], gate[3 * units + j]
                squashed = tanh(cell[j])
                dh_j = dh[j] + from_later[j]
                dc_j = dc[j] + dh_j * o * (one - squashed * squashed)
                dc[j] = dc_j * f
                d[j] = dc_j * g * i * (one - i)
                d[units + j] = dc_j * before[j] * f * (one - f)
                d[2 * units + j] = dc_j * i * (one - g * g)
                d[3 * units + j] = dh_j * squashed * o * (one - o)
            for j in range(4 * units):
                out[j] = d[j]
        if step > 0:
            np.dot(here, recurrent.T, later)
