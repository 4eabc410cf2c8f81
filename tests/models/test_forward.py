"""Whole models with fused layers against the same models in Keras."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_pass_of, layers_left_to_keras
from tests.models.small import SENTENCES, layer, small_config
from tests.strategies import Values, configs


def assert_same_answers(model: Any, inputs: np.ndarray) -> None:
    expected = np.asarray(forward_pass_of(model, fused=False)(inputs, False))
    penalties = len(model.losses)
    got = np.asarray(forward_pass_of(model, fused=True)(inputs, False))
    real = inputs > 0 if expected.ndim == 3 else np.ones(len(inputs), bool)
    if expected.ndim == 3 and expected.shape[1] != inputs.shape[1]:
        real = np.ones(expected.shape[:2], bool)
    # Sums in another order, a rounding of 2^-24 for each term; what a layer normalization or a
    # steep activation makes of them may be a hundred times that.
    np.testing.assert_allclose(got[real], expected[real], rtol=1e-4, atol=2e-5)
    assert len(model.losses) == penalties


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "attention"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_a_stack_answers_as_it_does_in_keras(cell: str, bidirectional: bool, pooling: str) -> None:
    config = small_config(
        layer(cell, bidirectional=bidirectional),
        {"kind": "layer_normalization"},
        {"kind": "batch_normalization"},
        layer("gru", recurrent_dropout=0.1),
        layer(cell, bidirectional=bidirectional),
        pooling=pooling,
    )
    model = build_model(config)
    assert_same_answers(model, SENTENCES)
    assert list(layers_left_to_keras(model).values()) == ["recurrent_dropout"]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs())
def test_a_random_model_answers_as_it_does_in_keras(values: Values) -> None:
    resolved = resolve(config_of(values))
    draw = np.random.default_rng(1)
    size = resolved.config.model.embedding.input_dim or 2  # type: ignore[union-attr]
    inputs = draw.integers(1, size, (4, 5)).astype(np.int32)
    inputs[1, 3:] = inputs[2, 1:] = 0
    assert_same_answers(build_model(resolved), inputs)
