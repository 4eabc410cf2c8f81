"""Keras' recurrent layers, computed by the kernels: the same weights, equations and dropout.

What is saved stays plain Keras; only how a layer's outputs and gradients are computed differs.
Lengths are used for the mask: sequences are padded on the right, so that padding comes after all
real steps, which a direction reading from the end then simply starts before.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from rnnbuild.models.framework import keras, tf
from rnnbuild.models.kernels.passes import ALL_WANTED, Passes, Wanted
from rnnbuild.models.recurrent import RecurrentLayer, recurrent_layer_of, why_not_in_kernels


def description_of(layer: Any) -> RecurrentLayer | None:
    """A Keras layer as `models/recurrent.py` describes it; None where it is not recurrent."""
    return recurrent_layer_of(type(layer).__name__, layer.get_config()) if cells_of(layer) else None


def is_fused(layer: Any) -> bool:
    """Whether it is a recurrent layer that the kernels train."""
    described = description_of(layer)
    return described is not None and why_not_in_kernels(described) is None


def cells_of(layer: Any) -> list[Any]:
    """The cells of a recurrent layer's directions; none of any other layer."""
    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer.cell, layer.backward_layer.cell]
    return [layer.cell] if isinstance(layer, keras.layers.RNN) else []


def wanted_gradients(layers: Iterable[Any]) -> Mapping[str, Wanted]:
    """The gradients that a step of training needs of each layer of a Sequential, by its name.

    With respect to its weights unless it is frozen; with respect to its inputs if a layer below it
    is trained. `layers` are all of the model's, the lowest first.
    """
    wanted, below = {}, False
    for layer in layers:
        trained = bool(layer.trainable_variables)
        wanted[layer.name] = Wanted(inputs=below, weights=trained)
        below |= trained
    return wanted


def fused_outputs(
    layer: Any, inputs: Any, lengths: Any, training: bool, wanted: Wanted = ALL_WANTED
) -> Any:
    """The layer's outputs for (B, T, width): (B, T, features), or (B, features) at the end.

    `lengths` are int32 (B,). Outputs after a row's length are zeros. Only in `training` are there
    gradients, those that are `wanted`, and is anything saved for them.
    """
    return fused_outputs_and_state(layer, inputs, lengths, training, [], wanted)[0]


def fused_outputs_and_state(
    layer: Any,
    inputs: Any,
    lengths: Any,
    training: bool,
    state: Sequence[Any],
    wanted: Wanted = ALL_WANTED,
) -> tuple[Any, list[Any]]:
    """As `fused_outputs`, from an initial state: with the last state of each row.

    A state is one float32 (1, B, units) for each direction, h; or (2, B, units), an LSTM's h and c.
    It is differentiable, first and last.
    """
    described = description_of(layer)
    assert described is not None
    steps, flat = arguments_of_steps(layer, inputs, lengths, training)
    passes = described.passes(carries_state=bool(state), wanted=wanted)
    differentiable = training and any(wanted)
    compute = differentiable_outputs if differentiable else undifferentiable_outputs
    outputs, *last = compute(passes, steps, flat, weights_of(cells_of(layer)), state)
    return described.merged(outputs, tf.split), last


def fused_outputs_of_products(
    layer: Any, products: Sequence[Any], places: Any, lengths: Any
) -> Any:
    """Like `fused_outputs` outside training, but given x·W: `products`, (N, columns) for each
    direction, and `places`, int32 (B, T), the row of each step among the N."""
    described = description_of(layer)
    assert described is not None
    weights = weights_of(cells_of(layer))
    weights[::3] = [kernel[:0] for kernel in weights[::3]]
    steps = [places, lengths]
    (outputs,) = undifferentiable_outputs(described.passes(), steps, products, weights, [])
    return described.merged(outputs, tf.split)


def arguments_of_steps(
    layer: Any, inputs: Any, lengths: Any, training: bool
) -> tuple[list[Any], list[Any]]:
    """What `Passes` takes of inputs (B, T, width): places and lengths; then the inputs, one for
    all directions or one for each, (B · T, width)."""
    flat = inputs_of(cells_of(layer), inputs, training)
    places = places_of_steps(tf.shape(inputs)[:2])
    return [places, lengths], [tf.reshape(one, (-1, one.shape[-1])) for one in flat]


