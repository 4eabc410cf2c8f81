"""The cross-entropy of a softmax, by the kernels, as TensorFlow's functions take it."""

from functools import partial
from typing import Any

import numpy as np

from rnnbuild.models.framework import tf
from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.aligned import empty
from rnnbuild.models.kernels.cross_entropy import by_logits, cross_entropies
from rnnbuild.models.kernels.vectors import LANES

LOGITS_OF_TASK = 1 << 17
"""Logits that a thread takes at least: fewer are done before another thread has woken up."""


def softmax_cross_entropy(targets: Any, logits: Any) -> tuple[Any, Any]:
    """The loss of each target, in nats, and 1.0 where it has the greatest logit, else 0.0.

    targets: int32 (...); below zero is none, with a loss and a gradient of zero
    logits:  float32 (..., labels); only the losses are differentiable, by these alone
    """
    flat = tf.reshape(targets, (-1,))

    @tf.custom_gradient
    def losses_of(rows: Any) -> Any:
        losses, correct, softmax = tf.numpy_function(
            losses_and_correct, [flat, rows], [tf.float32] * 3, stateful=False
        )

        def gradient(by_losses: Any, *_: Any) -> Any:
            given = [flat, rows, softmax, by_losses]
            found = tf.numpy_function(gradients, given, tf.float32, stateful=False)
            found.set_shape(rows.shape)
            return found

        return (losses, correct), gradient

    found = losses_of(tf.reshape(logits, (-1, logits.shape[-1])))
    losses, correct = (tf.reshape(one, tf.shape(targets)) for one in found)
    return losses, correct


def losses_and_correct(targets: Any, logits: Any) -> list[Any]:
    rows = len(targets)
    losses, correct, softmax = empty((rows,)), empty((rows,)), empty((rows, 2))
    in_parts(logits, partial(cross_entropies, logits, targets, losses, correct, softmax))
    return [losses, correct, softmax]


def gradients(targets: Any, logits: Any, softmax: Any, by_losses: Any) -> Any:
    found = empty(logits.shape)
    in_parts(logits, partial(by_logits, logits, targets, softmax, by_losses, found))
    return found


def in_parts(logits: Any, compute: Any) -> None:
    """Calls a kernel for all rows, on as many threads as have enough to do."""
    most = min(shards.processors(), logits.size // LOGITS_OF_TASK)
    shards.run(
        [
            partial(compute, np.empty(2 * LANES, np.float32), part)
            for part in shards.parts_of(len(logits), most)
        ]
    )
