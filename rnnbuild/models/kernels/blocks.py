"""What a kernel is given, and a layer's inputs in the order of its steps.

What is saved is in the order of steps, whichever way a direction reads: h, for example, is
(steps + 1, rows, units), so that what a step needs of all rows lies together.
"""

from typing import Any, NamedTuple

from rnnbuild.models.kernels.functions import clear, copy, kernel, position


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


class BatchPart(NamedTuple):
    """The rows of a batch, and the panels of units, that a call computes.

    first, last: the rows from the first number up to the second
    saved:       the first's row in what is saved
    offset:      the first of the outputs' columns that is the direction's
    longest:     steps of the batch's longest row
    panel, end:  the panels from the first number up to the second; those of a share are units that
                 fill panels of transposed weights
    sharers:     calls that share the rows' panels, which meet after each step
    """

    first: int
    last: int
    saved: int
    offset: int
    longest: int
    panel: int
    end: int
    sharers: int


class State(NamedTuple):
    """A batch's state, (B, units) each; or the gradient with respect to it.

    memory:   an LSTM's c; of any other cell, h again
    is_given: whether a sequence starts from another state than zeros, whose product with U is left
              out
    """

    h: Any
    memory: Any
    is_given: bool


class Saved(NamedTuple):
    """What the backward pass needs; `span` fills units up to whole panels.

    states: (steps + 1, rows, panels · span), from h before the first step on
    gates:  (panels, steps, rows, slots · span); the backward pass writes gradients over them
    others: as `states`, for c of an LSTM; empty for other cells

    Where nothing is saved there is room for two states and the gates of one block.
    """

    states: Any
    gates: Any
    others: Any


class Room(NamedTuple):
    """Working memory: made by NumPy, since Numba takes long to compile what makes an array.

    block:   (steps of a block · rows, width), for x; (…, panels · BACK_WIDTH) for its gradient
    product: (rows, gates · span), for h′·U; zeros at first
    later:   (rows, panels · BACK_WIDTH), dL/dh from the step after; zeros at first
    carry:   (rows, panels · span), the gradient that reaches a step past U; zeros at first
    meeting: int64 (1,), shared: how often calls have come to the end of a step; zero at first
    """

    block: Any
    product: Any
    later: Any
    carry: Any
    meeting: Any


@kernel
def load_block(read: Any, first: int, rows: int, start: int, count: int, block: Any) -> None:
    """Fills `count` rows of `block` with x, or x·W; zeros after an end.

    Rows are in the order of steps, `step · rows + row`, from `start` on; `first` is the row of the
    batch that comes first.
    """
    for place in range(count):
        step, row = (start + place) // rows, first + (start + place) % rows
        length, target = read.lengths[row], block[place]
        if step < length:
            copy(read.inputs[read.places[row, position(step, length, read.backwards)]], target)
        else:
            clear(target)


@kernel
def add_back(
    read: Any, first: int, rows: int, start: int, count: int, block: Any, totals: Any
) -> None:
    """Adds each row of `block` to the row of `totals` whose place `load_block` takes it from."""
    for place in range(count):
        step, row = (start + place) // rows, first + (start + place) % rows
        length = read.lengths[row]
        if step < length:
            total = totals[read.places[row, position(step, length, read.backwards)]]
            source = block[place]
            for j in range(total.size):
                total[j] += source[j]


@kernel
def start_from(source: Any, first: int, rows: int, target: Any) -> None:
    """Copies rows of a state, (B, units), into (rows, panels · span), and fills up with zeros."""
    units = source.shape[1]
    for row in range(rows):
        for j in range(units):
            target[row, j] = source[first + row, j]
        for j in range(units, target.shape[1]):
            target[row, j] = 0
