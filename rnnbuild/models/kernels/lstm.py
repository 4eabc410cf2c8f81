"""LSTM, in the order of Keras' kernels: input gate i, forget gate f, candidate g, output gate o.

c = f ⊙ c′ + i ⊙ g        h = o ⊙ tanh(c)
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.blocks import (
    BLOCK,
    add_back,
    add_product,
    add_rows,
    load,
    load_products,
)
from rnnbuild.models.kernels.functions import (
    clear,
    copy,
    greatest,
    kernel,
    position,
    sigmoid,
    tanh,
)

WIDTHS = (4, 1)
"""Of `gates` and `cells`, in units."""


@kernel
def forward(read: Any, weights: Any, part: Any, outputs: Any, kept: Any) -> None:
    """Fills the part of `outputs`, which holds zeros, and what is kept (see `blocks.py`).

    outputs: h, (B, T, features), zeros after each row's length; or (B, 1, features), the last h
    kept:    h; i, f, g, o; and c
    """
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, units = part.last - first, weights.recurrent.shape[0]
    columns = slice(part.offset, part.offset + units)
    longest = greatest(lengths[first : part.last])
    states, gates, cells = kept
    keep, whole = gates.shape[0] >= longest * rows, outputs.shape[1] == read.places.shape[1]
    state = np.zeros((rows, units), np.float32)
    memory = np.zeros((rows, units), np.float32)
    product = np.zeros((rows, 4 * units), np.float32)
    block = np.empty((min(BLOCK, longest) * rows, weights.kernel.shape[0]), np.float32)
    for row in range(rows):
        clear(states[row])
    for start in range(0, longest, BLOCK):
        count = min(BLOCK, longest - start)
        base = start if keep else 0
        load_products(
            read,
            weights.kernel,
            first,
            start,
            rows,
            block[: count * rows],
            gates[base * rows : (base + count) * rows],
        )
        for step in range(start, start + count):
            if step > 0:
                np.dot(state, weights.recurrent, product)
            for row in range(rows):
                length, place = lengths[first + row], (base + step - start) * rows + row
                kept_state = states[place + rows]
                if step >= length:
                    clear(kept_state)
                    continue
                gate, added, b = gates[place], product[row], weights.bias[0]
                cell, here, remembered = cells[place], state[row], memory[row]
                # All gates in one turn: a loop each takes three times as long.
                for j in range(units):
                    i = sigmoid(gate[j] + added[j] + b[j])
                    f = sigmoid(gate[units + j] + added[units + j] + b[units + j])
                    g = tanh(gate[2 * units + j] + added[2 * units + j] + b[2 * units + j])
                    o = sigmoid(gate[3 * units + j] + added[3 * units + j] + b[3 * units + j])
                    c = f * remembered[j] + i * g
                    h = o * tanh(c)
                    gate[j] = i
                    gate[units + j] = f
                    gate[2 * units + j] = g
                    gate[3 * units + j] = o
                    remembered[j] = c
                    cell[j] = c
                    here[j] = h
                    kept_state[j] = h
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    copy(here, outputs[first + row, at, columns])


@kernel
def backward(read: Any, weights: Any, part: Any, slopes: Any, kept: Any, found: Any) -> None:
    """Adds to `found` the slopes by x, W, U and b of a part, from the `slopes` by `outputs`.

    Takes what `forward` has kept, and leaves the slopes by x·W + b in place of the gates.
    """
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, units = part.last - first, weights.recurrent.shape[0]
    columns = slice(part.offset, part.offset + units)
    longest = greatest(lengths[first : part.last])
    states, gates, cells = kept
    by_inputs, by_kernel, by_recurrent, by_bias = found
    whole = slopes.shape[1] == read.places.shape[1]
    later = np.zeros((rows, units), np.float32)
    memory = np.zeros((rows, units), np.float32)
    block = np.empty((min(BLOCK, longest) * rows, weights.kernel.shape[0]), np.float32)
    nothing = np.zeros(units, np.float32)
    one = np.float32(1)
    # BLAS is up to twice as fast on a transposed copy.
    recurrent_back, kernel_back = weights.recurrent.T.copy(), weights.kernel.T.copy()
    room, room_recurrent = np.empty_like(weights.kernel), np.empty_like(weights.recurrent)
    for start in range((longest - 1) // BLOCK * BLOCK, -1, -BLOCK):
        end = min(start + BLOCK, longest)
        for step in range(end - 1, start - 1, -1):
            for row in range(rows):
                length, place = lengths[first + row], step * rows + row
                gate = gates[place]
                if step >= length:
                    clear(gate)
                    continue
                cell, before, dh = cells[place], nothing, nothing
                if step > 0:
                    before = cells[place - rows]
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    dh = slopes[first + row, at, columns]
                from_later, dc = later[row], memory[row]
                for j in range(units):
                    i, f = gate[j], gate[units + j]
                    g, o = gate[2 * units + j], gate[3 * units + j]
                    squashed = tanh(cell[j])
                    dh_j = dh[j] + from_later[j]
                    dc_j = dc[j] + dh_j * o * (one - squashed * squashed)
                    dc[j] = dc_j * f
                    gate[j] = dc_j * g * i * (one - i)
                    gate[units + j] = dc_j * before[j] * f * (one - f)
                    gate[2 * units + j] = dc_j * i * (one - g * g)
                    gate[3 * units + j] = dh_j * squashed * o * (one - o)
            if step > 0:
                np.dot(gates[step * rows : (step + 1) * rows], recurrent_back, later)
        d, x = gates[start * rows : end * rows], block[: (end - start) * rows]
        add_product(states[start * rows : end * rows], d, room_recurrent, by_recurrent)
        load(read, first, start, rows, x)
        add_product(x, d, room, by_kernel)
        add_rows(d, by_bias[0])
        np.dot(d, kernel_back, x)
        add_back(x, read, first, start, rows, by_inputs)
