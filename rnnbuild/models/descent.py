"""Applying gradients: Keras' optimizers, and Adam in one pass over each weight.

Keras' Adam goes over a weight's memory some eight times a step, TensorFlow's operation once; for
a large embedding that is most of a step. State and equations are the same (Kingma and Ba 2015,
with the bias correction folded into the step size, as in keras/src/optimizers/adam.py), so a
checkpoint does not know which of the two made it.
"""

from collections.abc import Callable
from typing import Any

from rnnbuild.models.framework import keras, tf


def dense_gradients(gradients: list[Any]) -> list[Any]:
    """An embedding's rows, which may repeat, as the whole table's gradient.

    Left as they are, Keras' optimizers square each occurrence of a repeated row on its own, where
    Adam squares their sum.
    """
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def apply_gradients(
    optimizer: Any,
    gradients: list[Any],
    variables: list[Any],
    move_first: Callable[[Any, Any, Any], None] | None = None,
) -> None:
    """One step of the optimizer, its clipping and the weights' constraints included.

    `gradients` are dense. `move_first` moves the first variable, of its gradient, the step's
    number and the learning rate; it needs an optimizer that works `in_one_pass`.
    """
    if not in_one_pass(optimizer):
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return
    if optimizer.global_clipnorm is not None:
        gradients, _ = tf.clip_by_global_norm(gradients, optimizer.global_clipnorm)
    step = tf.cast(optimizer.iterations.value + 1, tf.float32)
    beta_1, beta_2 = optimizer.beta_1, optimizer.beta_2
    rate = tf.cast(optimizer.learning_rate, tf.float32)
    for place, (gradient, variable, first, second) in enumerate(
        zip(gradients, variables, optimizer._momentums, optimizer._velocities, strict=True)
    ):
        if move_first is not None and place == 0:
            move_first(gradient, step, rate)
            continue
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=first.value.handle,
            v=second.value.handle,
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=rate,
            beta1=beta_1,
            beta2=beta_2,
            epsilon=optimizer.epsilon,
            grad=gradient,
        )
    optimizer.iterations.assign_add(1)
    for variable in variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))


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
