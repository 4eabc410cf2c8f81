"""What each kind of layer makes of its input: one function a kind, chosen by the spec's type."""

from collections.abc import Callable
from math import prod
from typing import NamedTuple

from rnnbuild.analysis.cells import cell_of, multiply_adds, parameters
from rnnbuild.analysis.memory import FLOAT, derivative_needs
from rnnbuild.config.schema.layers import (
    BatchNormalizationLayer,
    DenseLayer,
    DropoutLayer,
    GRULayer,
    LayerNormalizationLayer,
    LSTMLayer,
    RecurrentLayer,
    RepeatVectorLayer,
    SimpleRNNLayer,
    SpatialDropoutLayer,
    StepDropoutLayer,
)
from rnnbuild.config.schema.model import EmbeddingConfig
from rnnbuild.config.stack import AttentionPooling, MaxPooling, MeanPooling, StackLayer

Shape = tuple[int, ...]
"""The shape of one example: (steps, features), or (features,) once the sequence has ended."""


class Made(NamedTuple):
    """A layer's output and what computing it takes; bytes held as `analysis.memory` defines."""

    output_shape: Shape
    trainable: int = 0
    """Parameters that are trained, unless the layer is frozen."""
    non_trainable: int = 0
    multiply_adds: int = 0
    held: int = 0
    """Bytes inside the layer that its own derivatives read."""
    new_values: int = 0
    """Numbers of the output that `held` has not counted and that are no copies of the input."""
    output_read: bool = False
    """Whether the layer's own derivative reads its output."""
    input_read: bool | None = False
    """Whether it reads its input; None where the output is the input itself."""


def embedding(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, EmbeddingConfig) and spec.input_dim is not None
    count = spec.input_dim * spec.output_dim
    (steps,) = shape
    return Made(
        output_shape=(steps, spec.output_dim),
        trainable=count,
        new_values=steps * spec.output_dim,
    )


def recurrent(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, RecurrentLayer)
    cell = cell_of(spec)
    steps, width = shape
    directions = 2 if spec.bidirectional else 1
    concat = spec.bidirectional and spec.merge_mode == "concat"
    features = spec.units * 2 if concat else spec.units
    output_shape = (steps, features) if layer.return_sequences else (features,)
    return Made(
        output_shape=output_shape,
        trainable=directions * parameters(cell, width, spec.units, spec.use_bias),
        multiply_adds=directions * steps * multiply_adds(cell, width, spec.units),
        held=FLOAT * directions * recurrent_values(spec, steps, width),
        # A sum, mean or product of the two directions is a new tensor; else it is their states.
        new_values=prod(output_shape) if spec.bidirectional and not concat else 0,
        # Once the input is masked by dropout, the matrix products read the masked one.
        input_read=spec.dropout == 0,
    )


def recurrent_values(spec: RecurrentLayer, steps: int, width: int) -> int:
    """Numbers that one direction's derivatives read, its states among them."""
    cell = cell_of(spec)
    per_step = len(kept_values(spec)) * spec.units
    # With recurrent dropout GRU and LSTM mask input and state anew for every block.
    masks = len(cell.blocks) if spec.recurrent_dropout else 1
    once = 0
    if spec.dropout:
        once += masks * width
        per_step += masks * width
    if spec.recurrent_dropout:
        once += masks * spec.units
        per_step += masks * spec.units
    return steps * per_step + once


def kept_values(spec: RecurrentLayer) -> tuple[str, ...]:
    """Names of the values of one step, `units` numbers each, that the derivatives read."""
    cell = cell_of(spec)
    values = [value.format(activation=spec.activation) for value in cell.saved]
    if spec.activation == "linear":
        values = [value for value in values if not value.startswith("linear(")]
    for block in cell.blocks:
        if derivative_needs(getattr(spec, block.activation)) == "input":
            values.append(f"the sum inside {block.symbol}")
    return tuple(values)


def dropout(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, DropoutLayer)
    if spec.rate == 0:
        return Made(shape, input_read=None)
    return Made(shape, held=prod(shape), new_values=prod(shape))


def spatial_dropout(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, SpatialDropoutLayer)
    if spec.rate == 0:
        return Made(shape, input_read=None)
    return Made(shape, held=shape[-1], new_values=prod(shape))


def step_dropout(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, StepDropoutLayer)
    if spec.rate == 0:
        return Made(shape, input_read=None)
    return Made(shape, held=shape[0], new_values=prod(shape))


def layer_normalization(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, LayerNormalizationLayer)
    # Keras computes x·(γ/σ) + (β − μ·γ/σ): of each vector μ, −μ and 1/σ, and γ/σ as wide as x.
    values = 3 * prod(shape[:-1]) + (prod(shape) if spec.scale else 0)
    return Made(
        output_shape=shape,
        trainable=(spec.scale + spec.center) * shape[-1],
        held=FLOAT * values,
        new_values=prod(shape),
        input_read=True,
    )


def batch_normalization(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, BatchNormalizationLayer)
    # In a sequence the variance leaves padding out, so Keras takes it from deviations x − μ.
    deviations = prod(shape) if len(shape) > 1 else 0
    return Made(
        output_shape=shape,
        trainable=(spec.scale + spec.center) * shape[-1],
        non_trainable=2 * shape[-1],
        held=FLOAT * deviations,
        new_values=prod(shape),
        input_read=True,
    )


def dense(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, DenseLayer)
    width = shape[-1]
    output_shape = (*shape[:-1], spec.units)
    reads = derivative_needs(spec.activation)
    return Made(
        output_shape=output_shape,
        trainable=width * spec.units + (spec.units if spec.use_bias else 0),
        multiply_adds=prod(shape) * spec.units,
        held=FLOAT * prod(output_shape) if reads == "input" else 0,
        new_values=prod(output_shape),
        output_read=reads == "output",
        input_read=True,
    )


def repeat_vector(layer: StackLayer, shape: Shape) -> Made:
    spec = layer.spec
    assert isinstance(spec, RepeatVectorLayer) and spec.n is not None
    # Every step is a copy of the one vector, which was counted where it was made.
    return Made(output_shape=(spec.n, *shape), input_read=None)


def mean_pooling(layer: StackLayer, shape: Shape) -> Made:
    return Made(output_shape=shape[-1:], new_values=shape[-1])


def max_pooling(layer: StackLayer, shape: Shape) -> Made:
    # Its derivative compares the input with the output, which is a choice of the same numbers.
    return Made(output_shape=shape[-1:], input_read=True)


def attention_pooling(layer: StackLayer, shape: Shape) -> Made:
    steps, width = shape
    return Made(
        output_shape=(width,),
        trainable=width * width + 2 * width,
        multiply_adds=steps * width * (width + 2),
        # The tanh of every step, and the steps' weights.
        held=FLOAT * steps * (width + 1),
        new_values=width,
        input_read=True,
    )


COSTS: dict[type, Callable[[StackLayer, Shape], Made]] = {
    EmbeddingConfig: embedding,
    SimpleRNNLayer: recurrent,
    GRULayer: recurrent,
    LSTMLayer: recurrent,
    DropoutLayer: dropout,
    SpatialDropoutLayer: spatial_dropout,
    StepDropoutLayer: step_dropout,
    LayerNormalizationLayer: layer_normalization,
    BatchNormalizationLayer: batch_normalization,
    DenseLayer: dense,
    RepeatVectorLayer: repeat_vector,
    MeanPooling: mean_pooling,
    MaxPooling: max_pooling,
    AttentionPooling: attention_pooling,
}
