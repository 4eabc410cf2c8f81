"""One step of gradient descent: gather, exchange, apply.

gather     each batch becomes a part: its sums, and the gradients of its mean    `gather.py`
exchange   the parts of all the step's batches become one                        `exchange.py`
apply      that part moves the weights, unless it is not finite                  here
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.batches import Batch
from rnnbuild.models.descent import apply_gradients
from rnnbuild.models.framework import tf
from rnnbuild.models.large_embedding import LargeEmbedding
from rnnbuild.training.steps.exchange import Exchange, Part, Total
from rnnbuild.training.steps.gather import Gather

TrainStep = Callable[[Iterable[Batch]], "StepSums"]
Arrays = tuple[Any, Any, Any]
"""A batch's inputs, targets and weights."""
Apply = Callable[[Part], Any]
"""From the part of a whole step to its report, float32 (4 + weights + 1,), in one vector so that
the host fetches once: the part's sums, the norm of each gradient, and 1.0 if all of these are
finite, else 0.0."""


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
    correct: float
    """How much of the weight was answered correctly, dropout and all; 0 where targets are
    numbers."""
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
    gather: Gather,
    exchange: Exchange,
    apply: Apply,
    signature: list[Any],
    jit_compile: bool = False,
) -> TrainStep:
    """The step over one batch, or over as many as it is given where the exchange adds batches.

    `signature` is of a batch's inputs, targets and weights. Raises ValueError where the step of
    one batch is given another number of them.
    """
    function = partial(tf.function, autograph=False)

    def add(total: Any, *batch: Any) -> Any:
        return exchange.add(total, gather(*batch))

    def finish(total: Any) -> Any:
        return apply(exchange.mean(total))

    # A step of one batch is one program, and so one call of TensorFlow's. Over several, each call
    # adds a batch: a program of them all would contain the layers once for each of them, and keep
    # the activations of all at once.
    if exchange.nothing is None:
        whole = function(
            lambda *batch: _over([batch], None, add, finish),
            input_signature=signature,
            jit_compile=jit_compile,
        )

        def train_step(batches: Iterable[Batch]) -> StepSums:
            (batch,) = batches
            return step_sums(whole(*arrays_of(batch)))

        return train_step

    totals = tf.nest.map_structure(tf.TensorSpec.from_tensor, exchange.nothing)
    add = function(add, input_signature=[totals, *signature], jit_compile=jit_compile)
    finish = function(finish)
    return lambda batches: step_sums(_over(map(arrays_of, batches), exchange.nothing, add, finish))


def _over(
    batches: Iterable[Arrays],
    total: Total | None,
    add: Callable[..., Any],
    finish: Callable[[Any], Any],
) -> Any:
    """The report of a step over batches, all of which are added to a total of nothing."""
    for batch in batches:
        total = add(total, *batch)
    return finish(total)


def apply_of(optimizer: Any, variables: list[Any], embedding: LargeEmbedding | None) -> Apply:
    """The function that moves `variables`, the model's trainable ones; to be traced.

    `embedding` stands for the first of them. A part that is not finite moves nothing.
    """
    move_first = embedding.move if embedding is not None else None

    def apply(part: Part) -> Any:
        norms = tf.stack([tf.norm(gradient) for gradient in part.gradients])
        report = tf.concat([part.sums, norms], axis=0)
        finite = tf.reduce_all(tf.math.is_finite(report))

        def move() -> bool:
            apply_gradients(optimizer, part.gradients, variables, move_first)
            return True

        # A step that is not finite must not reach the weights: the run stops on sound ones.
        tf.cond(finite, move, lambda: False)
        return tf.concat([report, [tf.cast(finite, tf.float32)]], axis=0)

    return apply


def arrays_of(batch: Batch) -> Arrays:
    """What the model and the loss take of a batch."""
    return batch.inputs, batch.targets, batch.weights


def step_sums(report: Any) -> StepSums:
    """Waits for the step to end; on a CPU there is nothing to overlap it with."""
    numbers = report.numpy()
    loss, weight, correct, penalty = numbers[:4].tolist()
    return StepSums(loss, weight, correct, penalty, numbers[4:-1], bool(numbers[-1]))
