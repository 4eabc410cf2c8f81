"""A model's outputs for encoded examples, in the order of the examples, whatever the batches."""

from collections.abc import Callable
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.batches import make_batch, ordered_plan
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.errors import RunError

Forward = Callable[[Any], Any]
"""From a batch's inputs to the head's outputs, without dropout."""
Floats = NDArray[np.float32]
Reduce = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]
"""Takes a batch's outputs and targets; returns what is kept of them, with as many leading axes."""


def keep_all(outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """A `Reduce` that keeps the outputs as they are."""
    return outputs


def refuse_not_finite(outputs: NDArray[Any]) -> None:
    """Raises RunError where an output is infinite or NaN: no answer follows from it."""
    if not isfinite(outputs.sum(dtype=np.float64)):
        raise RunError(
            "the model gives numbers that are not finite",
            "give it smaller numbers; if it is so for every input, its weights are damaged, or "
            "training has diverged: train again with a lower `training.optimizer.learning_rate`",
        )


def outputs_of(
    forward: Forward,
    encoded: Encoded,
    batch_size: int,
    advance: Callable[[int], None] = lambda rows: None,
    reduce: Reduce = keep_all,
    steps: int | None = None,
) -> NDArray[Any]:
    """The head's outputs: (rows, ...), or (total steps, units) where each input step has its own.

    Examples of similar length go through the model together, at most `steps` steps at once (see
    `ordered_plan`); `advance` is called with each batch's number of rows. `reduce` returns what is
    kept of a batch's outputs, so that all outputs together need not fit in memory. It has targets
    of steps that are only read, too: what they cost shows what context buys.
    """
    encoded = replace(encoded, context=None)
    total = int(encoded.lengths.sum()) if encoded.per_step else len(encoded)
    outputs: NDArray[Any] | None = None
    for rows in ordered_plan(encoded.lengths, batch_size, steps):
        batch = make_batch(encoded, rows)
        answers = reduce(np.asarray(forward(batch.inputs)), batch.targets)
        if outputs is None:
            shape = answers.shape[2:] if encoded.per_step else answers.shape[1:]
            outputs = np.empty((total, *shape), answers.dtype)
        if encoded.per_step:
            starts, lengths = encoded.offsets[rows], encoded.lengths[rows]
            positions = np.arange(answers.shape[1])
            real = positions < lengths[:, None]
            outputs[(starts[:, None] + positions)[real]] = answers[real]
        else:
            outputs[rows] = answers
        advance(len(rows))
    return outputs if outputs is not None else np.empty((0, 0), np.float32)
