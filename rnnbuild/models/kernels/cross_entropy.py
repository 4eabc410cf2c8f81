"""Softmax and cross-entropy in one pass over the logits, and the gradient in another.

TensorFlow makes ten arrays of the logits' size on the way, which for the labels of every word of a
batch takes longer than a small network's recurrent layer.
"""

from typing import Any

import numpy as np

from rnnbuild.models.kernels.activations import exp
from rnnbuild.models.kernels.functions import inline, kernel
from rnnbuild.models.kernels.vectors import (
    BYTES,
    LANES,
    copy_vectors,
    every,
    larger,
    load,
    pointer_of,
    store,
)


@kernel
def cross_entropies(
    logits: Any, targets: Any, losses: Any, correct: Any, softmax: Any, room: Any, part: Any
) -> None:
    """Fills `losses`, `correct` and `softmax` for the rows of a part.

    logits:  (rows, labels)
    targets: int32 (rows,); below zero is none, whose loss is zero
    losses:  (rows,), in nats
    correct: (rows,), 1 where the target is the first of the greatest logits, else 0
    softmax: (rows, 2): the greatest logit m and the factor s of exp(logit - m) · s
    room:    (2 · LANES,)
    """
    columns, place = logits.shape[1], pointer_of(room)
    for row in range(part[0], part[1]):
        values, target = logits[row], targets[row]
        losses[row] = correct[row] = 0
        if target < 0:
            continue
        at = pointer_of(logits) + BYTES * row * columns
        most, total = every(np.float32(-np.inf)), every(np.float32(0))
        for start in range(0, columns, LANES):
            most = larger(some(at, start, columns, place), most)
        store(place, 0, most)
        greatest = room[0]
        for lane in range(1, LANES):
            greatest = max(greatest, room[lane])
        for start in range(0, columns, LANES):
            total = total + exp(some(at, start, columns, place) - every(greatest))
        store(place, 0, total)
        terms = np.float32(0)
        for lane in range(LANES):
            terms += room[lane]
        losses[row] = np.log(terms) + (greatest - values[target])
        softmax[row, 0], softmax[row, 1] = greatest, np.float32(1) / terms
        correct[row] = values[target] == greatest
        for label in range(target):
            if values[label] == greatest:
                correct[row] = 0


@kernel
def by_logits(
    logits: Any, targets: Any, softmax: Any, by_losses: Any, gradients: Any, room: Any, part: Any
) -> None:
    """Fills `gradients`, (rows, labels), for the rows of a part: (softmax - one-hot) times the
    gradient with respect to the row's loss, (rows,); the others as in `cross_entropies`."""
    columns, place = logits.shape[1], pointer_of(room)
    for row in range(part[0], part[1]):
        target, found = targets[row], gradients[row]
        if target < 0:
            found[:] = 0
            continue
        from_start = BYTES * row * columns
        at, to = pointer_of(logits) + from_start, pointer_of(gradients) + from_start
        greatest, scale = every(softmax[row, 0]), every(softmax[row, 1] * by_losses[row])
        for start in range(0, columns, LANES):
            value = exp(some(at, start, columns, place) - greatest) * scale
            if start + LANES <= columns:
                store(to, start, value)
            else:
                store(place, 0, value)
                copy_vectors(place, 0, to, start, columns - start)
        found[target] -= by_losses[row]


@inline
def some(values: Any, start: Any, count: Any, room: Any) -> Any:
    """The vector that starts at this place of `count` numbers; beyond them the least number."""
    if start + LANES <= count:
        return load(values, start)
    store(room, LANES, every(np.float32(-np.inf)))
    copy_vectors(values, start, room, LANES, count - start)
    return load(room, LANES)
