"""One step of gradient descent, traced once for batches of any size and length."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rnnbuild.data.batches import Batch
from rnnbuild.models.framework import tf

TrainStep = Callable[[Batch], "StepSums"]


@dataclass(frozen=True)
class StepSums:
    """What one step adds up over its examples, or over their tokens.

    Sums and not means, so that an epoch's loss is averaged over examples, however they were
    batched, and replicas can add theirs.
    """

    loss: float
    """What `loss_of` gives, summed over what was weighed; without regularisers."""
    weight: float
    """How much was weighed: examples, or tokens that are no padding."""
    right: float
    """How much of the weight was answered right, dropout and all; 0 where targets are numbers."""
    penalty: float
    """The layers' regularisers, already a mean where Keras makes it one."""
    gradient_norm: float
    """Over all weights together, before it is clipped."""
    finite: bool
    """Whether loss and gradients were; if not, the weights were left as they were."""


def train_step_of(model: Any, optimizer: Any, loss: Any) -> TrainStep:
    """The step that lowers the weighted mean loss plus the model's own losses.

    One input signature of free dimensions, or every new length would be traced anew.
    """
    variables = model.trainable_variables
    inputs = tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    targets, weights = target_specs(model.outputs[0].shape, loss.target_dtype)

    @tf.function(input_signature=[inputs, targets, weights])  # type: ignore[untyped-decorator]
    def step(inputs: Any, targets: Any, weights: Any) -> Any:
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=True)
            total = tf.reduce_sum(loss(targets, outputs) * weights)
            count = tf.reduce_sum(weights)
            right = tf.reduce_sum(right_answers(targets, outputs) * weights)
            penalty = tf.add_n(model.losses) if model.losses else tf.constant(0.0)
            objective = tf.math.divide_no_nan(total, count) + penalty
        gradients = tape.gradient(objective, variables)
        norm = tf.linalg.global_norm(gradients)
        finite = tf.math.is_finite(norm) & tf.math.is_finite(objective)
        # A step that is not finite must not reach the weights: the run stops on sound ones.
        tf.cond(finite, lambda: _applied(optimizer, gradients, variables), lambda: False)
        return tf.stack([total, count, right, penalty, norm]), finite

    def train_step(batch: Batch) -> StepSums:
        sums, finite = step(batch.inputs, batch.targets, batch.weights)
        # Waits for the step to end; on a processor there is nothing to overlap it with.
        total, count, right, penalty, norm = sums.numpy().tolist()
        return StepSums(total, count, right, penalty, norm, bool(finite))

    return train_step


def target_specs(output_shape: tuple[int | None, ...], dtype: str) -> tuple[Any, Any]:
    """What a batch's targets and weights look like to a model of this output, (batch, ..., units).

    Labels, whole numbers, have a target and a weight for every answer; numbers have a target for
    every output and a weight for every example.
    """
    answers = (None,) * (len(output_shape) - 1)
    if dtype == "int32":
        return tf.TensorSpec(answers, dtype), tf.TensorSpec(answers, tf.float32)
    return tf.TensorSpec((None, *output_shape[1:]), dtype), tf.TensorSpec((None,), tf.float32)


def _applied(optimizer: Any, gradients: Any, variables: Any) -> bool:
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
    return True


def right_answers(targets: Any, outputs: Any) -> Any:
    """1.0 where the likeliest label is the target, else 0.0; shaped as the targets.

    Zero for numbers, of which none is simply right.
    """
    if not targets.dtype.is_integer:
        return tf.zeros(())
    if outputs.shape[-1] == 1:
        answers = tf.cast(outputs[..., 0] > 0.5, targets.dtype)
    else:
        answers = tf.argmax(outputs, axis=-1, output_type=targets.dtype)
    return tf.cast(answers == targets, tf.float32)
