"""`model.layers`: recurrent layers by their `cell`, what stands between them by its `kind`.

Arguments and defaults are Keras' own (keras/src/layers/rnn, core, normalization, regularization).
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from rnnbuild.config.schema.base import PositiveFloat, PositiveInt, Section, Share
from rnnbuild.config.schema.choices import (
    Activation,
    Constraint,
    Initializer,
    MatrixInitializer,
    PlainInitializer,
    Regularizer,
    VectorInitializer,
    VectorRegularizer,
)

GLOROT_UNIFORM = PlainInitializer.model_construct(name="glorot_uniform")
ZEROS = PlainInitializer.model_construct(name="zeros")
ONES = PlainInitializer.model_construct(name="ones")
ORTHOGONAL = MatrixInitializer.model_construct(name="orthogonal")


class RecurrentArguments(Section):
    """What SimpleRNN, GRU and LSTM share, and the Bidirectional around them."""

    units: PositiveInt
    bidirectional: bool = False
    merge_mode: Literal["concat", "sum", "mul", "ave"] = "concat"
    """How the two directions become one tensor."""
    activation: Activation = "tanh"
    use_bias: bool = True
    kernel_initializer: Initializer = GLOROT_UNIFORM
    recurrent_initializer: Initializer = ORTHOGONAL
    bias_initializer: VectorInitializer = ZEROS
    kernel_regularizer: Regularizer | None = None
    recurrent_regularizer: Regularizer | None = None
    bias_regularizer: VectorRegularizer | None = None
    kernel_constraint: Constraint | None = None
    recurrent_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None
    dropout: Share = 0.0
    """Share of the layer's inputs dropped, one mask for all steps."""
    recurrent_dropout: Share = 0.0
    """Share of the state dropped on its way to the next step."""
    go_backwards: bool = False
    """Read from the end; only where the sequence ends in this layer."""


class SimpleRNNLayer(RecurrentArguments):
    cell: Literal["simple_rnn"]


class GatedArguments(RecurrentArguments):
    """What GRU and LSTM share besides."""

    recurrent_activation: Activation = "sigmoid"
    activity_regularizer: VectorRegularizer | None = None
    """Of the layer's output. Keras' SimpleRNN takes it too, but never applies it."""


class GRULayer(GatedArguments):
    cell: Literal["gru"]
    reset_after: bool = True
    """The reset gate comes after the recurrent product (as in cuDNN) or before (textbooks)."""


class LSTMLayer(GatedArguments):
    cell: Literal["lstm"]
    unit_forget_bias: bool = True
    """Start the forget gate's bias at one (Jozefowicz et al., 2015)."""


class DropoutLayer(Section):
    kind: Literal["dropout"]
    rate: Share


class SpatialDropoutLayer(Section):
    kind: Literal["spatial_dropout"]
    rate: Share
    """Share of the features dropped, each over all steps at once."""


class StepDropoutLayer(Section):
    kind: Literal["step_dropout"]
    rate: Share
    """Share of the steps dropped, each with all its features: of a text, whole words."""


class NormalizationArguments(Section):
    epsilon: PositiveFloat = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: VectorInitializer = ZEROS
    gamma_initializer: VectorInitializer = ONES
    beta_regularizer: VectorRegularizer | None = None
    gamma_regularizer: VectorRegularizer | None = None
    beta_constraint: Constraint | None = None
    gamma_constraint: Constraint | None = None


class LayerNormalizationLayer(NormalizationArguments):
    kind: Literal["layer_normalization"]


class BatchNormalizationLayer(NormalizationArguments):
    kind: Literal["batch_normalization"]
    momentum: Annotated[float, Field(gt=0, lt=1)] = 0.99
    moving_mean_initializer: VectorInitializer = ZEROS
    moving_variance_initializer: VectorInitializer = ONES


class DenseArguments(Section):
    use_bias: bool = True
    kernel_initializer: Initializer = GLOROT_UNIFORM
    bias_initializer: VectorInitializer = ZEROS
    kernel_regularizer: Regularizer | None = None
    bias_regularizer: VectorRegularizer | None = None
    activity_regularizer: VectorRegularizer | None = None
    kernel_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None


class DenseLayer(DenseArguments):
    """Applied at every step while there is a sequence, else to the one vector that is left."""

    kind: Literal["dense"]
    units: PositiveInt
    activation: Activation = "linear"


class RepeatVectorLayer(Section):
    """The border between an encoder and its decoder: one vector, given to every step of it.

    The recurrent layer before it answers once, at its end; those after it answer at every step.
    """

    kind: Literal["repeat_vector"]
    n: PositiveInt | None = None
    """Steps that the decoder answers at; follows from the longest training target."""


RECURRENT_LAYERS: dict[str, type[RecurrentArguments]] = {
    "simple_rnn": SimpleRNNLayer,
    "gru": GRULayer,
    "lstm": LSTMLayer,
}
OTHER_LAYERS: dict[str, type[Section]] = {
    "dropout": DropoutLayer,
    "spatial_dropout": SpatialDropoutLayer,
    "step_dropout": StepDropoutLayer,
    "layer_normalization": LayerNormalizationLayer,
    "batch_normalization": BatchNormalizationLayer,
    "dense": DenseLayer,
    "repeat_vector": RepeatVectorLayer,
}

RecurrentLayer = SimpleRNNLayer | GRULayer | LSTMLayer


def layer_tag(value: Any) -> str | None:
    """What a layer is: its `cell`, or else its `kind`; None where it names neither.

    A cell that is none, or a kind that is none, gives a tag that no layer has.
    """
    if isinstance(value, BaseModel):
        return str(getattr(value, "cell", None) or getattr(value, "kind", None))
    if not isinstance(value, dict):
        return None
    for key, known in (("cell", RECURRENT_LAYERS), ("kind", OTHER_LAYERS)):
        if key in value:
            tag = value[key]
            return tag if isinstance(tag, str) and tag in known else f"{key} {tag}"
    return None


Layer = Annotated[
    Annotated[SimpleRNNLayer, Tag("simple_rnn")]
    | Annotated[GRULayer, Tag("gru")]
    | Annotated[LSTMLayer, Tag("lstm")]
    | Annotated[DropoutLayer, Tag("dropout")]
    | Annotated[SpatialDropoutLayer, Tag("spatial_dropout")]
    | Annotated[StepDropoutLayer, Tag("step_dropout")]
    | Annotated[LayerNormalizationLayer, Tag("layer_normalization")]
    | Annotated[BatchNormalizationLayer, Tag("batch_normalization")]
    | Annotated[DenseLayer, Tag("dense")]
    | Annotated[RepeatVectorLayer, Tag("repeat_vector")],
    Discriminator(layer_tag),
]
