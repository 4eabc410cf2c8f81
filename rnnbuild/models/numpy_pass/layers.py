"""Every kind of layer but the recurrent ones, as it computes outside training."""

from collections.abc import Callable, Mapping

import numpy as np

from rnnbuild.models.numpy_pass.flow import Flow, Stage
from rnnbuild.models.numpy_pass.recurrent import lengths_of
from rnnbuild.models.stored import (
    Floats,
    StoredLayer,
    factor_and_shift,
    scale_and_center,
    unknown_value,
    vectors_of,
)


def embedding(layer: StoredLayer, width: int) -> Stage:
    vectors = vectors_of(layer)
    return Stage(lambda flow: Flow(vectors[flow.values], lengths_of(flow.values)), vectors.shape[1])


def dense(layer: StoredLayer, width: int) -> Stage:
    name, units = layer.config["activation"], layer.config["units"]
    if name not in ACTIVATIONS:
        raise unknown_value(layer, "activation", name)
    activation, kernel = ACTIVATIONS[name], layer.weight("vars/0", width, units)
    bias = layer.weight("vars/1", units) if layer.config["use_bias"] else np.float32(0)

    def step(flow: Flow) -> Flow:
        products = flow.values.reshape(-1, width) @ kernel + bias
        return flow._replace(values=activation(products).reshape(*flow.values.shape[:-1], units))

    return Stage(step, units)


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
    scale, center = scale_and_center(layer, width)

    def step(flow: Flow) -> Flow:
        x = flow.values
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        normal = (x - mean) / np.sqrt(variance + np.float32(layer.config["epsilon"]))
        return flow._replace(values=normal * scale + center)

    return Stage(step, width)


def batch_normalization(layer: StoredLayer, width: int) -> Stage:
    factor, shift = factor_and_shift(layer, width)
    return Stage(lambda flow: flow._replace(values=flow.values * factor + shift), width)


def repeat_vector(layer: StoredLayer, width: int) -> Stage:
    n = layer.config["n"]

    def step(flow: Flow) -> Flow:
        repeated = np.repeat(flow.values[:, np.newaxis], n, axis=1)
        return Flow(repeated, np.full(len(repeated), n, np.int32))

    return Stage(step, width)


def mean_pooling(layer: StoredLayer, width: int) -> Stage:
    def step(flow: Flow) -> Flow:
        total = np.where(flow.real, flow.values, 0).sum(axis=1)
        return flow._replace(values=total / flow.lengths[:, np.newaxis].astype(np.float32))

    return Stage(step, width)


def max_pooling(layer: StoredLayer, width: int) -> Stage:
    def step(flow: Flow) -> Flow:
        real = np.where(flow.real, flow.values, np.float32(-np.inf))
        return flow._replace(values=real.max(axis=1))

    return Stage(step, width)


def attention_pooling(layer: StoredLayer, width: int) -> Stage:
    kernel = layer.weight("vars/0", width, width)
    bias, context = layer.weight("vars/1", width), layer.weight("vars/2", width, 1)

    def step(flow: Flow) -> Flow:
        agreement = np.tanh(flow.values @ kernel + bias) @ context
        weights = softmax(np.where(flow.real, agreement, np.float32(-np.inf)), axis=1)
        return flow._replace(values=(weights * flow.values).sum(axis=1))

    return Stage(step, width)


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
