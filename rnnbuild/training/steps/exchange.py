"""The second stage of a step: the parts of all its batches become one.

The mean over several batches is not the mean of their means, since batches differ in how many
examples or tokens they weigh. With c the weight of batch i and g the gradient of its mean:

    gradient = sum_i c_i g_i / sum_i c_i

So parts are added, each times its weight, and divided once all are there. Replicas, each with
batches of its own, would add their totals in between (an all-reduce): that is an exchange whose
`mean` does so first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rnnbuild.models.framework import tf


class Part(NamedTuple):
    """The sums and gradients of one batch, or of several as if they were one."""

    sums: Any
    """float32 (4,): loss, weight and correct answers, summed over what was weighed, and the
    penalty of the regularisers, a mean already."""
    gradients: list[Any]
    """Gradients of the mean objective over what was weighed: one for each source of weights, in the
    model's order, float32; of the weight's shape where the source is a variable."""


class Total(NamedTuple):
    """Parts added up, the penalty and gradients of each times its weight, so all are sums."""

    sums: Any
    gradients: list[Any]


@dataclass(frozen=True, eq=False)
class Exchange:
    """How the parts of a step become one. Both functions are traced by `tf.function`."""

    add: Callable[[Any, Part], Any]
    """Takes a total and one more part; returns the total that includes it."""
    mean: Callable[[Any], Part]
    """Takes a total; returns the part of the whole step."""
    nothing: Total | None = None
    """The total before the first part; None for a step of a single part."""


def of_one_batch() -> Exchange:
    """The exchange of a step of one batch, whose part is that of the whole step, unchanged.

    Adding and dividing would return it rounded: x times c divided by c is not always x.
    """
    return Exchange(add=lambda nothing, part: part, mean=lambda part: part)


def of_batches(variables: list[Any]) -> Exchange:
    """The exchange of a step over any number of batches, for a model's trainable variables, each of
    them a source of its own."""
    zeros = [tf.zeros(variable.shape) for variable in variables]
    return Exchange(add_part, mean_of, Total(tf.zeros(4), zeros))


def add_part(total: Total, part: Part) -> Total:
    """Add a part, times its weight."""
    weight = part.sums[1]
    sums = part.sums * tf.stack([1.0, 1.0, 1.0, weight])
    gradients = [
        so_far + gradient * weight
        for so_far, gradient in zip(total.gradients, part.gradients, strict=True)
    ]
    return Total(total.sums + sums, gradients)


def mean_of(total: Total) -> Part:
    """Divide by the total weight; if that is zero, so are gradients and penalty."""
    loss, weight, correct, penalty = tf.unstack(total.sums)
    return Part(
        tf.stack([loss, weight, correct, tf.math.divide_no_nan(penalty, weight)]),
        [tf.math.divide_no_nan(gradient, weight) for gradient in total.gradients],
    )
