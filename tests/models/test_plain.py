"""Whole models without TensorFlow against the same models in Keras."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.inference.stored import stored_layers
from rnnbuild.models import plain
from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_pass_of
from tests.models.small import SENTENCES, layer, small_config
from tests.strategies import Values, configs


def saved(model: Any, folder: Path, scale: float = 2) -> Path:
    """The model's file, with weights that are no longer near to zero."""
    draw = np.random.default_rng(5)
    model.set_weights([one * scale + draw.uniform(0.1, 0.3, one.shape) for one in model.weights])
    path = folder / "model.keras"
    model.save(path)
    return path


def assert_same_answers(model: Any, path: Path, inputs: np.ndarray) -> None:
    expected = np.asarray(forward_pass_of(model, fused=False)(inputs, False))
    got = plain.plain_pass(stored_layers(path))(inputs)
    real = np.ones(expected.shape[:-1], bool)
    if expected.ndim == 3 and expected.shape[1] == inputs.shape[1] and inputs.ndim == 2:
        real = inputs > 0
    assert got.dtype == np.float32
    assert got.shape == expected.shape
    np.testing.assert_allclose(got[real], expected[real], rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "attention"])
@pytest.mark.parametrize("merge_mode", [None, "concat", "sum", "ave", "mul"])
@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_a_stack_answers_as_it_does_in_keras(cell, merge_mode, pooling, tmp_path):
    both = {"bidirectional": True, "merge_mode": merge_mode} if merge_mode else {}
    config = small_config(
        layer(cell, **both),
        {"kind": "dropout", "rate": 0.5},
        {"kind": "layer_normalization"},
        {"kind": "batch_normalization"},
        {"kind": "dense", "units": 4, "activation": "relu"},
        layer(cell, use_bias=False, **both),
        pooling=pooling,
    )
    model = build_model(config)
    assert_same_answers(model, saved(model, tmp_path), SENTENCES)


@pytest.mark.parametrize("largest", [0, 1 << 24])
@pytest.mark.parametrize("task", ["classify", "tag"])
def test_words_are_looked_up_in_a_table_or_multiplied_in_each_batch(
    task, largest, tmp_path, monkeypatch
):
    monkeypatch.setattr(plain, "LARGEST_TABLE", largest)
    model = build_model(small_config(layer("gru", bidirectional=True), task=task))
    assert_same_answers(model, saved(model, tmp_path), SENTENCES)


def test_numbers_are_answered_as_keras_answers_them(tmp_path):
    config = config_of(
        {
            "task": "forecast",
            "model": {
                "input_columns": 3,
                "input_length": 5,
                "head": {"units": 2},
                "layers": [layer("lstm"), layer("gru")],
            },
        }
    )
    model = build_model(resolve(config))
    inputs = np.random.default_rng(2).normal(size=(4, 5, 3)).astype(np.float32)
    assert_same_answers(model, saved(model, tmp_path), inputs)


@pytest.mark.parametrize(
    "odd",
    [
        layer("lstm", activation="relu"),
        layer("gru", reset_after=False),
        {"kind": "dense", "units": 2, "activation": "mish"},
    ],
)
def test_what_only_keras_knows_is_left_to_it(odd, tmp_path):
    path = saved(build_model(small_config(layer("gru"), odd, layer("gru"), pooling="last")), tmp_path)
    with pytest.raises(plain.UnknownLayer):
        plain.plain_pass(stored_layers(path))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs())
def test_a_random_model_answers_as_it_does_in_keras_or_is_left_to_it(
    tmp_path: Path, values: Values
) -> None:
    resolved = resolve(config_of(values))
    draw = np.random.default_rng(1)
    size = resolved.config.model.embedding.input_dim or 2  # type: ignore[union-attr]
    inputs = draw.integers(1, size, (4, 5)).astype(np.int32)
    inputs[1, 3:] = inputs[2, 1:] = 0
    model = build_model(resolved)
    path = saved(model, tmp_path, 1)
    try:
        plain.plain_pass(stored_layers(path))
    except plain.UnknownLayer:
        return
    assert_same_answers(model, path, inputs)
