"""One step of gradient descent, traced once for batches of any size and length."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.batches import Batch
from rnnbuild.models.descent import apply_gradients, dense_gradients
from rnnbuild.models.forward import ForwardPass
from rnnbuild.models.framework import tf
from rnnbuild.models.large_embedding import LargeEmbedding

TrainStep = Callable[[Iterable[Batch]], "StepSums"]


@dataclass(frozen=True, eq=False)
class StepSums:
    """What one step adds up over its examples, or over their tokens.

    Sums and not means, so that an epoch's loss is averaged over examples, however they were
    batched, and replicas can add theirs.
    """

    loss: float
    """What `loss_of` gives, summed over what was weighed; without regularisers or class weights,
    so that it compares with the validation loss."""
    weight: float
    """How much was weighed: examples, or tokens that are no padding."""
    right: float
    """How much of the weight was answered right, dropout and all; 0 where targets are numbers."""
    penalty: float
    """The layers' regularisers, already a mean where Keras makes it one."""
    gradient_norms: NDArray[np.float32]
    """Of each trainable weight, in the model's order, before they are clipped together."""
    finite: bool
    """Whether loss and gradients were; if not, the weights were left as they were."""

    @property
    def gradient_norm(self) -> float:
        """Over all weights together."""
        return float(np.sqrt(np.sum(np.square(self.gradient_norms, dtype=np.float64))))


def train_step_of(
    model: Any,
    optimizer: Any,
    loss: Any,
    forward: ForwardPass,
    class_weights: NDArray[np.float32] | None = None,
    accumulates: bool = False,
    jit_compile: bool = False,
    embedding: LargeEmbedding | None = None,
) -> TrainStep:
    """The step that lowers the mean loss plus the model's own losses; `forward` is the model's.

    It takes one batch, or several where it `accumulates`: then the gradients of their sums are
    added and divided by what all of them weighed, as if they were one batch. `class_weights`
    gives each label's share in what is minimised; the mean stays over examples, as in Keras.
    `embedding` stands for the model's first weight, in a step of one batch.

    One input signature of free dimensions, or every new length would be traced anew.
    """
    variables = model.trainable_variables
    signature = signature_of(model, loss)
    gradients_of = gradients_function(model, forward, loss, class_weights, embedding)
    move_first = embedding.move if embedding is not None else None

    @tf.function(input_signature=signature, jit_compile=jit_compile, autograph=False)
    def step(inputs: Any, targets: Any, weights: Any) -> Any:
        sums, gradients = gradients_of(inputs, targets, weights)
        return _applied(optimizer, gradients, variables, sums, move_first)

    if accumulates:
        return _accumulating(gradients_of, optimizer, variables, signature, jit_compile)

    def train_step(batches: Iterable[Batch]) -> StepSums:
        (batch,) = batches
        return step_sums(step(batch.inputs, batch.targets, batch.weights))

    return train_step


def signature_of(model: Any, loss: Any) -> list[Any]:
    """Of inputs, targets and weights, every dimension free that may differ between batches."""
    inputs = tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    return [inputs, *target_specs(model.outputs[0].shape, loss.target_dtype)]


def target_specs(output_shape: tuple[int | None, ...], dtype: str) -> tuple[Any, Any]:
    """What a batch's targets and weights look like to a model of this output, (batch, ..., units).

    Labels, whole numbers, have a target and a weight for every answer; numbers have a target for
    every output and a weight for every example.
    """
    answers = (None,) * (len(output_shape) - 1)
    if dtype == "int32":
        return tf.TensorSpec(answers, dtype), tf.TensorSpec(answers, tf.float32)
    return tf.TensorSpec((None, *output_shape[1:]), dtype), tf.TensorSpec((None,), tf.float32)


