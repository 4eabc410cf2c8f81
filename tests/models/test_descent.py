"""Adam in one pass: Keras' equations from the same state and gradients, each step on its own."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.descent import apply_gradients, dense_gradients, in_one_pass, variables_of
from rnnbuild.models.framework import keras, tf
from tests.models import float64_adam

IDS = np.array([[1, 4, 4, 0], [2, 1, 1, 1]])
RATE = 0.1


def model_and_optimizer(constraint: str | None = None, **arguments: Any) -> tuple[Any, Any]:
    """A table, of which some rows are read repeatedly and some never, and a Dense."""
    keras.utils.set_random_seed(1)
    table = keras.layers.Embedding(6, 3, embeddings_constraint=constraint)
    model = keras.Sequential([keras.Input((4,), dtype="int32"), table, keras.layers.Dense(2)])
    optimizer = keras.optimizers.Adam(RATE, **arguments)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def gradients_of(model: Any) -> list[Any]:
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((model(IDS) - 3.0) ** 2)
    return tape.gradient(loss, model.trainable_variables)


def states(model: Any, optimizer: Any) -> list[tuple[np.ndarray, ...]]:
    variables = model.trainable_variables
    return [float64_adam.state_of(optimizer, variables, at) for at in range(len(variables))]


def expected_after(
    before: list[Any], gradients: list[np.ndarray], number: int, optimizer: Any, **way: Any
) -> list[float64_adam.Exact]:
    """Adam in float64, after clipping the gradients together."""
    limit, norm = optimizer.global_clipnorm, float(np.sqrt(sum((g**2).sum() for g in gradients)))
    clip = 1.0 if limit is None else min(1.0, limit / norm)
    # The norm is a root of a sum over all gradients' elements.
    rounded = 0.0 if limit is None else sum(g.size for g in gradients) * float64_adam.ROUNDOFF
    return [
        float64_adam.stepped(
            float64_adam.exactly(*state), clip * g, number, RATE, optimizer, rounded, **way
        )
        for state, g in zip(before, gradients, strict=True)
    ]


def assert_step(
    found: list[tuple[np.ndarray, ...]], expected: list[float64_adam.Exact], constraint: str | None
) -> None:
    for place, (one, exact) in enumerate(zip(found, expected, strict=True)):
        if place == 0 and constraint == "non_neg":
            weight, *moments = exact.values
            exact = float64_adam.Exact((np.maximum(weight, 0.0), *moments), exact.errors)
        float64_adam.assert_within(one, exact)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"beta_1": 0.5, "beta_2": 0.7, "epsilon": 0.01},
        {"global_clipnorm": 0.3},
        {"constraint": "non_neg"},
    ],
    ids=str,
)
def test_adam_in_one_pass_takes_the_steps_that_keras_takes(arguments: dict[str, Any]) -> None:
    (ours, one_pass), (theirs, optimizer) = (model_and_optimizer(**arguments) for _ in range(2))
    constraint = arguments.get("constraint")
    for number in range(1, 6):
        before = states(theirs, optimizer)
        gradients = dense_gradients(gradients_of(theirs))
        exact = [gradient.numpy().astype(np.float64) for gradient in gradients]
        optimizer.apply_gradients(zip(gradients, theirs.trainable_variables, strict=True))
        expected = expected_after(before, exact, number, optimizer)
        assert_step(states(theirs, optimizer), expected, constraint)

        norms = tf.stack([tf.norm(gradient) for gradient in gradients])
        apply_gradients(one_pass, gradients, variables_of(ours, one_pass), norms)
        expected = expected_after(before, exact, number, one_pass, tensorflow=True)
        assert_step(states(ours, one_pass), expected, constraint)
        # The next step starts from equal states, so that no difference grows.
        ours.set_weights(theirs.get_weights())
        for variable, other in zip(one_pass.variables, optimizer.variables, strict=True):
            variable.assign(other)


def test_the_gradients_of_a_row_that_is_read_repeatedly_are_summed() -> None:
    model, _ = model_and_optimizer()
    by_occurrence = gradients_of(model)[0]
    assert isinstance(by_occurrence, tf.IndexedSlices)
    assert len(by_occurrence.indices) == IDS.size
    expected, sizes = np.zeros((2, 6, 3))
    values = by_occurrence.values.numpy().reshape(-1, 3).astype(np.float64)
    np.add.at(expected, by_occurrence.indices.numpy(), values)
    np.add.at(sizes, by_occurrence.indices.numpy(), np.abs(values))
    (summed,) = dense_gradients([by_occurrence])
    # A row is read four times at most: three additions.
    assert (np.abs(summed.numpy() - expected) <= 3 * float64_adam.ROUNDOFF * sizes).all()


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.Adam(amsgrad=True),
        keras.optimizers.AdamW(),
        keras.optimizers.SGD(),
        keras.optimizers.Adam(weight_decay=0.1),
        keras.optimizers.Adam(clipnorm=1.0),
    ],
    ids=lambda optimizer: optimizer.name,
)
def test_what_the_one_pass_does_not_know_is_left_to_keras(optimizer: Any) -> None:
    assert not in_one_pass(optimizer)
