"""Keras' recurrent layers, computed by the kernels: the same weights, equations and dropout.

What is saved stays plain Keras; only how a layer's outputs and gradients are computed differs.
Lengths are used for the mask: sequences are padded on the right, so that padding comes after all
real steps, which a direction reading from the end then simply starts before.
"""

from collections.abc import Sequence
from typing import Any

from rnnbuild.models.framework import keras, tf
from rnnbuild.models.kernels.passes import Passes
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


def fused_outputs(layer: Any, inputs: Any, lengths: Any, training: bool) -> Any:
    """The layer's outputs for (B, T, width): (B, T, features), or (B, features) at the end.

    `lengths` are int32 (B,). Outputs after a row's length are zeros. Only in `training` are there
    gradients, and is anything saved for them.
    """
    return fused_outputs_and_state(layer, inputs, lengths, training, [])[0]


def fused_outputs_and_state(
    layer: Any, inputs: Any, lengths: Any, training: bool, state: Sequence[Any]
) -> tuple[Any, list[Any]]:
    """As `fused_outputs`, from an initial state: with the last state of each row.

    A state is one float32 (1, B, units) for each direction, h; or (2, B, units), an LSTM's h and c.
    It is differentiable, first and last.
    """
    cells = cells_of(layer)
    places = places_of_steps(tf.shape(inputs)[:2])
    flat = [tf.reshape(one, (-1, one.shape[-1])) for one in inputs_of(cells, inputs, training)]
    return run_kernels(layer, [places, lengths], flat, weights_of(cells), training, state)


def fused_outputs_of_products(
    layer: Any, products: Sequence[Any], places: Any, lengths: Any
) -> Any:
    """Like `fused_outputs` outside training, but given x·W: `products`, (N, columns) for each
    direction, and `places`, int32 (B, T), the row of each step among the N."""
    weights = weights_of(cells_of(layer))
    weights[::3] = [kernel[:0] for kernel in weights[::3]]
    return run_kernels(layer, [places, lengths], products, weights, False, [])[0]


def run_kernels(
    layer: Any,
    steps: Sequence[Any],
    inputs: Sequence[Any],
    weights: Sequence[Any],
    training: bool,
    state: Sequence[Any],
) -> tuple[Any, list[Any]]:
    """The merged outputs and the last state, from what `Passes` takes."""
    described = description_of(layer)
    assert described is not None
    passes = described.passes(carries_state=bool(state))
    outputs, *last = outputs_of(passes, steps, inputs, weights, training, state)
    outputs = outputs if described.return_sequences else outputs[:, 0]
    return described.merge(outputs, tf.split), last


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


def outputs_of(
    passes: Passes,
    steps: Sequence[Any],
    inputs: Sequence[Any],
    weights: Sequence[Any],
    training: bool,
    state: Sequence[Any],
) -> list[Any]:
    """h of all directions in a row, (B, T, features), or (B, 1, features) at the end; then the last
    states.

    `steps` are places and lengths. In `training` all are differentiable by inputs, weights and
    initial state.
    """
    features = sum(recurrent.shape[0] for recurrent in weights[1::3])
    arguments = [*inputs, *weights, *state]
    floats = [tf.float32] * (1 + len(state))

    def shaped(outputs: Any, *last: Any) -> list[Any]:
        outputs.set_shape((None, None if passes.return_sequences else 1, features))
        for one, first in zip(last, state, strict=True):
            one.set_shape(first.shape)
        return [outputs, *last]

    if not training:
        call = [*steps, *arguments]
        results = tf.numpy_function(passes.outputs, call, floats, stateful=False)
        return shaped(*tf.nest.flatten(results))

    @tf.custom_gradient
    def differentiable(*given: Any) -> Any:
        outputs, number, *last = tf.numpy_function(
            passes.forward,
            [*steps, *given],
            [tf.float32, tf.int64, *floats[1:]],
            stateful=False,
        )

        def gradient(*by_results: Any) -> list[Any]:
            gradients = tf.numpy_function(
                passes.backward,
                [number, *by_results, *steps, *given],
                [tf.float32] * len(given),
                stateful=False,
            )
            flat = tf.nest.flatten(gradients)
            for one, value in zip(flat, given, strict=True):
                one.set_shape(value.shape)
            return list(flat)

        return shaped(outputs, *last), gradient

    return list(tf.nest.flatten(differentiable(*arguments)))
