"""An adopted run answers as Keras does with the file itself, whatever its layers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.adoption.adopt import adopt
from rnnbuild.adoption.codec import Wishes
from rnnbuild.adoption.reading import adoptable_model
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.models.framework import keras
from rnnbuild.runs.adopted_file import read_adopted
from tests.adoption.foreign_models import (
    STEPS,
    WORDS,
    L,
    binary,
    ids,
    numbers,
    saved,
    tags,
    with_spread_weights,
)

TOLERANCE = 1e-5
"""Of the largest output, as in `adoption/agreement.py`: a recurrence in single precision."""


def frozen(model: Any) -> Any:
    model.trainable = False
    return model


MODELS: dict[str, Callable[[], Any]] = {
    "simple_rnn": lambda: ids(L.SimpleRNN(5), binary()),
    "gru": lambda: ids(L.GRU(5), binary()),
    "gru, reset before": lambda: ids(L.GRU(5, reset_after=False), binary()),
    "lstm without bias": lambda: ids(L.LSTM(5, use_bias=False), binary()),
    "lstm, other activations": lambda: ids(
        L.LSTM(5, activation="relu", recurrent_activation="hard_sigmoid"), tags()
    ),
    "backwards": lambda: ids(L.LSTM(5, go_backwards=True), binary()),
    "stack": lambda: ids(
        L.Dropout(0.2),
        L.Bidirectional(L.LSTM(4, return_sequences=True, dropout=0.1, recurrent_dropout=0.1)),
        L.LayerNormalization(),
        L.SpatialDropout1D(0.1),
        L.GRU(4, kernel_regularizer="l2"),
        L.BatchNormalization(),
        L.Dense(8, activation="relu"),
        L.Dropout(0.5),
        binary(),
    ),
    **{
        f"bidirectional, {mode}": lambda mode=mode: ids(  # type: ignore[misc]
            L.Bidirectional(L.GRU(4), merge_mode=mode), tags(3)
        )
        for mode in ("concat", "sum", "mul", "ave")
    },
    "mean": lambda: ids(L.LSTM(4, return_sequences=True), L.GlobalAveragePooling1D(), binary()),
    "max, hidden": lambda: ids(
        L.SimpleRNN(4, return_sequences=True),
        L.GlobalMaxPooling1D(),
        L.Dense(5, activation="tanh"),
        L.Dropout(0.3),
        binary(),
    ),
    "tagger": lambda: ids(
        L.Bidirectional(L.LSTM(4, return_sequences=True)), L.TimeDistributed(tags()), mask_zero=True
    ),
    "tagger, dense": lambda: ids(L.GRU(4, return_sequences=True), L.Dense(5), tags(), steps=None),
    "activations apart": lambda: ids(
        L.LSTM(4), L.Dense(6), L.ReLU(), L.Dense(1), L.Activation("sigmoid")
    ),
    "several labels": lambda: ids(L.GRU(4), L.Dense(3, activation="sigmoid")),
    "dropouts of everything": lambda: ids(
        L.Dropout(1.0), L.GRU(4, dropout=1.0), L.BatchNormalization(momentum=1.0), binary()
    ),
    "some layers frozen": lambda: ids(
        L.Bidirectional(L.GRU(4, return_sequences=True, kernel_regularizer="l2"), trainable=False),
        L.TimeDistributed(L.Dense(3, kernel_constraint="max_norm"), trainable=False),
        L.LSTM(4, use_bias=False, bias_regularizer="l2"),
        L.Dense(3, kernel_regularizer=keras.regularizers.L1L2(0, 0)),
        binary(),
    ),
    "all layers frozen": lambda: frozen(ids(L.GRU(4), L.Dropout(0.1), binary())),
    "numbers": lambda: numbers(
        L.LSTM(5, return_sequences=True), L.TimeDistributed(L.Dense(4)), L.GRU(3), L.Dense(2)
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_run_answers_as_the_file_does_in_keras(name: str, tmp_path: Path) -> None:
    path = saved(with_spread_weights(MODELS[name]()), tmp_path / "theirs.keras")
    done = adopt(adoptable_model(path, Wishes()), tmp_path / "run")

    theirs = keras.saving.load_model(path)
    trained, generator = open_trained_run(done.run), np.random.default_rng(5)
    rows = (
        generator.standard_normal((4, STEPS, 3)).astype(np.float32)
        if name == "numbers"
        else generator.integers(1, WORDS, (4, STEPS), dtype=np.int32)
    )
    expected = np.asarray(theirs(rows))
    assert np.ptp(expected) > 1e-3  # or every mistake would agree
    np.testing.assert_allclose(
        np.asarray(trained.forward(rows)), expected, rtol=0, atol=TOLERANCE * np.abs(expected).max()
    )
    adopted = read_adopted(done.run)
    assert adopted is not None and adopted.difference <= TOLERANCE * 10


def test_a_functional_model_that_is_a_chain_is_adopted(tmp_path: Path) -> None:
    given = keras.Input((None,))
    hidden = L.Embedding(WORDS, 4, mask_zero=True)(given)
    answer = binary()(L.LSTM(3)(L.SpatialDropout1D(0.1)(hidden)))
    path = saved(with_spread_weights(keras.Model(given, answer)), tmp_path / "chain.keras")
    done = adopt(adoptable_model(path, Wishes()), tmp_path / "run")
    rows = np.array([[3, 9, 1, 30]], np.int32)
    expected = np.asarray(keras.saving.load_model(path)(rows))
    np.testing.assert_allclose(open_trained_run(done.run).forward(rows), expected, atol=1e-6)


def test_logits_become_probabilities_if_the_loss_takes_them(tmp_path: Path) -> None:
    model = with_spread_weights(ids(L.LSTM(3), L.Dense(1)))
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    path = saved(model, tmp_path / "logits.keras", compiled=False)
    adoptable = adoptable_model(path, Wishes())
    assert adoptable.config.model.head.activation == "sigmoid"
    done = adopt(adoptable, tmp_path / "run")
    rows = np.array([[3, 9, 1, 30], [4, 4, 4, 4]], np.int32)
    logits = np.asarray(keras.saving.load_model(path)(np.pad(rows, ((0, 0), (0, 5)))[:, :9]))
    assert (np.abs(logits) > 0.01).all()
    long = np.tile(rows, 3)[:, :STEPS]
    expected = 1 / (1 + np.exp(-np.asarray(keras.saving.load_model(path)(long), np.float64)))
    np.testing.assert_allclose(open_trained_run(done.run).forward(long), expected, atol=1e-6)


def test_a_run_that_would_answer_otherwise_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rnnbuild.adoption import original
    from rnnbuild.errors import RunError

    path = saved(with_spread_weights(ids(L.GRU(4), binary())), tmp_path / "theirs.keras")
    # As if an argument that changes the arithmetic had been overlooked.
    monkeypatch.setattr(original, "ARITHMETIC", original.ARITHMETIC - {"activation"})
    with pytest.raises(RunError, match="would not answer as the file does"):
        adopt(adoptable_model(path, Wishes()), tmp_path / "run")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["theirs.keras"]


def test_frozen_layers_stay_so_unless_nothing_would_be_trained(tmp_path: Path) -> None:
    path = saved(MODELS["some layers frozen"](), tmp_path / "theirs.keras", compiled=False)
    some = adoptable_model(path, Wishes())
    assert [layer.trainable for layer in some.config.model.layers[:3]] == [False, False, True]  # type: ignore[union-attr]
    said = "\n".join(some.notes)
    assert "`kernel_regularizer` does nothing where `trainable` is false" in said
    assert "`bias_regularizer` does nothing where `use_bias` is false" in said

    path = saved(MODELS["all layers frozen"](), tmp_path / "theirs.keras", compiled=False)
    every = adoptable_model(path, Wishes())
    assert every.config.model.layers[0].trainable  # type: ignore[union-attr]
    assert any("every layer of the file is frozen" in note for note in every.notes)
