"""A step's sums and its move of the weights, against Keras and against other batches."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
import pytest

from rnnbuild.data.examples.batches import Batch, make_batch
from rnnbuild.models.descent import variables_of
from rnnbuild.models.forward import forward_pass_of
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.losses import loss_of
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.steps.exchange import Part, of_batches, of_one_batch
from rnnbuild.training.steps.gather import gather_of
from rnnbuild.training.steps.step import arrays_of
from tests.training.small_runs import VALUES, prepared_with

SUMS = ["loss", "weight", "correct"]
ROWS = np.arange(24)
TOKENS = 780
"""In these rows: the terms of every sum."""
EPSILON = float(np.finfo(np.float32).eps)
ROUNDINGS = 8 * TOKENS**0.5 * EPSILON
"""How far two float32 sums of the same terms in another order may lie apart, relative to them.

The roundings of a sum of n terms grow with the root of n: more than 8 sqrt(n) half epsilons occur
in one of 10^13 sums (Higham and Mary, "A new approach to probabilistic rounding error analysis",
2019: 2 exp(-8^2 / 2)). That holds whatever a processor's order is; there are two sums, so twice.
"""
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


def assert_same_step(
    before: list[np.ndarray], actual: list[np.ndarray], expected: list[np.ndarray]
) -> None:
    """Both are `before` moved by the rate times a gradient, a sum over TOKENS.

    The move is rounded as that sum is, relative to the weight's largest move, since the terms of a
    small one may cancel; and subtracting it rounds by half an epsilon of the weight on each side.
    """
    for start, one, other in zip(before, actual, expected, strict=True):
        largest = float(np.abs(other - start).max())
        assert largest > 0
        rounded = EPSILON * float(np.abs(other).max())
        np.testing.assert_allclose(one, other, rtol=0, atol=ROUNDINGS * largest + rounded)


def test_sums_over_tokens_do_not_depend_on_how_they_are_batched() -> None:
    totals = []
    for sizes in ([24], [1, 7, 16]):
        prepared, session = plain()
        # A rate of zero, so that every batch meets the same weights.
        session.optimizer.learning_rate.assign(0.0)
        steps = [session.train_step([batch]) for batch in batches_of(prepared, sizes)]
        totals.append([sum(getattr(step, key) for step in steps) for key in SUMS])
    np.testing.assert_allclose(totals[0], totals[1], rtol=ROUNDINGS)
    lengths = prepared.data.train.lengths[ROWS]
    assert totals[0][SUMS.index("weight")] == lengths.sum() == TOKENS


def test_accumulated_gradients_are_those_of_one_batch_however_tokens_are_spread() -> None:
    prepared, whole = plain()
    _, session = plain(gradient_accumulation_steps=3)
    for _ in range(2):  # the second step starts with nothing gathered
        # From equal weights: gradients at weights that differ by roundings may differ by more.
        session.model.set_weights(whole.model.get_weights())
        before = weights_of(whole)
        one = whole.train_step(batches_of(prepared, [24]))
        several = session.train_step(batches_of(prepared, [1, 7, 16]))
        for key in (*SUMS, "penalty"):
            assert getattr(several, key) == pytest.approx(getattr(one, key), rel=ROUNDINGS)
        assert_same_step(before, weights_of(session), weights_of(whole))


def test_a_step_is_the_step_that_keras_takes() -> None:
    prepared, session = plain(class_weight={"RIVER": 3.0, "COMPANY": 0.5})
    (batch,) = batches_of(prepared, [24])
    model = keras.models.clone_model(session.model)
    model.set_weights(session.model.get_weights())
    before = weights_of(session)
    session.train_step([batch])

    by_label = {"O": 1.0, "RIVER": 3.0, "COMPANY": 0.5}
    weights = np.array([by_label[label] for label in prepared.data.facts.labels], np.float32)
    with tf.GradientTape() as tape:
        known = np.maximum(batch.targets, 0)  # UNSEEN weighs nothing
        losses = keras.losses.sparse_categorical_crossentropy(known, model(batch.inputs))
        weighed = losses * weights[known] * batch.weights
        objective = tf.reduce_sum(weighed) / batch.weights.sum() + sum(model.losses)
    optimizer = keras.optimizers.SGD(0.5)
    gradients = tape.gradient(objective, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    assert_same_step(before, weights_of(session), [v.numpy() for v in model.trainable_variables])


def gather_parts(prepared: Prepared, session: Session, sizes: Sequence[int]) -> list[Part]:
    """The part of each batch, from the same weights."""
    model = session.model
    gather = gather_of(
        forward_pass_of(model, True),
        variables_of(model, session.optimizer),
        lambda: model.losses,
        loss_of(prepared.resolved, in_kernels=True),
    )
    return [
        gather(*map(tf.convert_to_tensor, arrays_of(batch)))
        for batch in batches_of(prepared, sizes)
    ]


def assert_same_part(part: Part, expected: Part) -> None:
    """Both are sums over TOKENS in another order. Gradients are compared relative to the largest
    value of each weight's, since the terms of a small one may cancel."""
    np.testing.assert_allclose(part.sums, expected.sums, rtol=ROUNDINGS)
    for one, other in zip(part.gradients, expected.gradients, strict=True):
        largest = float(np.abs(other).max())
        assert largest > 0
        np.testing.assert_allclose(one, other, rtol=0, atol=ROUNDINGS * largest)


