"""What `rnnbuild.build` returns is Keras' own: everything that Keras does with a model works."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import rnnbuild

ROWS, STEPS, WORDS = 32, 12, 30
STACK: dict[str, Any] = {
    "input_length": STEPS,
    "embedding": {"input_dim": WORDS, "output_dim": 8},
    "layers": [
        {"cell": "gru", "units": 6, "bidirectional": True, "dropout": 0.1},
        {"cell": "lstm", "units": 5},
    ],
}


@pytest.fixture
def model() -> Any:
    config = {"model": {**STACK, "head": {"units": 1}}, "training": {"optimizer": {"name": "adam"}}}
    return rnnbuild.build(config)


@pytest.fixture(scope="module")
def rows() -> tuple[Any, Any]:
    """Ids, padded on the right, and whether word 1 is among them."""
    ids = np.random.default_rng(0).integers(2, WORDS, (ROWS, STEPS)).astype("int32")
    ids[::2, 3] = 1
    ids[:, 9:] = 0
    return ids, (ids == 1).any(axis=1).astype("float32")


def test_it_is_a_sequential_of_layers_that_are_keras_own(model: Any) -> None:
    assert type(model) is keras.Sequential
    assert {type(layer).__module__.partition(".")[0] for layer in model.layers} == {"keras"}


def test_fit_evaluate_and_callbacks_work(model: Any, rows: Any, tmp_path: Path) -> None:
    model.compile(keras.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
    before = model.evaluate(*rows, verbose=0, return_dict=True)
    kept = tmp_path / "best.weights.h5"
    history = model.fit(
        *rows,
        epochs=30,
        batch_size=8,
        verbose=0,
        callbacks=[
            keras.callbacks.ModelCheckpoint(kept, save_weights_only=True, monitor="loss"),
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
            keras.callbacks.EarlyStopping(monitor="loss", patience=30),
        ],
    )
    after = model.evaluate(*rows, verbose=0, return_dict=True)
    assert after["loss"] < before["loss"] / 2
    assert len(history.history["loss"]) == 30
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 31
    model.load_weights(kept)


def test_it_is_saved_loaded_and_cloned(model: Any, rows: Any, tmp_path: Path) -> None:
    ids, _ = rows
    expected = model.predict(ids, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(ids, verbose=0), expected)
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(copy.predict(ids, verbose=0), expected)
    assert keras.Sequential.from_config(model.get_config()).count_params() == model.count_params()


def test_layers_are_taken_out_frozen_and_put_into_another_model(model: Any, rows: Any) -> None:
    ids, targets = rows
    encoder = keras.Model(model.inputs, model.layers[-2].output)
    encoder.trainable = False
    wider = keras.Sequential([encoder, keras.layers.Dense(4, "relu"), keras.layers.Dense(1)])
    wider.compile("sgd", "mse")
    before = [weight.copy() for weight in encoder.get_weights()]
    wider.fit(ids, targets, epochs=1, verbose=0)
    for weight, now in zip(before, encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, now)
