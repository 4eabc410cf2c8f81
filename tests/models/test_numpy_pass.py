"""Whole models without TensorFlow against the same models in Keras."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.errors import RunError
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_pass_of
from rnnbuild.models.numpy_pass import recurrent
from rnnbuild.models.numpy_pass.forward import numpy_pass
from rnnbuild.models.stored import StoredLayer, UnknownLayer
from rnnbuild.tasks.facts import DataFacts
from tests.models.small import SENTENCES, VOCABULARY, layer, small_config
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
    got = numpy_pass(layers_in_archive(path))(inputs)
    real = np.ones(expected.shape[:-1], bool)
    if expected.ndim == 3 and expected.shape[1] == inputs.shape[1] and inputs.ndim == 2:
        real = inputs > 0
    assert got.dtype == np.float32
    assert got.shape == expected.shape
    # Sums in another order, a rounding of 2^-24 for each term; what a layer normalization or a
    # steep activation makes of them may be a hundred times that.
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
    monkeypatch.setattr(recurrent, "LARGEST_TABLE", largest)
    model = build_model(small_config(layer("gru", bidirectional=True), task=task))
    assert_same_answers(model, saved(model, tmp_path), SENTENCES)


def test_numbers_are_answered_as_keras_answers_them(tmp_path):
    config = config_of({"model": {"head": {"units": 2}, "layers": [layer("lstm"), layer("gru")]}})
    model = build_model(resolve(config, DataFacts("forecast", columns=3, outputs=2)))
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
    path = saved(
        build_model(small_config(layer("gru"), odd, layer("gru"), pooling="last")), tmp_path
    )
    with pytest.raises(UnknownLayer):
        numpy_pass(layers_in_archive(path))


def words_and(*layers: Any, tmp_path: Path) -> list[StoredLayer]:
    """The layers of a model of words, as they are stored."""
    return layers_in_archive(saved(build_model(small_config(*layers)), tmp_path))


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_weights_of_another_shape_than_their_layer_states_reach_no_kernel(cell, tmp_path):
    layers = words_and(layer(cell, bidirectional=True), layer(cell), tmp_path=tmp_path)
    assert callable(numpy_pass(layers))
    for place, stored in enumerate(layers):
        for path, weight in stored.weights.items():
            for other in (weight[:-1], weight.astype(np.float64), weight[..., np.newaxis]):
                weights = {**stored.weights, path: other}
                changed = [*layers]
                changed[place] = replace(stored, weights=weights)
                with pytest.raises(UnknownLayer):
                    numpy_pass(changed)


def test_ids_that_the_table_lacks_reach_no_kernel(tmp_path):
    forward = numpy_pass(words_and(layer("gru"), tmp_path=tmp_path))
    with pytest.raises(RunError, match="does not accept"):
        forward(np.full((1, 2), VOCABULARY, np.int32))


def test_a_random_model_answers_as_it_does_in_keras_or_is_left_to_it(tmp_path: Path) -> None:
    compared = 0

    # What is left to Keras does not count: others are drawn in its place.
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(configs())
    def check(values: Values) -> None:
        nonlocal compared
        resolved = resolve(config_of(values))
        draw = np.random.default_rng(1)
        size = resolved.config.model.embedding.input_dim or 2  # type: ignore[union-attr]
        inputs = draw.integers(1, size, (4, 5)).astype(np.int32)
        inputs[1, 3:] = inputs[2, 1:] = 0
        model = build_model(resolved)
        path = saved(model, tmp_path, 1)
        try:
            numpy_pass(layers_in_archive(path))
        except UnknownLayer:
            reject()
        assert_same_answers(model, path, inputs)
        compared += 1

    check()
    assert compared >= 6
