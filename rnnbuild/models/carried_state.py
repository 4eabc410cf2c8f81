"""The state that recurrent layers carry from one step of training to the next.

This is truncated backpropagation through time (Williams and Peng 1990): a batch's rows go on where
the rows of the batch before ended, and gradients stop there. The model itself stays stateless, and
so does what is saved of it: state enters and leaves a layer while a step is traced, and is in
variables of its own between steps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from rnnbuild.models.descent import LayerOutputs
from rnnbuild.models.framework import tf
from rnnbuild.models.fused import (
    description_of,
    fused_outputs_and_state,
    is_fused,
    wanted_gradients,
)
from rnnbuild.models.kernels.passes import Wanted
from rnnbuild.models.recurrent import RecurrentLayer


@dataclass(frozen=True, eq=False)
class LayerState:
    """The last state of each row in a layer of one direction.

    variable: float32 (1 or 2, rows, units): h, and an LSTM's c
    """

    variable: Any

    def carried(self, inputs: Any, compute: Callable[[list[Any]], tuple[Any, list[Any]]]) -> Any:
        """The layer's outputs for B rows of inputs, (B, ...), B at most `rows`.

        `compute` returns outputs and last state, given the initial one: a state is a list of the
        one direction's, (1 or 2, B, units).
        """
        rows = tf.shape(inputs)[0]
        # Variables are not watched, so no gradient goes further back than this.
        outputs, (last,) = compute([self.variable[:, :rows]])
        self.variable[:, :rows].assign(last)
        return outputs

    def reset(self) -> None:
        """Set all to zero."""
        self.variable.assign(tf.zeros_like(self.variable))


CarriedState = Mapping[str, LayerState]
"""The state of each recurrent layer, by the layer's name; empty where none is carried."""


def carried_state_of(model: Any, rows: int) -> CarriedState:
    """A state of zeros for a number of rows.

    Raises ValueError if a layer reads backwards: its state would be carried to the end of the rows.
    """
    return {
        layer.name: LayerState(tf.Variable(tf.zeros(shape_of(described, rows)), trainable=False))
        for layer in model.layers
        if (described := description_of(layer)) is not None
    }


def shape_of(layer: RecurrentLayer, rows: int) -> tuple[int, int, int]:
    """The shape of a state of so many rows."""
    direction, *others = layer.directions
    if others or direction.arguments["go_backwards"]:
        raise ValueError("a state is carried in one direction, forward")
    count, units = direction.state_shape
    return count, rows, units


def carrying_layers(model: Any, carried: CarriedState, fused: bool) -> dict[str, LayerOutputs]:
    """What computes each recurrent layer in training where its state is carried, by the layer's
    name: `fused`, the kernels where they know the layer; else Keras."""
    wanted = wanted_gradients(model.layers)
    return {
        layer.name: carrying(
            layer,
            carried[layer.name],
            partial(fused_from_state, wanted[layer.name])
            if fused and is_fused(layer)
            else keras_from_state,
        )
        for layer in model.layers
        if layer.name in carried
    }


def carrying(layer: Any, state: LayerState, compute: Callable[..., Any]) -> LayerOutputs:
    """A layer's outputs, computed from the state that the last call left."""
    return lambda inputs, lengths: state.carried(
        inputs, lambda first: compute(layer, inputs, lengths, first)
    )


def fused_from_state(
    wanted: Wanted, layer: Any, inputs: Any, lengths: Any, first: list[Any]
) -> tuple[Any, list[Any]]:
    """Outputs and last state in training, by the kernels."""
    return fused_outputs_and_state(layer, inputs, lengths, True, first, wanted)


def keras_from_state(
    layer: Any, inputs: Any, lengths: Any, first: list[Any]
) -> tuple[Any, list[Any]]:
    """Outputs and last state in training, by Keras, whose layers return their state only if they
    are built to: so this one is, while it is called."""
    mask = tf.sequence_mask(lengths, tf.shape(inputs)[1])
    regularizer = layer.activity_regularizer
    layer.return_state, layer.activity_regularizer = True, None
    try:
        initial = tf.unstack(first[0])
        outputs, *last = layer(inputs, initial_state=initial, mask=mask, training=True)
    finally:
        layer.return_state, layer.activity_regularizer = False, regularizer
    if regularizer is not None:
        # Keras would apply it to the state too, which it takes for more outputs.
        layer.add_loss(regularizer(outputs) / tf.cast(tf.shape(outputs)[0], outputs.dtype))
    return outputs, [tf.stack(last)]
