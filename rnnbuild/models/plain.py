"""A trained model's forward pass by NumPy and the kernels alone, for answers without TensorFlow.

To load TensorFlow and Keras takes as long as to answer 200,000 texts, and their operations cost
more to start than a small batch to compute. `tests/models/test_plain.py` holds the outputs of every
layer known here against Keras; a model with any other is left to Keras.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.kernels.cells import KERNELS
from rnnbuild.models.kernels.passes import Passes

Floats = NDArray[np.float32]
Forward = Callable[[NDArray[Any]], NDArray[Any]]
"""From a batch's inputs to the head's outputs, without dropout."""

LARGEST_TABLE = 1 << 24
"""Numbers. What W makes of all words is held up to so many: 64 MB."""


@dataclass(frozen=True, eq=False)
class StoredLayer:
    """A layer as Keras has saved it: its class, its arguments, and its weights by their paths."""

    kind: str
    config: Mapping[str, Any]
    weights: Mapping[str, Floats]


class Flow(NamedTuple):
    """What goes from layer to layer.

    values:  ids (B, T), or float32 (B, T, width), or (B, width) where the sequence has ended
    lengths: int32 (B,), the steps of each row before its padding; outputs after them are not
             Keras', and reach no answer
    """

    values: NDArray[Any]
    lengths: NDArray[np.int32]

    @property
    def real(self) -> NDArray[np.bool_]:
        """(B, T, 1), whether a step comes before its row's padding."""
        return (np.arange(self.values.shape[1]) < self.lengths[:, None])[..., None]


Step = Callable[[Flow], Flow]


class UnknownLayer(ValueError):  # noqa: N818 (what it is says more than that it is an error)
    """Raised for a layer, or for an argument of one, that only Keras knows."""


def plain_pass(layers: Sequence[StoredLayer]) -> Forward:
    """The layers of a `keras.Sequential` in a row, for padding on the right.

    Raises UnknownLayer where one is left to Keras.
    """
    steps = steps_of([layer for layer in layers if layer.kind not in NOTHING])

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        flow = Flow(inputs, np.full(len(inputs), inputs.shape[1], np.int32))
        for step in steps:
            flow = step(flow)
        return flow.values

    return forward


def steps_of(layers: Sequence[StoredLayer]) -> list[Step]:
    """What each layer does; an embedding and the recurrent layer behind it are one step."""
    steps: list[Step] = []
    rest = list(layers)
    if len(rest) > 1 and rest[0].kind == "Embedding" and rest[1].kind in RECURRENT:
        steps.append(recurrent(rest[1], checked(rest[0])))
        rest = rest[2:]
    for layer in rest:
        if layer.kind not in MAKERS:
            raise UnknownLayer(layer.kind)
        steps.append(MAKERS[layer.kind](checked(layer)))
    return steps


def checked(layer: StoredLayer) -> StoredLayer:
    """The layer. Raises UnknownLayer where it computes in another type than float32."""
    policy = layer.config.get("dtype")
    name = policy["config"]["name"] if isinstance(policy, Mapping) else policy
    if name not in (None, "float32") or layer.config.get("quantization_config"):
        raise UnknownLayer(f"{layer.kind} of {name}")
    return layer


def embedding(layer: StoredLayer) -> Step:
    vectors = layer.weights["vars/0"]
    return lambda flow: Flow(vectors[flow.values], lengths_of(flow.values))


def lengths_of(words: NDArray[np.int32]) -> NDArray[np.int32]:
    """The ids of each row that are no padding; an empty text is one unknown word."""
    return np.maximum((words != 0).sum(axis=1, dtype=np.int32), 1)


class Direction(NamedTuple):
    """One of the layers in a recurrent layer, with W, U and b of its cell."""

    kind: str
    config: Mapping[str, Any]
    weights: tuple[Floats, Floats, Floats]


