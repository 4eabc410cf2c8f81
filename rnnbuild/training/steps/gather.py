"""The first stage of a step: a batch's sums and gradients."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.descent import Source, dense_gradients
from rnnbuild.models.forward import ForwardPass
from rnnbuild.models.framework import tf
from rnnbuild.training.steps.exchange import Part

Gather = Callable[[Any, Any, Any], Part]
"""Takes a batch's inputs, targets and weights."""


def gather_of(
    forward: ForwardPass,
    sources: Sequence[Source],
    penalties: Callable[[], list[Any]],
    loss: Any,
    class_weights: NDArray[np.float32] | None = None,
) -> Gather:
    """The function that computes the part of a batch; to be traced, alone or in a step.

    `penalties` gives the model's regularisers, which its forward pass makes anew.
    """

    # For text of B rows and T steps, ids (B, T), the answers are of shape A: (B,) where each row
    # has one, (B, T) where each step does. Targets, weights and losses are A; outputs (*A, units).
    # Numbers have targets (B, units) and one weight and one loss a row.
    def gather(inputs: Any, targets: Any, weights: Any) -> Part:
        beginnings = [source.begin(inputs) for source in sources]
        tensors = [one.tensor for one in beginnings]
        layers = {name: found for one in beginnings for name, found in one.layers.items()}
        # Weights of frozen layers are variables too, which the tape would watch by itself: it would
        # go back through all layers down to the lowest.
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(tensors)
            outputs = forward(inputs, True, layers) if layers else forward(inputs, True)
            # Padding has weight 0, so it is in neither sum.
            losses, correct = loss.with_correct(targets, outputs)
            losses = losses * weights
            total, count = tf.reduce_sum(losses), tf.reduce_sum(weights)
            if class_weights is None:
                minimised = total
            else:
                # UNSEEN, which is not a label, has weight 0 already.
                of_labels = tf.gather(class_weights, tf.maximum(targets, 0))
                minimised = tf.reduce_sum(losses * of_labels)
            terms = penalties()
            penalty = tf.add_n(terms) if terms else tf.constant(0.0)
            # The mean is taken here and not after the tape: gradients of the sum would be rounded
            # differently from Keras', and could overflow.
            objective = tf.math.divide_no_nan(minimised, count) + penalty
        gradients = dense_gradients(tape.gradient(objective, tensors))
        return Part(tf.stack([total, count, tf.reduce_sum(correct * weights), penalty]), gradients)

    return gather


def signature_of(model: Any, loss: Any) -> list[Any]:
    """The specs of inputs, targets and weights. Dimensions that differ between batches are None:
    otherwise every new length would be traced anew."""
    inputs = tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    return [inputs, *target_specs(model.outputs[0].shape, loss.target_dtype)]


def target_specs(output_shape: tuple[int | None, ...], dtype: str) -> tuple[Any, Any]:
    """The specs of a batch's targets and weights, for a model's output shape (batch, ..., units).

    Labels, which are integers, have a target and a weight for every answer; numbers have a target
    for every output and a weight for every example.
    """
    answers = (None,) * (len(output_shape) - 1)
    if dtype == "int32":
        return tf.TensorSpec(answers, dtype), tf.TensorSpec(answers, tf.float32)
    return tf.TensorSpec((None, *output_shape[1:]), dtype), tf.TensorSpec((None,), tf.float32)
