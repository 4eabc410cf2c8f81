"""The Keras class that each layer becomes, which builder, tables and archives name."""

from collections.abc import Mapping

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

LAYER_CLASSES: Mapping[type, str] = {
    EmbeddingConfig: "layers.Embedding",
    SimpleRNNLayer: "layers.SimpleRNN",
    GRULayer: "layers.GRU",
    LSTMLayer: "layers.LSTM",
    DropoutLayer: "layers.Dropout",
    SpatialDropoutLayer: "layers.SpatialDropout1D",
    StepDropoutLayer: "layers.Dropout",
    LayerNormalizationLayer: "layers.LayerNormalization",
    BatchNormalizationLayer: "layers.BatchNormalization",
    DenseLayer: "layers.Dense",
    RepeatVectorLayer: "layers.RepeatVector",
    MeanPooling: "layers.GlobalAveragePooling1D",
    MaxPooling: "pooling.MaskedMaxPooling",
    AttentionPooling: "pooling.AttentionPooling",
}
"""Where each class is found: in `keras`, or in `rnnbuild.models`."""
