"""The Keras class that each layer becomes, which builder, tables and archives name."""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnbuild.config.schema.layers import (
    BatchNormalizationLayer,
    DenseLayer,
    DropoutLayer,
    GRULayer,
    LayerNormalizationLayer,
    LSTMLayer,
    RepeatVectorLayer,
    SimpleRNNLayer,
    SpatialDropoutLayer,
    StepDropoutLayer,
)
from rnnbuild.config.schema.model import EmbeddingConfig
from rnnbuild.config.stack import AttentionPooling, MaxPooling, MeanPooling


@dataclass(frozen=True)
class LayerClass:
    """A Keras class, or one of this package where Keras lacks it."""

    path: str
    """Inside `keras`, or inside `rnnbuild.models`."""
    takes_seed: bool = False
    inert: bool = False
    """Whether it does nothing outside training."""

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


LAYER_CLASSES: Mapping[type, LayerClass] = {
    EmbeddingConfig: LayerClass("layers.Embedding"),
    SimpleRNNLayer: LayerClass("layers.SimpleRNN", takes_seed=True),
    GRULayer: LayerClass("layers.GRU", takes_seed=True),
    LSTMLayer: LayerClass("layers.LSTM", takes_seed=True),
    DropoutLayer: LayerClass("layers.Dropout", takes_seed=True, inert=True),
    SpatialDropoutLayer: LayerClass("layers.SpatialDropout1D", takes_seed=True, inert=True),
    StepDropoutLayer: LayerClass("layers.Dropout", takes_seed=True, inert=True),
    LayerNormalizationLayer: LayerClass("layers.LayerNormalization"),
    BatchNormalizationLayer: LayerClass("layers.BatchNormalization"),
    DenseLayer: LayerClass("layers.Dense"),
    RepeatVectorLayer: LayerClass("layers.RepeatVector"),
    MeanPooling: LayerClass("layers.GlobalAveragePooling1D"),
    MaxPooling: LayerClass("pooling.MaskedMaxPooling"),
    AttentionPooling: LayerClass("pooling.AttentionPooling"),
}
INERT = frozenset({"InputLayer", *(layer.name for layer in LAYER_CLASSES.values() if layer.inert)})
"""Names of the classes that do nothing outside training."""
