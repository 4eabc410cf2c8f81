"""A trained model's layers as Keras saves them, read without TensorFlow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.layer_classes import INERT
from rnnbuild.errors import RunError
from rnnbuild.models.recurrent import Direction, RecurrentLayer, recurrent_layer_of

Floats = NDArray[np.float32]
FOLDERS = ("forward_layer/", "backward_layer/")
"""Where a Bidirectional's weights are in its part of a file."""


@dataclass(frozen=True, eq=False)
class StoredLayer:
    """A layer's class, its arguments, and its weights by their paths in the file."""

    kind: str
    config: Mapping[str, Any]
    weights: Mapping[str, NDArray[Any]]

    @property
    def name(self) -> str:
        return str(self.config.get("name", self.kind))

    def weight(self, path: str, *shape: int) -> Floats:
        """A weight. Raises UnknownLayer where it is missing or of another shape: kernels do not
        look at how far an array reaches; or where a number in it is none: tanh and the sigmoid of
        onnxruntime make ordinary numbers of NaN."""
        weight = self.weights.get(path)
        if weight is None or weight.shape != shape or weight.dtype != np.float32:
            raise UnknownLayer(self, f"has no {path} of shape {shape}")
        if not np.isfinite([weight.min(initial=0), weight.max(initial=0)]).all():
            raise UnknownLayer(self, f"has numbers in {path} that are not finite")
        return weight


class UnknownLayer(ValueError):  # noqa: N818 (what it is says more than that it is an error)
    """Raised for a layer that is left to Keras: to compute, or to say what is wrong with it.

    layer:    its name in the model
    kind:     its class
    reason:   what it is, or has, that cannot be computed: "has `activation: gelu`"
    argument: the argument that the reason is about, where it is one
    """

    def __init__(self, layer: StoredLayer, reason: str, argument: str | None = None):
        super().__init__(f"layer `{layer.name}` ({layer.kind}) {reason}")
        self.layer, self.kind, self.reason, self.argument = layer.name, layer.kind, reason, argument


def unknown_value(layer: StoredLayer, argument: str, value: Any) -> UnknownLayer:
    """The error for an argument that has a value that only Keras knows."""
    shown = str(value).lower() if isinstance(value, bool) else value
    return UnknownLayer(layer, f"has `{argument}: {shown}`", argument)


def checked(layer: StoredLayer) -> StoredLayer:
    """The layer. Raises UnknownLayer where it computes in another type than float32."""
    policy = layer.config.get("dtype")
    name = policy["config"]["name"] if isinstance(policy, Mapping) else policy
    if name not in (None, "float32"):
        raise unknown_value(layer, "dtype", name)
    if layer.config.get("quantization_config"):
        raise UnknownLayer(layer, "is quantized", "quantization_config")
    return layer


def computing_layers(layers: Sequence[StoredLayer]) -> list[StoredLayer]:
    """The layers that do something outside training, in their order, each of them `checked`."""
    return [checked(layer) for layer in layers if layer.kind not in INERT]


def input_size(layers: Sequence[StoredLayer]) -> int:
    """Size of the vocabulary, or number of columns of a step."""
    if len(layers) < 2 or layers[0].kind != "InputLayer":
        raise UnknownLayer(layers[0], "is not the input of a model")
    if reads_words(layers):
        return int(layers[1].config["input_dim"])
    return int(layers[0].config["batch_shape"][2])


def reads_words(layers: Sequence[StoredLayer]) -> bool:
    """Whether the model's input is ids of words; else it is numbers."""
    return layers[1].kind == "Embedding"


def check_of_inputs(layers: Sequence[StoredLayer]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """A function that returns the inputs of a batch, ids (B, T) or numbers (B, T, columns).

    It raises RunError for those that the model was not made for: engines do not look at how far
    an array reaches.
    """
    size, words = input_size(layers), reads_words(layers)

    def check(inputs: NDArray[Any]) -> NDArray[Any]:
        fits = (
            inputs.ndim == 2 and inputs.max(initial=0) < size
            if words
            else inputs.ndim == 3 and inputs.shape[2] == size
        )
        if not fits:
            raise RunError(
                "the model does not accept what the run's vocabulary or columns encode",
                "one of the two files is damaged, or was not written by this run",
            )
        return inputs

    return check


def vectors_of(embedding: StoredLayer) -> Floats:
    """The rows of an embedding that masks 0."""
    if not embedding.config["mask_zero"]:
        raise unknown_value(embedding, "mask_zero", False)
    size = embedding.config["input_dim"], embedding.config["output_dim"]
    return embedding.weight("vars/0", *size)


def scale_and_center(layer: StoredLayer, width: int) -> tuple[Floats, Floats]:
    """γ and β, (width,), which are among a normalisation's weights only where it has them.

    Raises UnknownLayer where it does not normalise the features.
    """
    if layer.config.get("rms_scaling"):
        raise unknown_value(layer, "rms_scaling", True)
    if layer.config["axis"] not in (-1, [-1]):
        raise unknown_value(layer, "axis", layer.config["axis"])
    scale, center = layer.config["scale"], layer.config["center"]
    return (
        layer.weight("vars/0", width) if scale else np.ones(width, np.float32),
        layer.weight(f"vars/{int(scale)}", width) if center else np.zeros(width, np.float32),
    )


def factor_and_shift(layer: StoredLayer, width: int) -> tuple[Floats, Floats]:
    """What a BatchNormalization multiplies by and adds, by the moments that training has left."""
    scale, center = scale_and_center(layer, width)
    learned = int(layer.config["scale"]) + int(layer.config["center"])
    mean, variance = (layer.weight(f"vars/{learned + n}", width) for n in (0, 1))
    factor = scale / np.sqrt(variance + np.float32(layer.config["epsilon"]))
    return factor, center - mean * factor


class CellWeights(NamedTuple):
    """W, U and the biases of a direction."""

    kernel: Floats
    recurrent: Floats
    bias: Floats


def cells_of(layer: StoredLayer, described: RecurrentLayer, width: int) -> list[CellWeights]:
    """The weights of each direction of a recurrent layer behind `width` features."""
    folders = FOLDERS if len(described.directions) == 2 else ("",)
    return [
        weights_of(layer, direction, folder, width)
        for direction, folder in zip(described.directions, folders, strict=True)
    ]


def weights_of(layer: StoredLayer, direction: Direction, folder: str, width: int) -> CellWeights:
    """A direction's weights; zeros where it has no biases."""
    checked(StoredLayer(direction.kind, direction.arguments, {}))
    cell, columns, shape = f"{folder}cell/vars", direction.columns, direction.bias_shape
    return CellWeights(
        layer.weight(f"{cell}/0", width, columns),
        layer.weight(f"{cell}/1", direction.units, columns),
        layer.weight(f"{cell}/2", *shape)
        if direction.arguments["use_bias"]
        else np.zeros(shape, np.float32),
    )


def is_recurrent(layer: StoredLayer) -> bool:
    return recurrent_layer_of(layer.kind, layer.config) is not None
