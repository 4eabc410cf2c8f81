"""GRU with `reset_after`, in the order of Keras' kernels: update z, reset r, candidate g.

g = tanh(x·W_g + b + r ⊙ (h′·U_g + b′))        h = z ⊙ h′ + (1 − z) ⊙ g
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

WIDTHS = (3, 1)
"""Of `gates` and `inner`, in units."""


@kernel
def forward(read: Any, weights: Any, part: Any, outputs: Any, kept: Any) -> None:
    """As `lstm.forward`; kept are h; z, r, g; and h′·U_g + b′."""
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, units = part.last - first, weights.recurrent.shape[0]
    columns = slice(part.offset, part.offset + units)
    longest = greatest(lengths[first : part.last])
    states, gates, inner = kept
    keep, whole = gates.shape[0] >= longest * rows, outputs.shape[1] == read.places.shape[1]
    state = np.zeros((rows, units), np.float32)
    product = np.zeros((rows, 3 * units), np.float32)
    block = np.empty((min(BLOCK, longest) * rows, weights.kernel.shape[0]), np.float32)
    both = weights.bias[0] + weights.bias[1]
    outer, own = weights.bias[0], weights.bias[1]
    one = np.float32(1)
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
                gate, added, reset, here = gates[place], product[row], inner[place], state[row]
                for j in range(units):
                    z = sigmoid(gate[j] + added[j] + both[j])
                    r = sigmoid(gate[units + j] + added[units + j] + both[units + j])
                    inside = added[2 * units + j] + own[2 * units + j]
                    g = tanh(gate[2 * units + j] + outer[2 * units + j] + r * inside)
                    h = z * here[j] + (one - z) * g
                    gate[j] = z
                    gate[units + j] = r
                    gate[2 * units + j] = g
                    reset[j] = inside
                    here[j] = h
                    kept_state[j] = h
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    copy(here, outputs[first + row, at, columns])


@kernel
def backward(read: Any, weights: Any, part: Any, slopes: Any, kept: Any, found: Any) -> None:
    """As `lstm.backward`.

    The slopes by x·W + b and by h′·U + b′ differ in the candidate's part. Those by h′·U + b′ come
    into the place of the gates, with the others' part in `inner`, until nothing needs them.
    """
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, units = part.last - first, weights.recurrent.shape[0]
    columns = slice(part.offset, part.offset + units)
    longest = greatest(lengths[first : part.last])
    states, gates, inner = kept
    by_inputs, by_kernel, by_recurrent, by_bias = found
    whole = slopes.shape[1] == read.places.shape[1]
    later = np.zeros((rows, units), np.float32)
    through = np.zeros((rows, units), np.float32)
    block = np.empty((min(BLOCK, longest) * rows, weights.kernel.shape[0]), np.float32)
    nothing = np.zeros(units, np.float32)
    one = np.float32(1)
    recurrent_back, kernel_back = weights.recurrent.T.copy(), weights.kernel.T.copy()
    room, room_recurrent = np.empty_like(weights.kernel), np.empty_like(weights.recurrent)
    for start in range((longest - 1) // BLOCK * BLOCK, -1, -BLOCK):
        end = min(start + BLOCK, longest)
        for step in range(end - 1, start - 1, -1):
            for row in range(rows):
                length, place = lengths[first + row], step * rows + row
                gate, product = gates[place], inner[place]
                if step >= length:
                    clear(gate)
                    clear(product)
                    continue
                before, dh = states[place], nothing
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    dh = slopes[first + row, at, columns]
                from_later, direct = later[row], through[row]
                for j in range(units):
                    z, r, g = gate[j], gate[units + j], gate[2 * units + j]
                    dh_j = dh[j] + from_later[j] + direct[j]
                    dg = dh_j * (one - z) * (one - g * g)
                    direct[j] = dh_j * z
                    gate[j] = dh_j * (before[j] - g) * z * (one - z)
                    gate[units + j] = dg * product[j] * r * (one - r)
                    gate[2 * units + j] = dg * r
                    product[j] = dg
            if step > 0:
                np.dot(gates[step * rows : (step + 1) * rows], recurrent_back, later)
        d, x = gates[start * rows : end * rows], block[: (end - start) * rows]
        add_product(states[start * rows : end * rows], d, room_recurrent, by_recurrent)
        add_rows(d, by_bias[1])
        for row in range(start * rows, end * rows):
            copy(inner[row], gates[row, 2 * units :])
        load(read, first, start, rows, x)
        add_product(x, d, room, by_kernel)
        add_rows(d, by_bias[0])
        np.dot(d, kernel_back, x)
        add_back(x, read, first, start, rows, by_inputs)