def test_parts_of_a_batch_are_added_in_proportion_to_their_weights() -> None:
    prepared, session = plain()
    (whole,) = gather_parts(prepared, session, [24])
    exchange = of_batches(session.model.trainable_variables)
    parts = gather_parts(prepared, session, [1, 7, 16])
    assert_same_part(exchange.mean(reduce(exchange.add, parts, exchange.nothing)), whole)
    # Against the same sum in float64: two roundings a part, and one more.
    weights = [float(part.sums[1]) for part in parts]
    mean = exchange.mean(reduce(exchange.add, parts, exchange.nothing))
    for place, gradient in enumerate(mean.gradients):
        terms = [np.float64(part.gradients[place]) for part in parts]
        scaled = [weight * term for weight, term in zip(weights, terms, strict=True)]
        expected = np.sum(scaled, axis=0) / sum(weights)
        bound = np.sum(np.abs(scaled), axis=0) / sum(weights) * 7 * EPSILON
        assert (np.abs(np.float64(gradient) - expected) <= bound).all()


def test_totals_of_two_replicas_added_before_the_mean_are_one_batch() -> None:
    prepared, session = plain()
    (whole,) = gather_parts(prepared, session, [24])
    exchange = of_batches(session.model.trainable_variables)
    parts = gather_parts(prepared, session, [3, 5, 16])
    replicas = [reduce(exchange.add, some, exchange.nothing) for some in (parts[:1], parts[1:])]
    summed = tf.nest.map_structure(tf.add, *replicas)
    assert_same_part(exchange.mean(summed), whole)


def test_the_part_of_one_batch_alone_is_left_as_it_is() -> None:
    prepared, session = plain()
    (part,) = gather_parts(prepared, session, [24])
    exchange = of_one_batch()
    assert exchange.mean(exchange.add(exchange.nothing, part)) is part
    with pytest.raises(ValueError, match="too many values"):
        session.train_step(batches_of(prepared, [12, 12]))


def test_gradient_norms_are_of_each_weight_before_clipping() -> None:
    prepared, session = plain(clip_norm=1e-3)
    before = weights_of(session)
    (batch,) = batches_of(prepared, [24])
    sums = session.train_step([batch])
    moved = [old - new for old, new in zip(before, weights_of(session), strict=True)]
    norm = np.sqrt(sum(np.square(move).sum() for move in moved))
    assert len(sums.gradient_norms) == len(before)
    assert sums.gradient_norm > 1e-3
    # A weight was rounded when the move was subtracted, by half an epsilon of it: together these
    # change the length of the move by no more than their own norm. The rest is the norm's rounding.
    rounded = EPSILON / 2 * float(np.sqrt(sum(np.square(weight).sum() for weight in before)))
    assert norm == pytest.approx(0.5 * 1e-3, rel=0, abs=rounded + 0.5 * 1e-3 * ROUNDINGS)


@pytest.mark.parametrize("count", [1, 2])
def test_a_step_that_is_not_finite_leaves_the_weights_as_they_were(count: int) -> None:
    prepared, session = plain(gradient_accumulation_steps=count)
    session.model.trainable_variables[-1].assign([np.inf] * 3)
    before = weights_of(session)
    sums = session.train_step(batches_of(prepared, [24] if count == 1 else [12, 12]))
    assert not sums.finite
    for left, right in zip(weights_of(session), before, strict=True):
        assert np.array_equal(left, right)
