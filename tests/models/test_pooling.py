"""The poolings that Keras lacks, against NumPy, and in files that plain Keras opens."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras
from rnnbuild.models.own_layers import OWN_CLASSES, notes_on_loading
from tests.models.small import SENTENCES, layer, small_config

POOLINGS = ("max", "attention")
LENGTHS = (5, 4, 2)
MASK = np.arange(5) < np.array(LENGTHS)[:, np.newaxis]


def steps() -> np.ndarray:
    """Three sequences of five vectors; what stands at padding is larger than all else."""
    numbers = np.random.default_rng(4).normal(size=(3, 5, 6)).astype("float32")
    return np.where(MASK[..., np.newaxis], numbers, np.float32(50))


def pooling_layer(pooling: str) -> Any:
    """The layer as a model holds it, with random weights, for vectors of six numbers."""
    resolved = small_config(layer("gru", units=6), pooling=pooling)
    found = build_model(resolved).get_layer(f"{pooling}_pooling")
    numbers = np.random.default_rng(5)
    found.set_weights([numbers.normal(0, 0.6, w.shape) for w in found.get_weights()])
    return found


def test_max_pooling_takes_each_features_greatest_value_of_real_steps() -> None:
    numbers = steps() - 100  # zeros at padding would be the greatest
    found = pooling_layer("max")(numbers, mask=keras.ops.array(MASK))
    expected = [row[:length].max(axis=0) for row, length in zip(numbers, LENGTHS, strict=True)]
    np.testing.assert_array_equal(found, expected)


def test_attention_weighs_steps_as_the_paper_writes_it() -> None:
    numbers, attention = steps(), pooling_layer("attention")
    W, b, c = (np.float64(weight) for weight in attention.get_weights())
    mask = keras.ops.array(MASK)

    weights = np.asarray(attention.weights_of_steps(numbers, mask))[..., 0]
    pooled = np.asarray(attention(numbers, mask=mask))

    for row, length in enumerate(LENGTHS):
        x = np.float64(numbers[row, :length])
        exponentials = np.exp(np.tanh(x @ W + b) @ c)[:, 0]
        expected = exponentials / exponentials.sum()
        np.testing.assert_allclose(weights[row, :length], expected, rtol=1e-5)
        np.testing.assert_array_equal(weights[row, length:], 0)
        np.testing.assert_allclose(pooled[row], expected @ x, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_without_a_mask_every_step_counts(pooling: str) -> None:
    numbers, found = steps(), pooling_layer(pooling)
    every = keras.ops.ones((3, 5), dtype="bool")
    np.testing.assert_array_equal(found(numbers), found(numbers, mask=every))
    assert not np.allclose(found(numbers), found(numbers, mask=keras.ops.array(MASK)))


@pytest.mark.parametrize("pooling", POOLINGS)
def test_no_gradient_reaches_padding_and_none_is_lost_at_real_steps(pooling: str) -> None:
    from rnnbuild.models.framework import tf

    found, numbers = pooling_layer(pooling), tf.constant(steps())
    with tf.GradientTape() as tape:
        tape.watch(numbers)
        answer = tf.reduce_sum(found(numbers, mask=tf.constant(MASK)) ** 2)
    gradient = np.asarray(tape.gradient(answer, numbers))
    assert np.isfinite(gradient).all()
    np.testing.assert_array_equal(gradient[~MASK], 0)
    assert (np.abs(gradient).sum(axis=(1, 2)) > 0).all()


@pytest.mark.parametrize("pooling", POOLINGS)
def test_a_sequence_of_numbers_without_padding_is_pooled_too(pooling: str) -> None:
    series = keras.Sequential([keras.Input((None, 6)), pooling_layer(pooling)])
    assert series.output_shape == (None, 6)
    assert np.isfinite(series(steps())).all()


LOADS = """
import keras, numpy as np
import rnnbuild.models.pooling
model = keras.saving.load_model("model.keras")
assert type(model) is keras.Sequential
np.save("answers.npy", model(np.load("sentences.npy")))
"""
REFUSES = """
import keras
try:
    keras.saving.load_model("model.keras")
except TypeError as error:
    assert "Could not locate class" in str(error)
else:
    raise SystemExit("it was loaded")
"""


def in_plain_keras(script: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Any, Path]:
    """A model of a pooling, and the folder that it and the sentences are saved in."""
    resolved = small_config(layer("lstm", bidirectional=True), pooling=request.param)
    model = build_model(resolved)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "sentences.npy", SENTENCES)
    return model, tmp_path


@pytest.mark.parametrize("saved", POOLINGS, indirect=True)
def test_plain_keras_loads_the_model_after_the_import_that_is_named(
    saved: tuple[Any, Path],
) -> None:
    model, folder = saved
    in_plain_keras(LOADS, folder)
    np.testing.assert_array_equal(np.load(folder / "answers.npy"), np.asarray(model(SENTENCES)))


@pytest.mark.parametrize("saved", ["attention"], indirect=True)
def test_plain_keras_needs_that_import(saved: tuple[Any, Path]) -> None:
    in_plain_keras(REFUSES, saved[1])


@pytest.mark.parametrize("pooling", POOLINGS)
def test_who_uses_one_is_shown_what_plain_keras_needs(pooling: str) -> None:
    (note,) = notes_on_loading(small_config(layer("gru"), pooling=pooling))
    assert f"`{pooling}_pooling`" in note
    assert "`import rnnbuild.models.pooling`" in note


@pytest.mark.parametrize("pooling", ["last", "mean"])
def test_a_model_of_stock_layers_needs_nothing(pooling: str) -> None:
    assert notes_on_loading(small_config(layer("gru"), pooling=pooling)) == ()


@pytest.mark.parametrize("name", sorted(OWN_CLASSES))
def test_every_layer_of_rnnbuilds_own_is_registered_under_its_name(name: str) -> None:
    found = keras.saving.get_registered_object(f"rnnbuild>{name}")
    assert f"{found.__module__}.{found.__name__}" == f"rnnbuild.models.pooling.{name}"