def gradients_function(
    model: Any,
    forward: ForwardPass,
    loss: Any,
    class_weights: NDArray[np.float32] | None,
    embedding: LargeEmbedding | None = None,
) -> Callable[[Any, Any, Any], Any]:
    """(loss, weight, right, penalty) of a batch, and the gradients of its objective's mean.

    With an `embedding`, the first gradient is of the rows that the batch reads.
    """
    variables = model.trainable_variables

    def gradients_of(inputs: Any, targets: Any, weights: Any) -> Any:
        sources, embedded = list(variables), list[Any]()
        if embedding is not None:
            sources[0], places = embedding.rows_of(inputs)
        with tf.GradientTape() as tape:
            if embedding is not None:
                tape.watch(sources[0])
                embedded.append(tf.gather(sources[0], places))
            outputs = forward(inputs, True, *embedded)
            losses = loss(targets, outputs) * weights
            total, count = tf.reduce_sum(losses), tf.reduce_sum(weights)
            if class_weights is None:
                minimised = total
            else:
                minimised = tf.reduce_sum(losses * tf.gather(class_weights, targets))
            penalty = tf.add_n(model.losses) if model.losses else tf.constant(0.0)
            objective = tf.math.divide_no_nan(minimised, count) + penalty
        right = tf.reduce_sum(right_answers(targets, outputs) * weights)
        gradients = dense_gradients(tape.gradient(objective, sources))
        return tf.stack([total, count, right, penalty]), gradients

    return gradients_of


def _accumulating(
    gradients_of: Callable[[Any, Any, Any], Any],
    optimizer: Any,
    variables: Any,
    signature: Any,
    jit_compile: bool,
) -> TrainStep:
    """A step over several batches. Between steps the gathered gradients are always zero, so a
    checkpoint need not hold them."""
    gathered = [tf.Variable(tf.zeros(variable.shape), trainable=False) for variable in variables]
    gathered_sums = tf.Variable(tf.zeros(4), trainable=False)

    @tf.function(input_signature=signature, jit_compile=jit_compile, autograph=False)
    def gather(inputs: Any, targets: Any, weights: Any) -> None:
        sums, gradients = gradients_of(inputs, targets, weights)
        count = sums[1]
        for sum_so_far, gradient in zip(gathered, gradients, strict=True):
            sum_so_far.assign_add(gradient * count)
        # The penalty is a mean already: it is weighed as the gradients are.
        gathered_sums.assign_add(sums * tf.stack([1.0, 1.0, 1.0, count]))

    @tf.function(input_signature=[], autograph=False)
    def apply() -> Any:
        total, count, right, penalty = tf.unstack(gathered_sums)
        sums = tf.stack([total, count, right, tf.math.divide_no_nan(penalty, count)])
        gradients = [tf.math.divide_no_nan(sum_so_far, count) for sum_so_far in gathered]
        found = _applied(optimizer, gradients, variables, sums)
        with tf.control_dependencies([*gradients, sums]):
            for variable in (*gathered, gathered_sums):
                variable.assign(tf.zeros_like(variable))
        return found

    def train_step(batches: Iterable[Batch]) -> StepSums:
        for batch in batches:
            gather(batch.inputs, batch.targets, batch.weights)
        return step_sums(apply())

    return train_step


def _applied(
    optimizer: Any, gradients: Any, variables: Any, sums: Any, move_first: Any = None
) -> Any:
    """Moves the weights if all is finite. Sums, each gradient's norm and whether it was, in one
    vector, so that the host fetches once."""
    norms = tf.stack([tf.norm(gradient) for gradient in gradients])
    told = tf.concat([sums, norms], axis=0)
    finite = tf.reduce_all(tf.math.is_finite(told))

    def apply() -> bool:
        apply_gradients(optimizer, gradients, variables, move_first)
        return True

    # A step that is not finite must not reach the weights: the run stops on sound ones.
    tf.cond(finite, apply, lambda: False)
    return tf.concat([told, [tf.cast(finite, tf.float32)]], axis=0)


def step_sums(told: Any) -> StepSums:
    """Waits for the step to end; on a processor there is nothing to overlap it with."""
    numbers = told.numpy()
    total, count, right, penalty = numbers[:4].tolist()
    return StepSums(total, count, right, penalty, numbers[4:-1], bool(numbers[-1]))


def right_answers(targets: Any, outputs: Any) -> Any:
    """1.0 where the likeliest label is the target, else 0.0; shaped as the targets.

    Zero for numbers, of which none is simply right.
    """
    if not targets.dtype.is_integer:
        return tf.zeros(())
    if outputs.shape[-1] == 1:
        answers = tf.cast(outputs[..., 0] > 0.5, targets.dtype)
    else:
        # The greatest logit, where Keras keeps them: their softmax is then computed by nobody.
        logits = getattr(outputs, "_keras_logits", outputs)
        answers = tf.argmax(logits, axis=-1, output_type=targets.dtype)
    return tf.cast(answers == targets, tf.float32)
