"""Models with random weights, and what Keras and the graph make of the same inputs."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_pass_of
from rnnbuild.models.graph.model import sequence_graph
from rnnbuild.models.stored import StoredLayer

TOLERANCE = {"rtol": 2e-5, "atol": 1e-5}
"""Sums of some ten numbers up to 10 in another order are 2^-24 x 10 x 10 apart, 6e-6; two layers
carry that over five steps, each of which dampens it, and a layer normalization may make it more."""


def with_weights(
    config: ResolvedConfig, folder: Path, scale: float = 0.7
) -> tuple[Any, list[StoredLayer]]:
    """A Keras model whose weights, biases too, are random and of either sign; and its layers as
    they are saved."""
    model = build_model(config)
    draw = np.random.default_rng(5)
    model.set_weights([random_weight(draw, weight, scale) for weight in model.weights])
    path = folder / "model.keras"
    model.save(path)
    return model, layers_in_archive(path)


def random_weight(draw: np.random.Generator, weight: Any, scale: float) -> Any:
    if weight.name == "moving_variance":
        return draw.uniform(0.5, 2, weight.shape)
    return draw.normal(0, scale, weight.shape)


def in_keras(model: Any, inputs: np.ndarray) -> np.ndarray:
    return np.asarray(forward_pass_of(model, fused=False)(inputs, False))


def is_steady(model: Any, inputs: np.ndarray) -> bool:
    """Whether weights that are some roundings off give the same outputs: they do not where the
    state of a layer grows from step to step, as with gates by `tanh`."""
    outputs, weights = in_keras(model, inputs), model.get_weights()
    draw = np.random.default_rng(6)
    model.set_weights([weight * draw.uniform(1, 1 + 1e-6, weight.shape) for weight in weights])
    others = in_keras(model, inputs)
    model.set_weights(weights)
    return bool(np.allclose(outputs, others, **TOLERANCE))


def opened(content: bytes) -> onnxruntime.InferenceSession:
    """The graph in onnxruntime, once it is as ONNX wants it."""
    onnx.checker.check_model(content, full_check=True)
    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


def in_graph(layers: list[StoredLayer], inputs: np.ndarray) -> np.ndarray:
    session = opened(sequence_graph(layers))
    (outputs,) = session.run(None, {session.get_inputs()[0].name: inputs})
    return outputs


def assert_same(got: np.ndarray, expected: np.ndarray, inputs: np.ndarray) -> None:
    """The same outputs, but for those of steps at padding."""
    assert got.dtype == np.float32
    assert got.shape == expected.shape
    real = np.ones(expected.shape[:-1], bool)
    if expected.ndim == 3 and expected.shape[1] == inputs.shape[1] and inputs.ndim == 2:
        real = inputs > 0
    np.testing.assert_allclose(got[real], expected[real], **TOLERANCE)


def assert_answers_as_keras(config: ResolvedConfig, inputs: np.ndarray, folder: Path) -> None:
    model, layers = with_weights(config, folder)
    assert_same(in_graph(layers, inputs), in_keras(model, inputs), inputs)
