"""Applying gradients: Keras' optimizers, and Adam in one pass over each weight.

Keras' Adam goes over a weight's memory some eight times a step, TensorFlow's operation once; for
a large embedding that is most of a step. State and equations are the same (Kingma and Ba 2015,
with the bias correction folded into the step size, as in keras/src/optimizers/adam.py), so a
checkpoint does not know which of the two made it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from rnnbuild.models.framework import keras, tf

LayerOutputs = Callable[[Any, Any], Any]
"""Takes a layer's inputs and lengths, returns its outputs."""


class Beginning(NamedTuple):
    """What a step begins with for a source: the tensor that gradients are taken with respect to,
    and the layers, by name, whose outputs follow from it by other ways than the layer's own."""

    tensor: Any
    layers: Mapping[str, LayerOutputs]


class Step(NamedTuple):
    """A step of Adam, as float32 scalars: its number, from 1 on, and the learning rate."""

    number: Any
    rate: Any


class Source(Protocol):
    """Trainable weights, one or several, that a step takes one gradient for and moves together.

    `begin`, `norms` and `move` are traced, in this order, and once in each step.
    """

    @property
    def variables(self) -> Sequence[Any]:
        """The weights' Keras variables, in the model's order."""

    def begin(self, inputs: Any) -> Beginning:
        """Given the model's inputs."""

    def norms(self, gradient: Any) -> Any:
        """The norm of the gradient of each of the variables, float32 (variables,)."""

    def move(self, gradient: Any, scale: Any, step: Step) -> None:
        """Adam's step, with the gradient times `scale`, None for 1."""

    def settle(self) -> None:
        """Puts weights and moments into their variables, if they are kept elsewhere."""


@dataclass(frozen=True, eq=False)
class Variable:
    """A single weight, which stays in its variable."""

    variable: Any
    optimizer: Any
    slot: int
    """Its place among the model's trainable weights."""

    @property
    def variables(self) -> Sequence[Any]:
        return [self.variable]

    def begin(self, inputs: Any) -> Beginning:
        return Beginning(self.variable.value, {})

    def norms(self, gradient: Any) -> Any:
        return tf.norm(gradient)[tf.newaxis]

    def move(self, gradient: Any, scale: Any, step: Step) -> None:
        adam = self.optimizer
        tf.raw_ops.ResourceApplyAdam(
            var=self.variable.value.handle,
            m=adam._momentums[self.slot].value.handle,
            v=adam._velocities[self.slot].value.handle,
            beta1_power=tf.pow(adam.beta_1, step.number),
            beta2_power=tf.pow(adam.beta_2, step.number),
            lr=step.rate,
            beta1=adam.beta_1,
            beta2=adam.beta_2,
            epsilon=adam.epsilon,
            grad=gradient if scale is None else gradient * scale,
        )

    def settle(self) -> None:
        """Nothing is kept elsewhere."""


def variables_of(model: Any, optimizer: Any) -> list[Source]:
    """Each trainable weight of a model as a source of its own."""
    return [Variable(one, optimizer, at) for at, one in enumerate(model.trainable_variables)]


def dense_gradients(gradients: list[Any]) -> list[Any]:
    """An embedding's rows, which may repeat, as the whole table's gradient.

    Left as they are, Keras' optimizers square each occurrence of a repeated row on its own, where
    Adam squares their sum.
    """
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def apply_gradients(
    optimizer: Any, gradients: Sequence[Any], sources: Sequence[Source], norms: Any
) -> None:
    """One step of the optimizer, its clipping and the weights' constraints included.

    `gradients` are dense, one for each source, and `norms` those of all variables. Sources other
    than `Variable` need an optimizer that works `in_one_pass`.
    """
    variables = [variable for source in sources for variable in source.variables]
    if not in_one_pass(optimizer):
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return
    number = tf.cast(optimizer.iterations.value + 1, tf.float32)
    step = Step(number, tf.cast(optimizer.learning_rate, tf.float32))
    scale = clip_scale(norms, optimizer.global_clipnorm)
    for gradient, source in zip(gradients, sources, strict=True):
        source.move(gradient, scale, step)
    optimizer.iterations.assign_add(1)
    for variable in variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))


def clip_scale(norms: Any, limit: float | None) -> Any:
    """What gradients of these norms are to be multiplied by, so that their norm together is at most
    the limit, as `clip_by_global_norm` does; None without a limit."""
    if limit is None:
        return None
    together = tf.sqrt(tf.reduce_sum(tf.square(norms)))
    return limit * tf.minimum(1.0 / together, 1.0 / limit)


def in_one_pass(optimizer: Any) -> bool:
    """Whether TensorFlow's operation computes what the optimizer's settings ask for."""
    return (
        type(optimizer) is keras.optimizers.Adam
        and not optimizer.amsgrad
        and not optimizer.use_ema
        and optimizer.weight_decay is None
        and optimizer.clipnorm is None
        and optimizer.clipvalue is None
        and optimizer.loss_scale_factor is None
        and optimizer.gradient_accumulation_steps is None
    )