def directions_of(layer: StoredLayer) -> list[Direction]:
    """The layer itself, or both in a Bidirectional, forward first.

    Raises UnknownLayer where the kernels do not know an argument.
    """
    if layer.kind != "Bidirectional":
        return [direction_of(layer.kind, layer.config, layer, "")]
    return [
        direction_of(described["class_name"], described["config"], layer, folder)
        for described, folder in (
            (layer.config["layer"], "forward_layer/"),
            (layer.config["backward_layer"], "backward_layer/"),
        )
    ]


def direction_of(
    kind: str, config: Mapping[str, Any], layer: StoredLayer, folder: str
) -> Direction:
    known = kind in KERNELS and config["activation"] == "tanh" and not config["stateful"]
    if known and kind != "SimpleRNN":
        known = config["recurrent_activation"] == "sigmoid" and config.get("reset_after", True)
    if not known:
        raise UnknownLayer(kind)
    checked(StoredLayer(kind, config, {}))
    kernel, recurrent_kernel = (layer.weights[f"{folder}cell/vars/{n}"] for n in (0, 1))
    columns = kernel.shape[1]
    shape = (2, columns) if kind == "GRU" else (columns,)
    bias = layer.weights[f"{folder}cell/vars/2"] if config["use_bias"] else zeros(shape)
    return Direction(kind, config, (kernel, recurrent_kernel, bias))


def zeros(shape: tuple[int, ...]) -> Floats:
    return np.zeros(shape, np.float32)


def recurrent(layer: StoredLayer, words: StoredLayer | None = None) -> Step:
    """The layer behind `words`, an embedding: what W makes of a word is then found in a table."""
    directions = directions_of(checked(layer))
    first = directions[0].config
    backwards = tuple(bool(one.config["go_backwards"]) for one in directions)
    passes = Passes(KERNELS[directions[0].kind], backwards, first["return_sequences"])
    merged = MERGES[layer.config["merge_mode"]] if len(directions) > 1 else concatenated
    weights = [array for one in directions for array in one.weights]
    # What is multiplied by W already comes with a W that has no rows.
    multiplied = [array for one in directions for array in (one.weights[0][:0], *one.weights[1:])]
    looked_up = table_of(words, directions) if words else None

    def step(flow: Flow) -> Flow:
        values, lengths = flow
        rows, steps = values.shape[:2]
        if looked_up is not None:
            lengths = lengths_of(values)
            outputs = passes.outputs(*looked_up(values, lengths), *multiplied)
        else:
            places = np.arange(rows * steps, dtype=np.int32).reshape(rows, steps)
            inputs = np.ascontiguousarray(values.reshape(rows * steps, -1))
            outputs = passes.outputs(places, lengths, inputs, *weights)
        values = merged(outputs, directions[0].weights[1].shape[0])
        return Flow(values if first["return_sequences"] else values[:, 0], lengths)

    return step


def table_of(words: StoredLayer, directions: Sequence[Direction]) -> Callable[..., list[Any]]:
    """From ids and lengths to what `Passes` takes of them: places, lengths and x·W by place."""
    vectors = words.weights["vars/0"]
    kernels = [one.weights[0] for one in directions]
    if len(vectors) * sum(kernel.shape[1] for kernel in kernels) <= LARGEST_TABLE:
        tables = [vectors @ kernel for kernel in kernels]
        return lambda ids, lengths: [np.ascontiguousarray(ids), lengths, *tables]

    def looked_up(ids: NDArray[np.int32], lengths: NDArray[np.int32]) -> list[Any]:
        distinct, places = np.unique(ids, return_inverse=True)
        chosen = vectors[distinct]
        products = [chosen @ kernel for kernel in kernels]
        return [places.reshape(ids.shape).astype(np.int32), lengths, *products]

    return looked_up


def concatenated(outputs: Floats, units: int) -> Floats:
    return outputs


MERGES: Mapping[str, Callable[[Floats, int], Floats]] = {
    "concat": concatenated,
    "sum": lambda outputs, units: outputs[..., :units] + outputs[..., units:],
    "ave": lambda outputs, units: (outputs[..., :units] + outputs[..., units:]) / 2,
    "mul": lambda outputs, units: outputs[..., :units] * outputs[..., units:],
}


