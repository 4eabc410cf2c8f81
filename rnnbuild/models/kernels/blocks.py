"""A layer's inputs and the slopes by its weights, some steps of some rows at a time.

What a kernel works on stands in the order of its steps, whichever way it reads: row `step · rows +
row` of a matrix. A block's part of the products over all steps is made just before its steps need
it, and its part of the weights' slopes just after, while the processor's cache still holds them.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels.functions import clear, copy, kernel, position

BLOCK = 32
"""Steps at once: of 16 rows and 64 units, an LSTM's take half a megabyte."""


class Read(NamedTuple):
    """What a direction reads: x of step t of row b is inputs[places[b, t]].

    inputs:  x, (N, width); or x·W, (N, columns), where `multiplied`
    places:  int32 (B, T); in training every step has one of its own
    lengths: int32 (B,)
    """

    inputs: Any
    places: Any
    lengths: Any
    backwards: bool
    multiplied: bool


class Weights(NamedTuple):
    """W, (width, columns); U, (units, columns); b, and a GRU's b′, (1 or 2, columns)."""

    kernel: Any
    recurrent: Any
    bias: Any


class Rows(NamedTuple):
    """What of a batch is computed, and which columns of its outputs are the direction's."""

    first: int
    last: int
    offset: int


class Kept(NamedTuple):
    """What the backward pass needs, in the order of steps: (steps · rows, columns) each.

    `states` has zeros before the first step. Where nothing is kept there is room for one block.
    """

    states: Any
    gates: Any
    others: Any


@kernel
def load(read: Any, first: int, start: int, rows: int, block: Any) -> None:
    """Fills `block`, (steps · rows, width), with the steps from `start` on; zeros after an end."""
    for place in range(block.shape[0]):
        step, row = start + place // rows, first + place % rows
        length, taken = read.lengths[row], block[place]
        if step < length:
            given = read.inputs[read.places[row, position(step, length, read.backwards)]]
            copy(given, taken)
        else:
            clear(taken)


@kernel
def load_products(
    read: Any, weights: Any, first: int, start: int, rows: int, block: Any, products: Any
) -> None:
    """Fills `products`, (steps · rows, columns), with x·W; `block` has room for x."""
    if read.multiplied:
        load(read, first, start, rows, products)
    else:
        load(read, first, start, rows, block)
        np.dot(block, weights, products)


@kernel
def add_back(block: Any, read: Any, first: int, start: int, rows: int, found: Any) -> None:
    """Adds what stands in the order of steps to where `load` takes it from."""
    for place in range(block.shape[0]):
        step, row = start + place // rows, first + place % rows
        length = read.lengths[row]
        if step < length:
            at = read.places[row, position(step, length, read.backwards)]
            given, total = block[place], found[at]
            for j in range(given.size):
                total[j] += given[j]


@kernel
def add_product(left: Any, right: Any, room: Any, total: Any) -> None:
    """Adds leftᵀ · right, by way of `room`."""
    np.dot(left.T, right, room)
    for i in range(total.shape[0]):
        row, added = total[i], room[i]
        for j in range(row.size):
            row[j] += added[j]


@kernel
def add_rows(matrix: Any, total: Any) -> None:
    """Adds the sum of the rows."""
    for i in range(matrix.shape[0]):
        row = matrix[i]
        for j in range(total.size):
            total[j] += row[j]
