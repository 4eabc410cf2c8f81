"""A batch through all its steps, forwards and back: which kernels a cell has, on NumPy arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.models.kernels import gru, lstm, shards, simple_rnn

Arrays = list[Any]


@dataclass(frozen=True)
class Kernels:
    """How a cell's steps are computed: `blocks` runs of units in W, what is kept, and both ways."""

    blocks: int
    kept: tuple[int, ...]
    """Widths, in units, of the arrays that the backward pass needs besides the outputs."""
    slopes: tuple[int, ...]
    """Widths, in units, of the arrays that it finds."""
    forward: Callable[..., shards.Task]
    backward: Callable[..., shards.Task]


@dataclass(frozen=True)
class Steps:
    """The sequences of a batch, padded on the right: step t of row b is x[places[b, t]]."""

    places: Any
    """int32 (B, T)"""
    lengths: Any
    """int32 (B,)"""


def _simple_forward(
    x: Any, u: Any, _: Any, steps: Steps, way: bool, out: Any, kept: Arrays
) -> shards.Task:
    p, n = steps.places, steps.lengths
    return lambda first, last: simple_rnn.forward(x, p, u, n, way, first, last, out)


def _simple_backward(
    dh: Any, out: Any, kept: Arrays, u: Any, n: Any, way: bool, found: Arrays
) -> shards.Task:
    return lambda first, last: simple_rnn.backward(dh, out, u, n, way, first, last, *found)


def _gru_forward(
    x: Any, u: Any, bias: Any, steps: Steps, way: bool, out: Any, kept: Arrays
) -> shards.Task:
    p, n = steps.places, steps.lengths
    return lambda first, last: gru.forward(x, p, u, bias, n, way, first, last, out, *kept)


def _gru_backward(
    dh: Any, out: Any, kept: Arrays, u: Any, n: Any, way: bool, found: Arrays
) -> shards.Task:
    return lambda first, last: gru.backward(dh, out, *kept, u, n, way, first, last, *found)


def _lstm_forward(
    x: Any, u: Any, _: Any, steps: Steps, way: bool, out: Any, kept: Arrays
) -> shards.Task:
    p, n = steps.places, steps.lengths
    return lambda first, last: lstm.forward(x, p, u, n, way, first, last, out, *kept)


def _lstm_backward(
    dh: Any, out: Any, kept: Arrays, u: Any, n: Any, way: bool, found: Arrays
) -> shards.Task:
    return lambda first, last: lstm.backward(dh, *kept, u, n, way, first, last, *found)


KERNELS: dict[str, Kernels] = {
    "SimpleRNN": Kernels(1, (), (1,), _simple_forward, _simple_backward),
    "GRU": Kernels(3, (4,), (3, 1), _gru_forward, _gru_backward),
    "LSTM": Kernels(4, (1, 4), (4,), _lstm_forward, _lstm_backward),
}


def states_of(
    kernels: Kernels,
    units: int,
    read: Steps,
    arrays: Sequence[Any],
    backwards: Sequence[bool],
    keep: bool,
    every: bool,
) -> Arrays:
    """Outputs of each direction, and what is kept, by NumPy arrays of inputs, U and biases."""
    count = len(backwards)
    inputs, recurrent, biases = (arrays[n * count : (n + 1) * count] for n in range(3))
    rows, steps = read.places.shape
    found: Arrays = []
    tasks: list[shards.Task] = []
    for x, u, bias, way in zip(inputs, recurrent, biases, backwards, strict=True):
        # What is not kept has room for one step, which each next one takes over.
        out = np.zeros((rows, steps if every else 1, units), np.float32)
        room = steps if keep else 1
        kept = [np.empty((rows, room, width * units), np.float32) for width in kernels.kept]
        tasks.append(kernels.forward(x, u, bias, read, way, out, kept))
        found += [out, *kept] if keep else [out]
    shards.run(tasks, rows, rows * steps * units * kernels.blocks * count)
    return found


def slopes_of(
    kernels: Kernels, units: int, lengths: Any, arrays: Sequence[Any], backwards: Sequence[bool]
) -> Arrays:
    """The slopes of each direction, by NumPy arrays of (slope, outputs, kept) and then of U."""
    count, width = len(backwards), 2 + len(kernels.kept)
    recurrent = arrays[count * width :]
    rows, steps = arrays[0].shape[:2]
    found: Arrays = []
    tasks: list[shards.Task] = []
    for number, (u, way) in enumerate(zip(recurrent, backwards, strict=True)):
        dh, out, *kept = arrays[number * width : (number + 1) * width]
        slopes = [np.zeros((rows, steps, part * units), np.float32) for part in kernels.slopes]
        tasks.append(kernels.backward(dh, out, kept, u, lengths, way, slopes))
        found += slopes
    shards.run(tasks, rows, rows * steps * units * kernels.blocks * count)
    return found
