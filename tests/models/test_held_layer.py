"""Weights that stay in the kernels: Adam's steps, and no bit depends on when they are put back."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.descent import Variable, apply_gradients
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.fused import fused_outputs
from rnnbuild.models.held_layer import HeldLayer
from rnnbuild.models.sources import sources_of
from tests.models import float64_adam
from tests.models.recurrent_layers import CELLS, layer_of, some_rows

RATE, UNITS, WIDTH = 0.01, 19, 6
"""Units that fill two panels, the last in part."""


class Trained:
    """A recurrent layer alone, whose weights are held, with the loss sum(outputs · slopes)."""

    def __init__(self, cell: str, bidirectional: bool = False, **arguments: Any) -> None:
        keras.utils.set_random_seed(1)
        self.layer = layer_of(cell, UNITS, bidirectional, **arguments)
        self.model = keras.Sequential([keras.Input((None, WIDTH)), self.layer])
        self.optimizer = keras.optimizers.Adam(RATE)
        self.optimizer.build(self.model.trainable_variables)

    def hold(self, clip: float | None = None) -> Any:
        """A function that takes a step, and returns the norms of the gradients."""
        self.optimizer.global_clipnorm = clip
        sources = sources_of(self.model, self.optimizer)
        (self.source,) = sources

        @tf.function(autograph=False)
        def step(inputs: Any, lengths: Any, slopes: Any) -> Any:
            start = self.source.begin(inputs)
            with tf.GradientTape() as tape:
                tape.watch(start.tensor)
                outputs = start.layers[self.layer.name](inputs, lengths)
                loss = tf.reduce_sum(outputs * slopes)
            gradient = tape.gradient(loss, start.tensor)
            norms = self.source.norms(gradient)
            apply_gradients(self.optimizer, [gradient], sources, norms)
            return norms

        return step

    def gradients(self, inputs: Any, lengths: Any, slopes: Any) -> list[Any]:
        """Those of the weights as the variables have them."""
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(fused_outputs(self.layer, inputs, lengths, True) * slopes)
        return [one.numpy() for one in tape.gradient(loss, self.layer.trainable_variables)]

    def states(self) -> list[Any]:
        variables = self.layer.trainable_variables
        return [
            float64_adam.state_of(self.optimizer, variables, at) for at in range(len(variables))
        ]


def slopes_of(number: int, bidirectional: bool) -> Any:
    draw = np.random.default_rng(number)
    return tf.constant(draw.normal(size=(5, UNITS * (1 + bidirectional))).astype(np.float32))


@pytest.mark.parametrize("clip", [None, 0.5])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_each_step_is_adams_of_the_gradients_of_the_same_weights(
    cell: str, bidirectional: bool, clip: float | None
) -> None:
    trained = Trained(cell, bidirectional)
    step, (inputs, lengths) = trained.hold(clip), some_rows(5, 7, WIDTH)
    for number in range(1, 5):
        slopes = slopes_of(number, bidirectional)
        before, gradients = trained.states(), trained.gradients(inputs, lengths, slopes)
        norms = step(inputs, lengths, slopes).numpy()
        trained.source.settle()
        exact = [gradient.astype(np.float64) for gradient in gradients]
        sizes = [gradient.size for gradient in gradients]
        together = np.sqrt(sum((gradient**2).sum() for gradient in exact))
        scale = 1.0 if clip is None else min(1.0, clip / together)
        np.testing.assert_allclose(
            norms, [np.linalg.norm(one) for one in exact], rtol=max(sizes) * float64_adam.ROUNDOFF
        )
        rounded = 0.0 if clip is None else sum(sizes) * float64_adam.ROUNDOFF
        for state, start, gradient in zip(trained.states(), before, exact, strict=True):
            expected = float64_adam.stepped(
                float64_adam.exactly(*start),
                scale * gradient,
                number,
                RATE,
                trained.optimizer,
                # Clipping multiplies a gradient; without it, it is the very same.
                rounded,
            )
            float64_adam.assert_within(state, expected)


@pytest.mark.parametrize("cell", CELLS)
def test_no_bit_depends_on_when_weights_are_put_back(cell: str) -> None:
    found = []
    inputs, lengths = some_rows(5, 7, WIDTH)
    for settled in ((), (1, 2), (1, 2, 3, 4, 5)):
        trained = Trained(cell, bidirectional=True)
        step = trained.hold()
        for number in range(1, 6):
            step(inputs, lengths, slopes_of(number, True))
            if number in settled:
                trained.source.settle()
        trained.source.settle()
        found.append(trained.states())
    for other in found[1:]:
        for one, state in zip(found[0], other, strict=True):
            for expected, got in zip(one, state, strict=True):
                np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    ("held", "arguments"),
    [
        (True, {}),
        (True, {"dropout": 0.2}),
        (False, {"use_bias": False}),
        (False, {"recurrent_regularizer": "l2"}),
        (False, {"kernel_constraint": "max_norm"}),
        (False, {"recurrent_dropout": 0.2}),
        (False, {"activation": "relu"}),
    ],
)
def test_weights_that_move_by_their_own_gradients_alone_are_held(
    held: bool, arguments: dict[str, Any]
) -> None:
    trained = Trained("GRU", bidirectional=True, **arguments)
    sources = sources_of(trained.model, trained.optimizer)
    assert {type(one) for one in sources} == {HeldLayer if held else Variable}
    assert [one for source in sources for one in source.variables] == trained.model.weights


def test_frozen_layers_and_other_optimizers_leave_weights_in_their_variables() -> None:
    trained = Trained("LSTM")
    adamw = keras.optimizers.AdamW()
    adamw.build(trained.model.trainable_variables)
    assert {type(one) for one in sources_of(trained.model, adamw)} == {Variable}
    trained.layer.trainable = False
    assert sources_of(trained.model, trained.optimizer) == []
