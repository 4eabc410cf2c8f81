"""`model`: the embedding, the stack of layers, what becomes of the sequence, and the head."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rnnbuild.config.schema.base import Plural, PositiveInt, Section, Share
from rnnbuild.config.schema.choices import (
    Activation,
    Constraint,
    Initializer,
    Regularizer,
    UniformInitializer,
)
from rnnbuild.config.schema.layers import DenseArguments, Layer, TrainableArguments

UNIFORM = UniformInitializer.model_construct(name="uniform")


class EmbeddingConfig(TrainableArguments):
    input_dim: Plural | None = None
    """Rows of the table, padding (0) and unknown (1) included; follows from the data."""
    output_dim: PositiveInt
    """Numbers in the vector of each word."""
    embeddings_initializer: Initializer = UNIFORM
    """How the vectors start."""
    embeddings_regularizer: Regularizer | None = None
    """A penalty on the vectors."""
    embeddings_constraint: Constraint | None = None
    """What the vectors must keep to."""
    pretrained: str | None = None
    """A file of word vectors to start from (word2vec as text, GloVe, fastText's `.vec`)."""
    dropout: Share = 0.0
    """Share of the embedded numbers dropped, each on its own."""


def hidden_units(value: Any) -> Any:
    """`32` as the mapping it is short for."""
    return {"units": value} if isinstance(value, int) and not isinstance(value, bool) else value


class HiddenConfig(DenseArguments):
    units: PositiveInt
    """How wide the layer's output is."""
    activation: Activation = "relu"
    """The function over the layer's output."""


Hidden = Annotated[
    HiddenConfig, BeforeValidator(hidden_units, json_schema_input_type=PositiveInt | HiddenConfig)
]


class HeadConfig(DenseArguments):
    """The last Dense layer, and any hidden ones before it."""

    units: PositiveInt | None = None
    """Follows from the labels or the horizon."""
    activation: Activation | None = None
    """Follows from the task: sigmoid for two labels, softmax for more, linear for numbers."""
    hidden: Annotated[
        tuple[Hidden, ...],
        Field(strict=False),
    ] = ()
    """Dense layers before the last one: their units, or mappings."""


class ModelConfig(Section):
    embedding: EmbeddingConfig | None = None
    """The vectors that ids of words become; without it, steps are numbers already."""
    layers: Annotated[tuple[Layer, ...], Field(strict=False, min_length=1)]
    """Recurrent layers by their `cell`, and the layers between them by their `kind`."""
    pooling: Literal["last", "mean", "max", "attention"] | None = None
    """What becomes of the sequence: its last step, or the mean, the greatest value of each feature
    or a learned weighted mean over its steps."""
    head: HeadConfig = HeadConfig.model_construct()
    """The last Dense layer, which answers."""
    input_columns: PositiveInt | None = None
    """Numbers of each step, where no data says so and there is no embedding."""
    input_length: PositiveInt | None = None
    """Steps per example, where no data says so: multiply-adds and memory depend on them."""
