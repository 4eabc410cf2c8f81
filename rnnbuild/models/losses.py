"""What training minimises: the cross-entropy of labels, or the squared error of numbers."""

from typing import Any

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.cross_entropy import softmax_cross_entropy
from rnnbuild.models.framework import keras, tf
from rnnbuild.tasks.table import TASKS


def loss_of(resolved: ResolvedConfig, in_kernels: bool = False) -> "LabelLoss | SquaredError":
    """The loss that fits the task and the head, `in_kernels` where they know it.

    Squared errors for numbers; for labels cross-entropy, per unit under a sigmoid, over all units
    under a softmax.
    """
    if TASKS[resolved.task].squared_error:
        return SquaredError()
    activation = resolved.config.model.head.activation
    if activation not in ("sigmoid", "softmax"):
        raise ValueError(f"no loss is defined for labels under `{activation}`")
    return LabelLoss(activation == "sigmoid", resolved.facts.multi_label, in_kernels)


class LabelLoss(keras.losses.Loss):
    """The cross-entropy of each example, or of each step, in nats; nothing is averaged.

    Called with targets and the model's own output, probabilities of shape (..., units):

    - softmax: label ids of shape (...); the result has shape (...);
    - sigmoid: 0 or 1, of shape (...) for one unit; with `multi_label` floats of shape
      (..., units), where the result is the mean over units; it has shape (...).

    A target below zero is none, or unseen in training: its loss is zero, as it is at steps
    that the output's mask names padding. Who divides by a count must leave both out of it.

    The loss is exact however far a probability has gone to 0 or 1, because Keras looks behind the
    sigmoid or softmax for the logits (`_get_logits` in keras/src/backend/tensorflow/nn.py). That
    applies to the model's output as it is, and not for a copy that another operation has made.
    """

    def __init__(self, binary: bool, multi_label: bool = False, in_kernels: bool = False):
        super().__init__(name="label_loss", reduction="none")
        self.binary, self.in_kernels = binary, in_kernels
        self.target_dtype = "float32" if multi_label else "int32"

    def call(self, targets: Any, outputs: Any) -> Any:
        if self.binary and len(targets.shape) < len(outputs.shape):
            targets = keras.ops.expand_dims(targets, axis=-1)
        known = targets >= 0
        # Neither cross-entropy is defined for -1, and 0 · NaN would still be NaN.
        labels = keras.ops.where(known, targets, 0)
        if self.binary:
            units = keras.ops.binary_crossentropy(labels, outputs)
            return keras.ops.mean(keras.ops.where(known, units, 0), axis=-1)
        # Not the sparse form: its gradient, where operations are to be deterministic, scatters
        # into every unit, which costs more than all the rest of a loss over many words.
        chosen = keras.ops.one_hot(labels, outputs.shape[-1], dtype=outputs.dtype)
        steps = keras.ops.categorical_crossentropy(chosen, outputs)
        return keras.ops.where(known, steps, 0)

    def with_correct(self, targets: Any, outputs: Any) -> tuple[Any, Any]:
        """The losses, and 1.0 where the likeliest label is the target, else 0.0; both of the
        targets' shape."""
        # Behind a softmax, where Keras keeps them.
        logits = getattr(outputs, "_keras_logits", None)
        if self.in_kernels and not self.binary and logits is not None:
            return softmax_cross_entropy(targets, logits)
        if self.target_dtype == "float32":
            return self(targets, outputs), tf.zeros(())
        if outputs.shape[-1] == 1:
            answers = tf.cast(outputs[..., 0] > 0.5, targets.dtype)
        else:
            likely = outputs if logits is None else logits
            answers = tf.argmax(likely, axis=-1, output_type=targets.dtype)
        return self(targets, outputs), tf.cast(answers == targets, tf.float32)


class SquaredError(keras.losses.Loss):
    """The squared error of each example, the mean over its outputs, in the units of the targets.

    Called with targets and outputs of shape (rows, outputs); the result has shape (rows,).
    """

    target_dtype = "float32"

    def __init__(self) -> None:
        super().__init__(name="squared_error", reduction="none")

    def call(self, targets: Any, outputs: Any) -> Any:
        return keras.ops.mean(keras.ops.square(targets - outputs), axis=-1)

    def with_correct(self, targets: Any, outputs: Any) -> tuple[Any, Any]:
        """The losses, and zero: a number is not simply correct or wrong."""
        return self(targets, outputs), tf.zeros(())
