"""Keras' recurrent layers, computed by the kernels: the same weights, equations and dropout.

What is saved stays plain Keras; only how a layer's outputs and gradients are computed differs.
Lengths stand for the mask: sequences are padded on the right, so that padding comes after all
real steps, which a direction reading from the end then simply starts before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.models.framework import keras, tf
from rnnbuild.models.kernels.cells import KERNELS
from rnnbuild.models.kernels.passes import Passes


@dataclass(frozen=True)
class Direction:
    """A Keras layer of one direction and whether it reads from the end."""

    layer: Any
    backwards: bool

    @property
    def cell(self) -> Any:
        return self.layer.cell


def why_not_fused(layer: Any) -> str | None:
    """Which argument of a recurrent layer the kernels do not know; None where they know all."""
    for direction in directions_of(layer):
        cell, name = direction.cell, type(direction.layer).__name__
        if name not in KERNELS:
            return name
        if keras.activations.serialize(cell.activation) != "tanh":
            return "activation"
        if name != "SimpleRNN" and (
            keras.activations.serialize(cell.recurrent_activation) != "sigmoid"
        ):
            return "recurrent_activation"
        if name == "GRU" and not cell.reset_after:
            return "reset_after"
        if cell.recurrent_dropout:
            return "recurrent_dropout"
        if direction.layer.activity_regularizer is not None:
            return "activity_regularizer"
    return None


def directions_of(layer: Any) -> list[Direction]:
    """The one or two layers in a recurrent layer; none in any other."""
    if isinstance(layer, keras.layers.Bidirectional):
        both = (layer.forward_layer, layer.backward_layer)
        return [Direction(one, one.go_backwards) for one in both]
    return [Direction(layer, layer.go_backwards)] if isinstance(layer, keras.layers.RNN) else []


def fused_outputs(layer: Any, inputs: Any, lengths: Any, training: bool, places: Any = None) -> Any:
    """What the layer makes of (B, T, width) inputs: (B, T, features), or (B, features) at the end.

    `lengths` are int32 (B,). Outputs after a row's length are zeros. Only in `training` are there
    gradients, and is anything kept for them. Out of training inputs may be (N, width), of which
    `places`, int32 (B, T), tell that of each step: one that stands in many is multiplied by W once.
    """
    directions = directions_of(layer)
    first = directions[0]
    passes = Passes(
        KERNELS[type(first.layer).__name__],
        tuple(direction.backwards for direction in directions),
        first.layer.return_sequences,
    )
    weights = [
        tensor
        for direction in directions
        for tensor in (
            direction.cell.kernel.value,
            direction.cell.recurrent_kernel.value,
            bias_of(direction.cell),
        )
    ]
    if places is None:
        shape = tf.shape(inputs)[:2]
        places = tf.reshape(tf.range(shape[0] * shape[1]), shape)
        given = [
            tf.reshape(one, (-1, one.shape[-1])) for one in inputs_of(directions, inputs, training)
        ]
    else:
        given = [tf.matmul(inputs, kernel) for kernel in weights[::3]]
        weights[::3] = [kernel[:0] for kernel in weights[::3]]
    outputs = states_of(passes, [places, lengths], given, weights, training)
    if not first.layer.return_sequences:
        outputs = outputs[:, 0]
    if len(directions) == 1 or layer.merge_mode == "concat":
        return outputs
    one, other = tf.split(outputs, 2, axis=-1)
    merge: dict[str, Callable[[], Any]] = {
        "sum": lambda: one + other,
        "ave": lambda: (one + other) / 2,
        "mul": lambda: one * other,
    }
    return merge[layer.merge_mode]()


def inputs_of(directions: Sequence[Direction], inputs: Any, training: bool) -> list[Any]:
    """What each direction reads, (B, T, width): one for both, unless dropout makes them differ."""
    if not training or not any(direction.cell.dropout for direction in directions):
        return [inputs]
    return [dropped(direction.cell, inputs) for direction in directions]


def dropped(cell: Any, inputs: Any) -> Any:
    """A cell's own dropout, drawn as Keras does from its seed: one mask for all steps of a row."""
    if not cell.dropout:
        return inputs
    kept = keras.random.dropout(tf.ones_like(inputs[:, 0]), cell.dropout, seed=cell.seed_generator)
    return inputs * kept[:, tf.newaxis]


def bias_of(cell: Any) -> Any:
    """A cell's biases, (columns,), or (2, columns) for a GRU; zeros where it has none."""
    if cell.use_bias:
        return cell.bias.value
    columns = cell.kernel.shape[1]
    return tf.zeros((2, columns) if hasattr(cell, "reset_after") else columns)


def states_of(
    passes: Passes,
    steps: Sequence[Any],
    inputs: Sequence[Any],
    weights: Sequence[Any],
    training: bool,
) -> Any:
    """The states (B, T, features), or (B, 1, features) at the end, of all directions in a row.

    `steps` are places and lengths; `weights` the kernel, recurrent kernel and biases of each
    direction. In `training` the states are differentiable by inputs and weights.
    """
    features = sum(recurrent.shape[0] for recurrent in weights[1::3])

    def shaped(outputs: Any) -> Any:
        outputs.set_shape((None, None if passes.return_sequences else 1, features))
        return outputs

    if not training:
        given = [*steps, *inputs, *weights]
        return shaped(tf.numpy_function(passes.outputs, given, tf.float32, stateful=False))

    @tf.custom_gradient
    def states(*given: Any) -> Any:
        outputs, number = tf.numpy_function(
            passes.forward, [*steps, *given], [tf.float32, tf.int64], stateful=False
        )

        def gradient(slopes: Any) -> list[Any]:
            found = tf.numpy_function(
                passes.backward,
                [number, slopes, *steps, *given],
                [tf.float32] * len(given),
                stateful=False,
            )
            for slope, value in zip(tf.nest.flatten(found), given, strict=True):
                slope.set_shape(value.shape)
            return list(tf.nest.flatten(found))

        return shaped(outputs), gradient

    return states(*inputs, *weights)
