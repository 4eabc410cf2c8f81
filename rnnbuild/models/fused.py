"""Keras' recurrent layers, computed by the kernels: the same weights, equations and dropout.

What is saved stays plain Keras; only how a layer's outputs and gradients are computed differs.
Lengths stand for the mask: sequences are padded on the right, so that padding comes after all
real steps, which a direction reading from the end then simply starts before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.models.framework import keras, tf
from rnnbuild.models.kernels.sequences import KERNELS, Arrays, Steps, slopes_of, states_of


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
    every = training or directions[0].layer.return_sequences
    if places is None:
        shape = tf.shape(inputs)[:2]
        places = tf.reshape(tf.range(shape[0] * shape[1]), shape)
    states = sequence_states(
        type(directions[0].layer).__name__,
        [projected(direction, inputs, training) for direction in directions],
        [direction.cell.recurrent_kernel.value for direction in directions],
        [inner_bias(direction.cell) for direction in directions],
        Steps(places, lengths),
        [direction.backwards for direction in directions],
        differentiable=training,
        every=every,
    )
    if not every:
        states = [one[:, 0] for one in states]
    elif not directions[0].layer.return_sequences:
        states = [
            one[:, 0] if direction.backwards else tf.gather(one, lengths - 1, batch_dims=1)
            for direction, one in zip(directions, states, strict=True)
        ]
    if len(states) == 1:
        return states[0]
    merge: dict[str, Callable[[Any, Any], Any]] = {
        "concat": lambda one, other: tf.concat([one, other], axis=-1),
        "sum": lambda one, other: one + other,
        "ave": lambda one, other: (one + other) / 2,
        "mul": lambda one, other: one * other,
    }
    return merge[layer.merge_mode](*states)


def projected(direction: Direction, inputs: Any, training: bool) -> Any:
    """x·W + b of all steps at once, with the layer's own dropout on x: (steps, blocks · units)."""
    cell = direction.cell
    if training and cell.dropout:
        # Drawn as Keras' cells do, from the same seeds: one mask for all steps of a row.
        kept = keras.random.dropout(
            tf.ones_like(inputs[:, 0]), cell.dropout, seed=cell.seed_generator
        )
        inputs = inputs * kept[:, tf.newaxis]
    product = tf.matmul(tf.reshape(inputs, (-1, cell.kernel.shape[0])), cell.kernel.value)
    if not cell.use_bias:
        return product
    bias = cell.bias.value
    return tf.nn.bias_add(product, bias[0] if len(bias.shape) == 2 else bias)


def inner_bias(cell: Any) -> Any:
    """A GRU's second bias, which is inside its reset; zeros, which nothing reads, elsewhere."""
    if cell.use_bias and len(cell.bias.shape) == 2:
        return cell.bias.value[1]
    return tf.zeros(cell.recurrent_kernel.shape[1])


def sequence_states(
    cell: str,
    inputs: Sequence[Any],
    recurrent: Sequence[Any],
    biases: Sequence[Any],
    steps: Steps,
    backwards: Sequence[bool],
    differentiable: bool,
    every: bool,
) -> list[Any]:
    """The states of each direction: (B, T, units) of `every` step, or (B, 1, units) of the last.

    `differentiable` by all but the steps: every step then has a place of its own, in order.
    """
    kernels, count = KERNELS[cell], len(inputs)
    units = recurrent[0].shape[0]

    def shaped(found: Any, widths: Sequence[int]) -> list[Any]:
        arrays: list[Any] = tf.nest.flatten(found)
        for array, width in zip(arrays, widths, strict=True):
            array.set_shape((None, None, width * units))
        return arrays

    def forward(places: Any, lengths: Any, *arrays: Any) -> Arrays:
        read = Steps(places, lengths)
        return states_of(kernels, units, read, arrays, backwards, keep=differentiable, every=every)

    if not differentiable:
        given = [steps.places, steps.lengths, *inputs, *recurrent, *biases]
        found = tf.numpy_function(forward, given, [tf.float32] * count, stateful=False)
        return shaped(found, [1] * count)

    def backward(lengths: Any, *arrays: Any) -> Arrays:
        return slopes_of(kernels, units, lengths, arrays, backwards)

    @tf.custom_gradient
    def states(*given: Any) -> Any:
        widths = [1, *kernels.kept]
        found = tf.numpy_function(
            forward,
            [steps.places, steps.lengths, *given],
            [tf.float32] * (count * len(widths)),
            stateful=False,
        )
        found = shaped(found, widths * count)
        every = groups(found, len(widths))
        outputs = [one[0] for one in every]

        def gradient(*slopes: Any) -> list[Any]:
            needed = [item for one, dh in zip(every, slopes, strict=True) for item in (dh, *one)]
            back = tf.numpy_function(
                backward,
                [steps.lengths, *needed, *given[count : 2 * count]],
                [tf.float32] * (count * len(kernels.slopes)),
                stateful=False,
            )
            back = shaped(back, kernels.slopes * count)
            parts = groups(back, len(kernels.slopes))
            found = [
                weight_slopes(part, output, way)
                for part, output, way in zip(parts, outputs, backwards, strict=True)
            ]
            by_inputs = [tf.reshape(part[0], (-1, part[0].shape[-1])) for part in parts]
            return [*by_inputs, *(u for u, _ in found), *(b for _, b in found)]

        return outputs, gradient

    return list(states(*inputs, *recurrent, *biases))


def groups(items: list[Any], size: int) -> list[list[Any]]:
    """A list cut into lists of so many."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def weight_slopes(slopes: Sequence[Any], outputs: Any, backwards: bool) -> tuple[Any, Any]:
    """The slopes by U and by the inner bias, from those by the products of all steps."""
    by_product = slopes[0]
    units = outputs.shape[-1]
    if len(slopes) == 2:
        by_product = tf.concat([by_product[..., : 2 * units], slopes[1]], axis=-1)
    # The state before each step: after a row's end it is zero, which is where a row begins too.
    pads = [[0, 0], [0, 1], [0, 0]] if backwards else [[0, 0], [1, 0], [0, 0]]
    before = tf.pad(outputs[:, 1:] if backwards else outputs[:, :-1], pads)
    flat = tf.reshape(by_product, (-1, by_product.shape[-1]))
    by_recurrent = tf.matmul(tf.reshape(before, (-1, units)), flat, transpose_a=True)
    return by_recurrent, tf.reduce_sum(flat, axis=0)