def places_of_steps(shape: Any) -> Any:
    """Each step of a batch as a row of its own, int32 (B, T)."""
    return tf.reshape(tf.range(shape[0] * shape[1]), shape)


def inputs_of(cells: Sequence[Any], inputs: Any, training: bool) -> list[Any]:
    """The inputs of each direction, (B, T, width): one, unless dropout makes them differ."""
    if not training or not any(cell.dropout for cell in cells):
        return [inputs]
    return [with_dropout(cell, inputs) for cell in cells]


def with_dropout(cell: Any, inputs: Any) -> Any:
    """A cell's own dropout, drawn as Keras does from its seed: one mask for all steps of a row."""
    if not cell.dropout:
        return inputs
    mask = keras.random.dropout(tf.ones_like(inputs[:, 0]), cell.dropout, seed=cell.seed_generator)
    return inputs * mask[:, tf.newaxis]


def weights_of(cells: Sequence[Any]) -> list[Any]:
    """W, U and the biases of each cell in a row; zeros where it has no biases."""
    return [
        tensor
        for cell in cells
        for tensor in (cell.kernel.value, cell.recurrent_kernel.value, bias_of(cell))
    ]


def bias_of(cell: Any) -> Any:
    """A cell's biases, (columns,), or (2, columns) for a GRU; zeros where it has none."""
    if cell.use_bias:
        return cell.bias.value
    columns = cell.kernel.shape[1]
    return tf.zeros((2, columns) if hasattr(cell, "reset_after") else columns)


class BothWays(Protocol):
    """The forward and backward pass of a layer's directions: `Passes`, or who calls them."""

    @property
    def outputs_shape(self) -> tuple[int | None, ...]:
        """The shape of the outputs."""

    @property
    def wanted(self) -> Wanted:
        """The gradients that `backward` gives."""

    def forward(self, *arguments: Any) -> list[Any]:
        """See `Passes.forward`."""

    def backward(self, *arguments: Any) -> list[Any]:
        """See `Passes.backward`."""


def undifferentiable_outputs(
    passes: Passes,
    steps: Sequence[Any],
    inputs: Sequence[Any],
    weights: Sequence[Any],
    state: Sequence[Any],
) -> list[Any]:
    """h of all directions in a row, (B, T, features), or (B, 1, features) at the end; then the last
    states.

    `steps` are places and lengths; what follows is what `Passes` takes next, in this order.
    """
    floats = [tf.float32] * (1 + len(state))
    given = [*steps, *inputs, *weights, *state]
    results = tf.numpy_function(passes.outputs, given, floats, stateful=False)
    return with_shapes(passes, tf.nest.flatten(results), state)


def differentiable_outputs(
    passes: BothWays,
    steps: Sequence[Any],
    inputs: Sequence[Any],
    weights: Sequence[Any],
    state: Sequence[Any],
) -> list[Any]:
    """As `undifferentiable_outputs`, but with the gradients that are wanted, and those by the
    state."""
    by_inputs, by_weights = passes.wanted
    has_gradient = [
        *([by_inputs] * len(inputs)),
        *([by_weights] * len(weights)),
        *([True] * len(state)),
    ]

    @tf.custom_gradient
    def differentiable(*given: Any) -> Any:
        outputs, number, *last = tf.numpy_function(
            passes.forward,
            [*steps, *given],
            [tf.float32, tf.int64, *(tf.float32 for _ in state)],
            stateful=False,
        )

        def gradient(*by_results: Any) -> list[Any]:
            gradients = tf.numpy_function(
                passes.backward,
                [number, *by_results, *steps, *given],
                [tf.float32] * sum(has_gradient),
                stateful=False,
            )
            left = iter(tf.nest.flatten(gradients))
            every = [next(left) if wanted else None for wanted in has_gradient]
            for one, value in zip(every, given, strict=True):
                if one is not None:
                    one.set_shape(value.shape)
            return every

        return with_shapes(passes, [outputs, *last], state), gradient

    return list(tf.nest.flatten(differentiable(*inputs, *weights, *state)))


def with_shapes(passes: BothWays, results: Sequence[Any], state: Sequence[Any]) -> list[Any]:
    """Outputs and last states, with the shapes that TensorFlow cannot see in them."""
    outputs, *last = results
    outputs.set_shape(passes.outputs_shape)
    for one, first in zip(last, state, strict=True):
        one.set_shape(first.shape)
    return [outputs, *last]
