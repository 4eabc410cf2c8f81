"""The resolved config: every size known, and the model as one flat stack of layers.

Analysis, builder and code writer all walk this stack, so they cannot disagree about what stands
in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import (
    BatchNormalizationLayer,
    DenseLayer,
    DropoutLayer,
    LayerNormalizationLayer,
    RecurrentLayer,
    RepeatVectorLayer,
    SpatialDropoutLayer,
    StepDropoutLayer,
)
from rnnbuild.config.schema.model import EmbeddingConfig
from rnnbuild.tasks.facts import DataFacts, Task


@dataclass(frozen=True)
class MeanPooling:
    """The mean over the steps that are not padding: (steps, features) to (features)."""


@dataclass(frozen=True)
class MaxPooling:
    """The greatest value of each feature over the same steps."""


@dataclass(frozen=True)
class AttentionPooling:
    """The mean over the same steps, each weighted by its agreement with a learned vector."""


Pooling = MeanPooling | MaxPooling | AttentionPooling
POOLINGS: Mapping[str, Pooling] = {
    "mean": MeanPooling(),
    "max": MaxPooling(),
    "attention": AttentionPooling(),
}
"""The values of `model.pooling` that are a layer; `last` ends the sequence in a recurrent one."""


LayerSpec = (
    EmbeddingConfig
    | RecurrentLayer
    | DropoutLayer
    | SpatialDropoutLayer
    | StepDropoutLayer
    | LayerNormalizationLayer
    | BatchNormalizationLayer
    | DenseLayer
    | RepeatVectorLayer
    | Pooling
)


@dataclass(frozen=True)
class StackLayer:
    """One layer as it will stand in the Sequential model."""

    name: str
    """The Keras layer's name."""
    spec: LayerSpec
    return_sequences: bool = False
    """Of a recurrent layer: whether it answers at every step or once, at the end."""


@dataclass(frozen=True)
class ResolvedConfig:
    """A config in which every size is known; resolving `config` again gives the same."""

    config: Config
    """As written, with what followed from the data and the task filled in."""
    facts: DataFacts
    stack: tuple[StackLayer, ...]
    input_length: int
    """Steps of the longest example: costs are stated for it."""
    input_columns: int | None
    """Numbers per step; None where the input is ids for an embedding."""

    @property
    def task(self) -> Task:
        return self.facts.task
