"""`model.layers`: recurrent layers by their `cell`, the layers between them by their `kind`.

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


class TrainableArguments(Section):
    """What all layers with weights share."""

    trainable: bool = True
    """Whether the weights are trained; else they stay as they start."""
    thaw_after: PositiveInt | None = None
    """Epochs after which a layer with `trainable: false` is trained all the same."""


class RecurrentArguments(TrainableArguments):
    """What SimpleRNN, GRU and LSTM share, and the Bidirectional around them."""

    units: PositiveInt
    """How wide the layer's output is."""
    bidirectional: bool = False
    """Whether a second layer reads the sequence from its end."""
    merge_mode: Literal["concat", "sum", "mul", "ave"] = "concat"
    """How the two directions become one tensor."""
    activation: Activation = "tanh"
    """The function over the layer's output."""
    use_bias: bool = True
    """Whether a bias is added."""
    kernel_initializer: Initializer = GLOROT_UNIFORM
    """How the input weights start."""
    recurrent_initializer: Initializer = ORTHOGONAL
    """How the weights of the state start."""
    bias_initializer: VectorInitializer = ZEROS
    """How the bias starts."""
    kernel_regularizer: Regularizer | None = None
    """A penalty on the input weights."""
    recurrent_regularizer: Regularizer | None = None
    """A penalty on the weights of the state."""
    bias_regularizer: VectorRegularizer | None = None
    """A penalty on the bias."""
    kernel_constraint: Constraint | None = None
    """What the input weights must keep to."""
    recurrent_constraint: Constraint | None = None
    """What the weights of the state must keep to."""
    bias_constraint: Constraint | None = None
    """What the bias must keep to."""
    dropout: Share = 0.0
    """Share of the layer's inputs dropped, one mask for all steps."""
    recurrent_dropout: Share = 0.0
    """Share of the state dropped on its way to the next step."""
    go_backwards: bool = False
    """Read from the end; only where the sequence ends in this layer."""


class SimpleRNNLayer(RecurrentArguments):
    cell: Literal["simple_rnn"]
    """The plain recurrent layer, Keras' `SimpleRNN`."""


class GatedArguments(RecurrentArguments):
    """What GRU and LSTM share besides."""

    recurrent_activation: Activation = "sigmoid"
    """The function over the gates."""
    activity_regularizer: VectorRegularizer | None = None
    """Penalty on the layer's output. Keras' SimpleRNN takes it too, but never applies it."""


class GRULayer(GatedArguments):
    cell: Literal["gru"]
    """The gated recurrent unit, Keras' `GRU`."""
    reset_after: bool = True
    """The reset gate comes after the recurrent product (as in cuDNN) or before (textbooks)."""


class LSTMLayer(GatedArguments):
    cell: Literal["lstm"]
    """Long short-term memory, Keras' `LSTM`."""
    unit_forget_bias: bool = True
    """Start the forget gate's bias at one (Jozefowicz et al., 2015)."""


class DropoutLayer(Section):
    kind: Literal["dropout"]
    """Drops single numbers in training."""
    rate: Share
    """Share of the numbers dropped, each on its own."""


class SpatialDropoutLayer(Section):
    kind: Literal["spatial_dropout"]
    """Drops whole features in training."""
    rate: Share
    """Share of the features dropped, each over all steps at once."""


class StepDropoutLayer(Section):
    kind: Literal["step_dropout"]
    """Drops whole steps in training."""
    rate: Share
    """Share of the steps dropped, each with all its features: of a text, whole words."""


class NormalizationArguments(TrainableArguments):
    epsilon: PositiveFloat = 1e-3
    """Added to the variance, so that nothing is divided by 0."""
    center: bool = True
    """Whether a learned `beta` is added."""
    scale: bool = True
    """Whether a learned `gamma` is multiplied by."""
    beta_initializer: VectorInitializer = ZEROS
    """How `beta` starts."""
    gamma_initializer: VectorInitializer = ONES
    """How `gamma` starts."""
    beta_regularizer: VectorRegularizer | None = None
    """A penalty on `beta`."""
    gamma_regularizer: VectorRegularizer | None = None
    """A penalty on `gamma`."""
    beta_constraint: Constraint | None = None
    """What `beta` must keep to."""
    gamma_constraint: Constraint | None = None
    """What `gamma` must keep to."""


class LayerNormalizationLayer(NormalizationArguments):
    kind: Literal["layer_normalization"]
    """Normalises each step over its features."""


class BatchNormalizationLayer(NormalizationArguments):
    kind: Literal["batch_normalization"]
    """Normalises each feature over the batch."""
    momentum: Annotated[float, Field(gt=0, lt=1)] = 0.99
    """How slowly the running mean and variance forget."""
    moving_mean_initializer: VectorInitializer = ZEROS
    """How the running mean starts."""
    moving_variance_initializer: VectorInitializer = ONES
    """How the running variance starts."""


class DenseArguments(TrainableArguments):
    use_bias: bool = True
    """Whether a bias is added."""
    kernel_initializer: Initializer = GLOROT_UNIFORM
    """How the input weights start."""
    bias_initializer: VectorInitializer = ZEROS
    """How the bias starts."""
    kernel_regularizer: Regularizer | None = None
    """A penalty on the input weights."""
    bias_regularizer: VectorRegularizer | None = None
    """A penalty on the bias."""
    activity_regularizer: VectorRegularizer | None = None
    """A penalty on the layer's output."""
    kernel_constraint: Constraint | None = None
    """What the input weights must keep to."""
    bias_constraint: Constraint | None = None
    """What the bias must keep to."""


class DenseLayer(DenseArguments):
    """Applied at every step while there is a sequence, else to the one vector that is left."""

    kind: Literal["dense"]
    """A fully connected layer."""
    units: PositiveInt
    """How wide the layer's output is."""
    activation: Activation = "linear"
    """The function over the layer's output."""


class RepeatVectorLayer(Section):
    """The border between an encoder and its decoder: one vector, given to every step of it.

    The recurrent layer before it answers once, at its end; those after it answer at every step.
    """

    kind: Literal["repeat_vector"]
    """The border between an encoder and its decoder."""
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
OtherLayer = (
    DropoutLayer
    | SpatialDropoutLayer
    | StepDropoutLayer
    | LayerNormalizationLayer
    | BatchNormalizationLayer
    | DenseLayer
    | RepeatVectorLayer
)


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
