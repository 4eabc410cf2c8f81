"""A layer's inputs, and the gradients with respect to its weights, a block of steps at a time.

What a kernel works on is in the order of its steps, whichever way it reads: row `step · rows + row`
of a matrix. A block's part of the products over all steps is computed just before its steps need
it, and its part of the weights' gradients just after, while the CPU's cache still has them.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels.functions import clear, copy, kernel, position

STEPS_AT_ONCE = 32
"""Steps of a block: of 16 rows and 64 units, an LSTM's take half a megabyte."""


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


class BatchPart(NamedTuple):
    """The rows of a batch that a call computes, and the first of its outputs' columns that is the
    direction's."""

    first: int
    last: int
    offset: int


class State(NamedTuple):
    """A part's state, (rows, units) each; or the gradient with respect to it.

    memory:   an LSTM's c; of any other cell, h again
    is_given: whether a sequence starts from another state than zeros, whose product with U is left
              out
    """

    h: Any
    memory: Any
    is_given: bool


class Saved(NamedTuple):
    """What the backward pass needs, in the order of steps: (steps · rows, columns) each.

    `states` begins with h before the first step, and `others` with c of an LSTM. Where nothing is
    saved there is room for one block. The backward pass writes gradients over `gates` and `others`
    as it goes.
    """

    states: Any
    gates: Any
    others: Any


class ForwardRoom(NamedTuple):
    """Working memory of a forward pass: made by NumPy, since Numba takes long to compile what
    makes an array.

    block:   (steps of a block · rows, width), for x
    product: (rows, columns), for h′·U; zeros at first
    """

    block: Any
    product: Any


class BackwardRoom(NamedTuple):
    """Working memory of a backward pass.

    block:                        as in `ForwardRoom`
    later:                        (rows, units), dL/dh from the step after; zeros at first
    nothing:                      (units,), zeros
    kernel, recurrent:            as large as W and U, for the products that are added to gradients
    kernel_back, recurrent_back:  W and U transposed: BLAS multiplies by a copy up to twice as fast
    """

    block: Any
    later: Any
    nothing: Any
    kernel: Any
    recurrent: Any
    kernel_back: Any
    recurrent_back: Any


@kernel
def load(read: Any, first: int, start: int, rows: int, block: Any) -> None:
    """Fills `block`, (steps · rows, width), with the steps from `start` on; zeros after an end."""
    for place in range(block.shape[0]):
        step, row = start + place // rows, first + place % rows
        length, to = read.lengths[row], block[place]
        if step < length:
            copy(read.inputs[read.places[row, position(step, length, read.backwards)]], to)
        else:
            clear(to)


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
def add_back(block: Any, read: Any, first: int, start: int, rows: int, totals: Any) -> None:
    """Adds each row of `block` to the row of `totals` whose place `load` takes it from."""
    for place in range(block.shape[0]):
        step, row = start + place // rows, first + place % rows
        length = read.lengths[row]
        if step < length:
            at = read.places[row, position(step, length, read.backwards)]
            source, total = block[place], totals[at]
            for j in range(source.size):
                total[j] += source[j]


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
