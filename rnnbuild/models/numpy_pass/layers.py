"""Every kind of layer but the recurrent ones, as it computes outside training."""

from collections.abc import Callable, Mapping

import numpy as np

from rnnbuild.models.numpy_pass.recurrent import lengths_of, vectors_of
from rnnbuild.models.numpy_pass.stored import (
    Floats,
    Flow,
    Stage,
    StoredLayer,
    UnknownLayer,
    all_at_once,
    step_by_step,
)


def embedding(layer: StoredLayer, width: int) -> Stage:
    vectors = vectors_of(layer)
    return step_by_step(
        lambda flow: Flow(vectors[flow.values], lengths_of(flow.values)), vectors.shape[1]
    )


def dense(layer: StoredLayer, width: int) -> Stage:
    name, units = layer.config["activation"], layer.config["units"]
    if name not in ACTIVATIONS:
        raise UnknownLayer(f"Dense with {name}")
    activation, kernel = ACTIVATIONS[name], layer.weight("vars/0", width, units)
    bias = layer.weight("vars/1", units) if layer.config["use_bias"] else np.float32(0)

    def step(flow: Flow) -> Flow:
        products = flow.values.reshape(-1, width) @ kernel + bias
        return flow._replace(values=activation(products).reshape(*flow.values.shape[:-1], units))

    return step_by_step(step, units)


def sigmoid(x: Floats) -> Floats:
    with np.errstate(over="ignore"):
        answers: Floats = np.reciprocal(1 + np.exp(-x))
    return answers


def softmax(x: Floats, axis: int = -1) -> Floats:
    raised: Floats = np.exp(x - x.max(axis=axis, keepdims=True))
    shares: Floats = raised / raised.sum(axis=axis, keepdims=True)
    return shares


ACTIVATIONS: Mapping[str, Callable[[Floats], Floats]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": sigmoid,
    "softmax": softmax,
    "tanh": np.tanh,
}


def layer_normalization(layer: StoredLayer, width: int) -> Stage:
    if layer.config.get("rms_scaling") or layer.config["axis"] not in (-1, [-1]):
        raise UnknownLayer("LayerNormalization")
    scale, center = scale_and_center(layer, width)

    def step(flow: Flow) -> Flow:
        x = flow.values
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        normal = (x - mean) / np.sqrt(variance + np.float32(layer.config["epsilon"]))
        return flow._replace(values=normal * scale + center)

    return step_by_step(step, width)


def batch_normalization(layer: StoredLayer, width: int) -> Stage:
    """By the moments that training has left."""
    if layer.config["axis"] not in (-1, [-1]):
        raise UnknownLayer("BatchNormalization")
    scale, center = scale_and_center(layer, width)
    learned = int(layer.config["scale"]) + int(layer.config["center"])
    mean, variance = (layer.weight(f"vars/{learned + n}", width) for n in (0, 1))
    factor = scale / np.sqrt(variance + np.float32(layer.config["epsilon"]))
    shift = center - mean * factor
    return step_by_step(lambda flow: flow._replace(values=flow.values * factor + shift), width)


def scale_and_center(layer: StoredLayer, width: int) -> tuple[Floats, Floats]:
    """γ and β, which are among a normalisation's weights only where it has them."""
    scale, center = layer.config["scale"], layer.config["center"]
    return (
        layer.weight("vars/0", width) if scale else np.ones(1, np.float32),
        layer.weight(f"vars/{int(scale)}", width) if center else np.zeros(1, np.float32),
    )


def repeat_vector(layer: StoredLayer, width: int) -> Stage:
    n = layer.config["n"]

    def step(flow: Flow) -> Flow:
        repeated = np.repeat(flow.values[:, np.newaxis], n, axis=1)
        return Flow(repeated, np.full(len(repeated), n, np.int32))

    return all_at_once(step, width)


def mean_pooling(layer: StoredLayer, width: int) -> Stage:
    def step(flow: Flow) -> Flow:
        total = np.where(flow.real, flow.values, 0).sum(axis=1)
        return flow._replace(values=total / flow.lengths[:, np.newaxis].astype(np.float32))

    return all_at_once(step, width)


def max_pooling(layer: StoredLayer, width: int) -> Stage:
    def step(flow: Flow) -> Flow:
        real = np.where(flow.real, flow.values, np.float32(-np.inf))
        return flow._replace(values=real.max(axis=1))

    return all_at_once(step, width)


def attention_pooling(layer: StoredLayer, width: int) -> Stage:
    kernel = layer.weight("vars/0", width, width)
    bias, context = layer.weight("vars/1", width), layer.weight("vars/2", width, 1)

    def step(flow: Flow) -> Flow:
        agreement = np.tanh(flow.values @ kernel + bias) @ context
        weights = softmax(np.where(flow.real, agreement, np.float32(-np.inf)), axis=1)
        return flow._replace(values=(weights * flow.values).sum(axis=1))

    return all_at_once(step, width)


MAKERS: Mapping[str, Callable[[StoredLayer, int], Stage]] = {
    "Embedding": embedding,
    "Dense": dense,
    "LayerNormalization": layer_normalization,
    "BatchNormalization": batch_normalization,
    "RepeatVector": repeat_vector,
    "GlobalAveragePooling1D": mean_pooling,
    "MaskedMaxPooling": max_pooling,
    "AttentionPooling": attention_pooling,
}
