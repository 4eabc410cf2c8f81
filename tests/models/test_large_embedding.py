"""Steps put off until a row is read: Adam over the whole table, and no bit depends on when."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.models import large_embedding
from rnnbuild.models.descent import Variable, apply_gradients
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.large_embedding import LargeEmbedding
from rnnbuild.models.sources import sources_of
from tests.models import float64_adam

WORDS, WIDTH, STEPS = 60, 5, 250
State = list[np.ndarray]


def embedding_and(optimizer: Any, **arguments: Any) -> tuple[Any, Any]:
    """A model of an embedding alone, and its optimizer, built."""
    keras.utils.set_random_seed(1)
    embedding = keras.layers.Embedding(WORDS, WIDTH, **arguments)
    model = keras.Sequential([keras.Input((None,), dtype="int32"), embedding])
    optimizer.build(model.trainable_variables)
    return model, optimizer


def batches() -> list[tuple[np.ndarray, np.ndarray]]:
    """Ids, of which some words stand in every batch and most in few or none, and for each row of
    the table the slope that it would have if the batch read it."""
    draw = np.random.default_rng(2)
    ids = draw.zipf(1.4, size=(STEPS, 3, 4)).clip(max=WORDS - 1).astype(np.int32)
    return [(one, draw.normal(0, 0.1, (WORDS, WIDTH)).astype(np.float32)) for one in ids]


def rate_at(number: int) -> float:
    """It rises, so that later steps without a gradient may be longer than earlier ones."""
    return 0.02 * min(1.0, number / 100)


def put_off(settled: Sequence[int] = (), **arguments: Any) -> State:
    """Weights and moments after all steps, put into their variables after some of them."""
    model, optimizer = embedding_and(keras.optimizers.Adam(1.0, **arguments))
    table = LargeEmbedding(model.layers[0], optimizer)

    @tf.function(autograph=False)
    def step(ids: Any, slopes: Any) -> None:
        rows, places = table.rows_of(ids)
        distinct = tf.zeros(tf.shape(rows)[0], tf.int32)
        distinct = tf.tensor_scatter_nd_update(
            distinct, tf.reshape(places, (-1, 1)), tf.reshape(ids, (-1,))
        )
        apply_gradients(optimizer, [tf.gather(slopes, distinct)], [table], tf.zeros(1))

    for number, (ids, slopes) in enumerate(batches(), 1):
        optimizer.learning_rate.assign(rate_at(number))
        step(tf.constant(ids), tf.constant(slopes))
        if number in settled:
            table.settle()
    table.settle()
    return state_of(model, optimizer)


def by_keras(**arguments: Any) -> State:
    model, optimizer = embedding_and(keras.optimizers.Adam(1.0, **arguments))
    for number, (ids, slopes) in enumerate(batches(), 1):
        optimizer.learning_rate.assign(rate_at(number))
        gradient = tf.constant(whole_gradient(ids, slopes))
        optimizer.apply_gradients([(gradient, model.trainable_variables[0])])
    return state_of(model, optimizer)


def in_float64(**arguments: Any) -> float64_adam.Exact:
    model, optimizer = embedding_and(keras.optimizers.Adam(1.0, **arguments))
    exact = float64_adam.exactly(*state_of(model, optimizer))
    for number, (ids, slopes) in enumerate(batches(), 1):
        gradient = whole_gradient(ids, slopes)
        exact = float64_adam.stepped(exact, gradient, number, rate_at(number), optimizer)
    return exact


def whole_gradient(ids: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Of the table, zero in the rows that a batch does not read."""
    whole = np.zeros((WORDS, WIDTH), np.float32)
    whole[ids] = slopes[ids]
    return whole


def state_of(model: Any, optimizer: Any) -> State:
    return list(float64_adam.state_of(optimizer, [model.layers[0].embeddings]))


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"epsilon": 0.01},
        {"beta_1": 0.0},
        # The second moment falls faster than the first, so that steps grow.
        {"beta_1": 0.95, "beta_2": 0.6, "epsilon": 1e-4},
    ],
    ids=str,
)
def test_steps_put_off_are_those_of_adam_over_the_whole_table(arguments: dict[str, Any]) -> None:
    expected = in_float64(**arguments)
    # Weights move by up to 0.02 in each of 250 steps: one step fewer is seen, or another epsilon.
    assert max(error.max() for error in expected.errors) < 3e-4
    float64_adam.assert_within(tuple(by_keras(**arguments)), expected)
    float64_adam.assert_within(tuple(put_off(**arguments)), expected)


WHOLE = put_off()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, STEPS), max_size=6))
def test_when_the_table_is_put_back_changes_no_bit(settled: list[int]) -> None:
    for got, expected in zip(put_off(settled), WHOLE, strict=True):
        assert np.array_equal(got, expected)


def test_words_that_no_batch_has_stay_as_they_were() -> None:
    model, _ = embedding_and(keras.optimizers.Adam())
    unread = np.setdiff1d(np.arange(WORDS), [ids for ids, _ in batches()])
    assert len(unread)
    before = np.array(model.layers[0].embeddings.numpy())
    assert np.array_equal(WHOLE[0][unread], before[unread])
    assert not WHOLE[2][unread].any()


def test_the_words_of_a_batch_are_given_once_each_with_the_places_of_all() -> None:
    model, optimizer = embedding_and(keras.optimizers.Adam())
    ids = np.array([[7, 3, 7, 0], [3, 9, 7, 7]], np.int32)
    rows, places = LargeEmbedding(model.layers[0], optimizer).rows_of(tf.constant(ids))
    assert len(rows) == 4
    np.testing.assert_array_equal(tf.gather(rows, places), model(ids))


ADAM: Callable[[], Any] = keras.optimizers.Adam


@pytest.mark.parametrize(
    ("taken", "optimizer", "arguments"),
    [
        (True, ADAM, {}),
        (False, ADAM, {"embeddings_regularizer": "l2"}),
        (False, ADAM, {"embeddings_constraint": "max_norm"}),
        (False, keras.optimizers.AdamW, {}),
        (False, keras.optimizers.SGD, {}),
        (False, lambda: ADAM(amsgrad=True), {}),
    ],
)
def test_only_a_table_whose_rows_move_by_their_own_gradients_alone_is_taken(
    monkeypatch: pytest.MonkeyPatch, taken: bool, optimizer: Any, arguments: dict[str, Any]
) -> None:
    monkeypatch.setattr(large_embedding, "PAYS_FROM", WORDS * WIDTH)
    (found,) = sources_of(*embedding_and(optimizer(), **arguments))
    assert isinstance(found, LargeEmbedding) == taken


def test_a_small_or_a_frozen_table_stays_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    model, optimizer = embedding_and(ADAM())
    (found,) = sources_of(model, optimizer)
    assert isinstance(found, Variable)
    monkeypatch.setattr(large_embedding, "PAYS_FROM", 0)
    model.layers[0].trainable = False
    assert sources_of(model, optimizer) == []
