"""Adam in one pass against Keras' own: weights, state and all, over several steps."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.descent import apply_gradients, dense_gradients, in_one_pass
from rnnbuild.models.framework import keras, tf

IDS = np.array([[1, 4, 4, 0], [2, 1, 1, 1]])


def trained(one_pass: bool, **arguments: Any) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Weights and optimizer state after a few steps on rows of a table, some read repeatedly."""
    keras.utils.set_random_seed(1)
    table = keras.layers.Embedding(6, 3, embeddings_constraint=arguments.pop("constraint", None))
    dense = keras.layers.Dense(2)
    model = keras.Sequential([keras.Input((4,), dtype="int32"), table, dense])
    optimizer = keras.optimizers.Adam(0.1, **arguments)
    optimizer.build(model.trainable_variables)
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((model(IDS) - 3.0) ** 2)
        gradients = dense_gradients(tape.gradient(loss, model.trainable_variables))
        if one_pass:
            apply_gradients(optimizer, gradients, model.trainable_variables)
        else:
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return model.get_weights(), [np.asarray(variable) for variable in optimizer.variables]


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
def test_adam_in_one_pass_leaves_the_weights_and_the_state_that_keras_leaves(
    arguments: dict[str, Any],
) -> None:
    for expected, got in zip(trained(False, **arguments), trained(True, **arguments), strict=True):
        for one, other in zip(expected, got, strict=True):
            np.testing.assert_allclose(other, one, rtol=2e-5, atol=1e-6)


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
