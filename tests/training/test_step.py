"""A step's sums and its move of the weights, against Keras and against other batches."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from rnnbuild.data.examples.batches import Batch, make_batch
from rnnbuild.models.framework import keras, tf
from rnnbuild.training.prepare import Prepared
from rnnbuild.training.session import Session, session_of
from tests.training.small_runs import VALUES, prepared_with

SUMS = ["loss", "weight", "right"]
ROWS = np.arange(24)
# Nothing random and nothing that looks at the batch as a whole.
PLAIN: dict[str, Any] = {
    **VALUES,
    "model": {
        "embedding": {"output_dim": 5},
        "layers": [{"cell": "gru", "units": 4, "kernel_regularizer": "l2"}],
    },
    "training": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
}


def plain(**training: Any) -> tuple[Prepared, Session]:
    _, prepared = prepared_with({**PLAIN, "training": {**PLAIN["training"], **training}})
    return prepared, session_of(prepared)


def batches_of(prepared: Prepared, sizes: Sequence[int]) -> list[Batch]:
    parts = np.split(ROWS, np.cumsum(sizes)[:-1])
    return [make_batch(prepared.data.train, rows) for rows in parts]


def weights_of(session: Session) -> list[np.ndarray]:
    return [variable.numpy() for variable in session.model.trainable_variables]


def assert_close(found: list[np.ndarray], expected: list[np.ndarray]) -> None:
    for left, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=2e-6)


def test_sums_over_tokens_do_not_depend_on_how_they_are_batched() -> None:
    totals = []
    for sizes in ([24], [1, 7, 16]):
        prepared, session = plain()
        # A rate of zero, so that every batch meets the same weights.
        session.optimizer.learning_rate.assign(0.0)
        steps = [session.train_step([batch]) for batch in batches_of(prepared, sizes)]
        totals.append([sum(getattr(step, key) for step in steps) for key in SUMS])
    np.testing.assert_allclose(totals[0], totals[1], rtol=1e-5)
    lengths = prepared.data.train.lengths[ROWS]
    assert totals[0][SUMS.index("weight")] == lengths.sum()


def test_accumulated_gradients_are_those_of_one_batch_however_tokens_are_spread() -> None:
    prepared, whole = plain()
    _, session = plain(gradient_accumulation_steps=3)
    for _ in range(2):  # the second step starts with nothing gathered
        one = whole.train_step(batches_of(prepared, [24]))
        several = session.train_step(batches_of(prepared, [1, 7, 16]))
        for key in (*SUMS, "penalty"):
            assert getattr(several, key) == pytest.approx(getattr(one, key), rel=1e-4)
        assert_close(weights_of(session), weights_of(whole))


def test_a_step_is_the_step_that_keras_takes() -> None:
    prepared, session = plain(class_weight={"RIVER": 3.0, "COMPANY": 0.5})
    (batch,) = batches_of(prepared, [24])
    model = keras.models.clone_model(session.model)
    model.set_weights(session.model.get_weights())
    session.train_step([batch])

    by_label = {"O": 1.0, "RIVER": 3.0, "COMPANY": 0.5}
    weights = np.array([by_label[label] for label in prepared.data.facts.labels], np.float32)
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(batch.targets, model(batch.inputs))
        weighed = losses * weights[batch.targets] * batch.weights
        objective = tf.reduce_sum(weighed) / batch.weights.sum() + sum(model.losses)
    optimizer = keras.optimizers.SGD(0.5)
    gradients = tape.gradient(objective, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    assert_close(weights_of(session), [v.numpy() for v in model.trainable_variables])


def test_gradient_norms_are_of_each_weight_before_clipping() -> None:
    prepared, session = plain(clip_norm=1e-3)
    before = weights_of(session)
    (batch,) = batches_of(prepared, [24])
    sums = session.train_step([batch])
    moved = [left - right for left, right in zip(before, weights_of(session), strict=True)]
    norm = np.sqrt(sum(np.square(move).sum() for move in moved))
    assert len(sums.gradient_norms) == len(before)
    assert sums.gradient_norm > 1e-3
    assert norm == pytest.approx(0.5 * 1e-3, rel=1e-3)


@pytest.mark.parametrize("count", [1, 2])
def test_a_step_that_is_not_finite_leaves_the_weights_as_they_were(count: int) -> None:
    prepared, session = plain(gradient_accumulation_steps=count)
    session.model.trainable_variables[-1].assign([np.inf] * 3)
    before = weights_of(session)
    sums = session.train_step(batches_of(prepared, [24] if count == 1 else [12, 12]))
    assert not sums.finite
    for left, right in zip(weights_of(session), before, strict=True):
        assert np.array_equal(left, right)
