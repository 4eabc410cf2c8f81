"""SimpleRNN: h = tanh(x·W + b + h′·U)."""

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
from rnnbuild.models.kernels.functions import clear, copy, greatest, kernel, position, tanh

WIDTHS = (1, 0)
"""Of `products`, in units; nothing else is kept."""


@kernel
def forward(read: Any, weights: Any, part: Any, outputs: Any, kept: Any) -> None:
    """As `lstm.forward`; kept are h and x·W, which the slopes take the place of."""
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, units = part.last - first, weights.recurrent.shape[0]
    columns = slice(part.offset, part.offset + units)
    longest = greatest(lengths[first : part.last])
    states, products, _ = kept
    keep, whole = products.shape[0] >= longest * rows, outputs.shape[1] == read.places.shape[1]
    state = np.zeros((rows, units), np.float32)
    product = np.zeros((rows, units), np.float32)
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
            products[base * rows : (base + count) * rows],
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
                given, added, b, here = products[place], product[row], weights.bias[0], state[row]
                for j in range(units):
                    value = tanh(given[j] + added[j] + b[j])
                    kept_state[j] = value
                    here[j] = value
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    copy(here, outputs[first + row, at, columns])


@kernel
def backward(read: Any, weights: Any, part: Any, slopes: Any, kept: Any, found: Any) -> None:
    """As `lstm.backward`."""
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, units = part.last - first, weights.recurrent.shape[0]
    columns = slice(part.offset, part.offset + units)
    longest = greatest(lengths[first : part.last])
    states, products, _ = kept
    by_inputs, by_kernel, by_recurrent, by_bias = found
    whole = slopes.shape[1] == read.places.shape[1]
    later = np.zeros((rows, units), np.float32)
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
                found, h, from_later, dh = (
                    products[place],
                    states[place + rows],
                    later[row],
                    nothing,
                )
                if step >= length:
                    clear(found)
                    continue
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    dh = slopes[first + row, at, columns]
                for j in range(units):
                    found[j] = (dh[j] + from_later[j]) * (one - h[j] * h[j])
            if step > 0:
                np.dot(products[step * rows : (step + 1) * rows], recurrent_back, later)
        d, x = products[start * rows : end * rows], block[: (end - start) * rows]
        add_product(states[start * rows : end * rows], d, room_recurrent, by_recurrent)
        load(read, first, start, rows, x)
        add_product(x, d, room, by_kernel)
        add_rows(d, by_bias[0])
        np.dot(d, kernel_back, x)
        add_back(x, read, first, start, rows, by_inputs)
