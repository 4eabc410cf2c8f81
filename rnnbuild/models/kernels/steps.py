"""A recurrent cell over whole sequences: all that SimpleRNN, GRU and LSTM share.

A cell says what one step makes of one row; everything around it is here, written once. The cell's
functions are arguments and all of it is inlined, so `gru.forward` is one compiled function, as if
it had been written out.

Names: x is a step's input, W and U are the weights of inputs and state, b the biases, h the state,
h′ the one of the step before. A matrix "in the order of steps" has row `step · rows + row`, so that
what one step needs of all rows lies together, whichever way the sequence is read.
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.blocks import (
    STEPS_AT_ONCE,
    add_back,
    add_product,
    add_rows,
    load,
    load_products,
)
from rnnbuild.models.kernels.functions import clear, copy, greatest, inner, position


@inner
def forward_steps(
    cell_step: Any,
    bias: Any,
    read: Any,
    weights: Any,
    part: Any,
    outputs: Any,
    state: Any,
    saved: Any,
    room: Any,
) -> None:
    """Fills the part's rows of `outputs`, of `state` (with the last one) and of `saved`.

    cell_step: (gates, place, products, row, bias, hidden, memories, others, states, after) -> None,
               one step of one row. Row `place` of `gates` holds x·W and takes the gates; row `row`
               of `products` holds h′·U; that of `hidden` and `memories` holds the state before the
               step and takes the one after it; row `after` of `states` takes h, and of `others`
               what the backward pass needs besides the gates. A cell makes views of the rows that
               it uses only: Numba counts references to each, a tenth of a SimpleRNN's time
    bias:      (1 or 3, columns), as the cell reads it
    outputs:   h, (B, T, features), zeros before and after each row's length; or (B, 1, features),
               the last h of each row
    """
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, columns = part.last - first, slice(part.offset, part.offset + weights.recurrent.shape[0])
    longest = greatest(lengths[first : part.last])
    states, gates, others = saved
    # Where nothing is saved there is room for one block only, which each block writes over.
    keep, whole = gates.shape[0] >= longest * rows, outputs.shape[1] == read.places.shape[1]
    # The state is its own working memory: a row that has ended is no longer touched, and so holds
    # its last state when the loop is over.
    hidden, memory, _ = state
    block, product = room
    for start in range(0, longest, STEPS_AT_ONCE):
        count = min(STEPS_AT_ONCE, longest - start)
        base = start if keep else 0
        # x·W of the block's steps, in the place of the gates: one large product is faster than
        # many small ones, and the block is still in the CPU's cache when its steps come.
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
            if step > 0 or state.is_given:
                np.dot(hidden, weights.recurrent, product)
            for row in range(rows):
                length, place = lengths[first + row], (base + step - start) * rows + row
                after = place + rows  # `states` and `others` begin with the state before the steps
                if step >= length:
                    clear(states[after])  # no trace of an earlier run in the gradient of U
                    continue
                cell_step(gates, place, product, row, bias, hidden, memory, others, states, after)
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    copy(hidden[row], outputs[first + row, at, columns])


@inner
def backward_steps(
    cell_step: Any,
    input_gradients: Any,
    read: Any,
    weights: Any,
    part: Any,
    by_outputs: Any,
    by_state: Any,
    saved: Any,
    gradients: Any,
    room: Any,
) -> None:
    """Adds to `gradients` those with respect to x, W, U and b, of one part's rows (Werbos 1990,
    backpropagation through time).

    cell_step:       (gates, place, others, states, after, dh, later, carry, row) -> None, one step
                     of one row. Row `place` of `gates` holds the gates and takes the gradient with
                     respect to h′·U + b′; row `after` of `others` and `states` is of this step, row
                     `place` of the one before. dL/dh is `dh`, from the outputs, plus row `row` of
                     `later`, through the next step's U. Row `row` of `carry` is the gradient that
                     reaches a step past U (an LSTM's c, a GRU's z)
    input_gradients: (gates, others, by_bias) -> None, turns a block's gradients with respect to
                     h′·U + b′ into those with respect to x·W + b, where the two differ
    by_outputs:      the gradient with respect to `outputs`, of the same shape
    by_state:        as `State`; the gradient with respect to the last c on entry. On return, that
                     with respect to what of the initial state reaches the first step past U; what
                     goes through U is left in `room.later`
    saved:           what `forward_steps` left; it is used up
    """
    lengths, backwards, first = read.lengths, read.backwards, part.first
    rows, columns = part.last - first, slice(part.offset, part.offset + weights.recurrent.shape[0])
    longest = greatest(lengths[first : part.last])
    states, gates, others = saved
    by_inputs, by_kernel, by_recurrent, by_bias = gradients
    whole = by_outputs.shape[1] == read.places.shape[1]
    carry = by_state.memory
    block, later, nothing, room_kernel, room_recurrent, kernel_back, recurrent_back = room
    for start in range((longest - 1) // STEPS_AT_ONCE * STEPS_AT_ONCE, -1, -STEPS_AT_ONCE):
        end = min(start + STEPS_AT_ONCE, longest)
        for step in range(end - 1, start - 1, -1):
            for row in range(rows):
                length, place = lengths[first + row], step * rows + row
                after = place + rows
                if step >= length:
                    clear(gates[place])
                    clear(others[after])
                    continue
                dh = nothing
                if whole or step == length - 1:
                    at = position(step, length, backwards) if whole else 0
                    dh = by_outputs[first + row, at, columns]
                cell_step(gates, place, others, states, after, dh, later, carry, row)
            if step > 0 or by_state.is_given:
                np.dot(gates[step * rows : (step + 1) * rows], recurrent_back, later)
        # The weights' gradients are products over all steps of the block at once: `d` is the
        # gradient with respect to h′·U, then to x·W; `x` holds the inputs, then their gradient.
        d, x = gates[start * rows : end * rows], block[: (end - start) * rows]
        add_product(states[start * rows : end * rows], d, room_recurrent, by_recurrent)
        input_gradients(d, others[(start + 1) * rows : (end + 1) * rows], by_bias)
        load(read, first, start, rows, x)
        add_product(x, d, room_kernel, by_kernel)
        add_rows(d, by_bias[0])
        np.dot(d, kernel_back, x)
        add_back(x, read, first, start, rows, by_inputs)


@inner
def same_gradients(gates: Any, others: Any, by_bias: Any) -> None:
    """An `input_gradients` of cells that add x·W + b to h′·U: the gradients are one."""
