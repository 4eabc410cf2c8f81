"""One step of gradient descent: gather, exchange, apply.

gather     each batch becomes a part: its sums, and the gradients of its mean    `gather.py`
exchange   the parts of all the step's batches become one                        `exchange.py`
apply      that part updates the weights, if it is finite                        here
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.batches import Batch
from rnnbuild.models.descent import Source, apply_gradients
from rnnbuild.models.framework import tf
from rnnbuild.training.steps.exchange import Exchange, Part, Total
from rnnbuild.training.steps.gather import Gather

TrainStep = Callable[[Iterable[Batch]], "StepSums"]
Arrays = tuple[Any, Any, Any]
"""A batch's inputs, targets and weights."""
Apply = Callable[[Part], Any]
"""Takes the part of a whole step; returns its report, float32 (4 + weights + 1,), one vector so
that the host fetches once: the part's sums, the norm of each gradient, and 1.0 if all of these are
finite, else 0.0."""


@dataclass(frozen=True, eq=False)
class StepSums:
    """The sums of one step over its examples, or over their tokens.

    Sums and not means, so that an epoch's loss is averaged over examples, however they were
    batched, and replicas can add theirs.
    """

    loss: float
    """The values of `loss_of`, summed over what was weighed; without regularisers or class
    weights, so that it can be compared with the validation loss."""
    weight: float
    """Total weight: the number of examples, or of tokens that are not padding."""
    correct: float
    """Weight of the correct answers, computed with dropout; 0 where targets are numbers."""
    penalty: float
    """The layers' regularisers; already a mean where Keras makes it one."""
    gradient_norms: NDArray[np.float32]
    """The norm for each trainable weight, in the model's order, before global clipping."""
    finite: bool
    """Whether loss and gradients are finite; if not, the weights were left unchanged."""

    @property
    def gradient_norm(self) -> float:
        """The norm of all gradients together."""
        return float(np.sqrt(np.sum(np.square(self.gradient_norms, dtype=np.float64))))


def train_step_of(
    gather: Gather,
    exchange: Exchange,
    apply: Apply,
    signature: list[Any],
    jit_compile: bool = False,
) -> TrainStep:
    """The step over one batch, or, if the exchange adds batches, over any number of them.

    `signature` is that of a batch's inputs, targets and weights. The step raises ValueError if it
    is one of one batch and is given another number of them.
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

        program = cache(whole.get_concrete_function)

        def train_step(batches: Iterable[Batch]) -> StepSums:
            (batch,) = batches
            # As tensors, and to the one program that there is: TensorFlow would otherwise compare
            # arguments and signature at each step, which takes longer than a small layer does.
            return step_sums(program()(*map(tf.constant, arrays_of(batch))))

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
    """The report of a step over batches, added one by one to `total`."""
    for batch in batches:
        total = add(total, *batch)
    return finish(total)


def apply_of(optimizer: Any, sources: Sequence[Source]) -> Apply:
    """The function that updates a model's trainable weights; to be traced.

    A part that is not finite changes nothing.
    """

    def apply(part: Part) -> Any:
        pairs = zip(sources, part.gradients, strict=True)
        norms = tf.concat([source.norms(gradient) for source, gradient in pairs], axis=0)
        report = tf.concat([part.sums, norms], axis=0)
        finite = tf.reduce_all(tf.math.is_finite(report))

        def move() -> bool:
            apply_gradients(optimizer, part.gradients, sources, norms)
            return True

        # A step that is not finite must not reach the weights: the run stops with sound ones.
        tf.cond(finite, move, lambda: False)
        return tf.concat([report, [tf.cast(finite, tf.float32)]], axis=0)

    return apply


def arrays_of(batch: Batch) -> Arrays:
    """The arrays of a batch that the model and the loss take."""
    return batch.inputs, batch.targets, batch.weights


def step_sums(report: Any) -> StepSums:
    """Waits for the step to end; on a CPU there is nothing to overlap it with."""
    numbers = report.numpy()
    loss, weight, correct, penalty = numbers[:4].tolist()
    return StepSums(loss, weight, correct, penalty, numbers[4:-1], bool(numbers[-1]))
