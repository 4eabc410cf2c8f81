"""The first stage of a step: a batch's sums and gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.descent import dense_gradients
from rnnbuild.models.forward import ForwardPass
from rnnbuild.models.framework import tf
from rnnbuild.models.large_embedding import LargeEmbedding
from rnnbuild.training.steps.exchange import Part

Gather = Callable[[Any, Any, Any], Part]
"""Takes a batch's inputs, targets and weights."""


def gather_of(
    model: Any,
    forward: ForwardPass,
    loss: Any,
    class_weights: NDArray[np.float32] | None = None,
    embedding: LargeEmbedding | None = None,
) -> Gather:
    """The function that computes the part of a batch; to be traced, alone or in a step.

    With an `embedding`, the first gradient is that of the rows that the batch reads.
    """
    variables = model.trainable_variables

    # For text of B rows and T steps, ids (B, T), the answers are of shape A: (B,) where each row
    # has one, (B, T) where each step does. Targets, weights and losses are A; outputs (*A, units).
    # Numbers have targets (B, units) and one weight and one loss a row.
    def gather(inputs: Any, targets: Any, weights: Any) -> Part:
        sources, embedded = list(variables), list[Any]()
        if embedding is not None:
            # Its gradient is that of the rows read, (words, width), not of the whole table.
            sources[0], places = embedding.rows_of(inputs)
        with tf.GradientTape() as tape:
            if embedding is not None:
                # Not a variable, which the tape would watch by itself.
                tape.watch(sources[0])
                # Its backward pass adds up the gradients at all places of a word.
                embedded.append(tf.gather(sources[0], places))
            outputs = forward(inputs, True, *embedded)
            # Padding has weight 0, so it is in neither sum.
            losses = loss(targets, outputs) * weights
            total, count = tf.reduce_sum(losses), tf.reduce_sum(weights)
            if class_weights is None:
                minimised = total
            else:
                # UNSEEN, which is not a label, has weight 0 already.
                of_labels = tf.gather(class_weights, tf.maximum(targets, 0))
                minimised = tf.reduce_sum(losses * of_labels)
            # The forward pass makes these anew, so they are read after it.
            penalty = tf.add_n(model.losses) if model.losses else tf.constant(0.0)
            # The mean is taken here and not after the tape: gradients of the sum would be rounded
            # differently from Keras', and could overflow.
            objective = tf.math.divide_no_nan(minimised, count) + penalty
        correct = tf.reduce_sum(correct_answers(targets, outputs) * weights)
        gradients = dense_gradients(tape.gradient(objective, sources))
        return Part(tf.stack([total, count, correct, penalty]), gradients)

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


def correct_answers(targets: Any, outputs: Any) -> Any:
    """1.0 where the likeliest label is the target, else 0.0; of the targets' shape.

    Zero for numbers, for which an answer is not simply correct or wrong.
    """
    if not targets.dtype.is_integer:
        return tf.zeros(())
    if outputs.shape[-1] == 1:
        answers = tf.cast(outputs[..., 0] > 0.5, targets.dtype)
    else:
        # The largest logit, where Keras keeps them: then no softmax is computed.
        logits = getattr(outputs, "_keras_logits", outputs)
        answers = tf.argmax(logits, axis=-1, output_type=targets.dtype)
    return tf.cast(answers == targets, tf.float32)