def dense(layer: StoredLayer) -> Step:
    name = layer.config["activation"]
    if name not in ACTIVATIONS:
        raise UnknownLayer(f"Dense with {name}")
    activation, kernel = ACTIVATIONS[name], layer.weights["vars/0"]
    bias = layer.weights["vars/1"] if layer.config["use_bias"] else zeros(kernel.shape[1:])
    return lambda flow: flow._replace(values=activation(flow.values @ kernel + bias))


def sigmoid(x: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def softmax(x: Floats, axis: int = -1) -> Floats:
    raised = np.exp(x - x.max(axis=axis, keepdims=True))
    return raised / raised.sum(axis=axis, keepdims=True)


ACTIVATIONS: Mapping[str, Callable[[Floats], Floats]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": sigmoid,
    "softmax": softmax,
    "tanh": np.tanh,
}


def layer_normalization(layer: StoredLayer) -> Step:
    if layer.config.get("rms_scaling") or layer.config["axis"] not in (-1, [-1]):
        raise UnknownLayer("LayerNormalization")
    scale, center = scale_and_center(layer)

    def step(flow: Flow) -> Flow:
        x = flow.values
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        normal = (x - mean) / np.sqrt(variance + np.float32(layer.config["epsilon"]))
        return flow._replace(values=normal * scale + center)

    return step


def batch_normalization(layer: StoredLayer) -> Step:
    """By the moments that training has left."""
    if layer.config["axis"] not in (-1, [-1]):
        raise UnknownLayer("BatchNormalization")
    scale, center = scale_and_center(layer)
    mean, variance = (layer.weights[f"vars/{len(layer.weights) - n}"] for n in (2, 1))
    factor = scale / np.sqrt(variance + np.float32(layer.config["epsilon"]))
    return lambda flow: flow._replace(values=flow.values * factor + (center - mean * factor))


def scale_and_center(layer: StoredLayer) -> tuple[Floats, Floats]:
    """γ and β, which are among a normalisation's weights only where it has them."""
    scale, center = layer.config["scale"], layer.config["center"]
    return (
        layer.weights["vars/0"] if scale else np.ones(1, np.float32),
        layer.weights[f"vars/{int(scale)}"] if center else zeros((1,)),
    )


def repeat_vector(layer: StoredLayer) -> Step:
    n = layer.config["n"]

    def step(flow: Flow) -> Flow:
        repeated = np.repeat(flow.values[:, np.newaxis], n, axis=1)
        return Flow(repeated, np.full(len(repeated), n, np.int32))

    return step


def mean_pooling(layer: StoredLayer) -> Step:
    def step(flow: Flow) -> Flow:
        total = np.where(flow.real, flow.values, 0).sum(axis=1)
        return flow._replace(values=total / flow.lengths[:, np.newaxis].astype(np.float32))

    return step


def max_pooling(layer: StoredLayer) -> Step:
    return lambda flow: flow._replace(
        values=np.where(flow.real, flow.values, np.float32(-np.inf)).max(axis=1)
    )


def attention_pooling(layer: StoredLayer) -> Step:
    kernel, bias, context = (layer.weights[f"vars/{n}"] for n in range(3))

    def step(flow: Flow) -> Flow:
        agreement = np.tanh(flow.values @ kernel + bias) @ context
        weights = softmax(np.where(flow.real, agreement, np.float32(-np.inf)), axis=1)
        return flow._replace(values=(weights * flow.values).sum(axis=1))

    return step


RECURRENT = frozenset({"Bidirectional", *KERNELS})
NOTHING = frozenset({"InputLayer", "Dropout", "SpatialDropout1D"})
"""Layers that do nothing out of training."""
MAKERS: Mapping[str, Callable[[StoredLayer], Step]] = {
    "Embedding": embedding,
    **dict.fromkeys(RECURRENT, recurrent),
    "Dense": dense,
    "LayerNormalization": layer_normalization,
    "BatchNormalization": batch_normalization,
    "RepeatVector": repeat_vector,
    "GlobalAveragePooling1D": mean_pooling,
    "MaskedMaxPooling": max_pooling,
    "AttentionPooling": attention_pooling,
}
