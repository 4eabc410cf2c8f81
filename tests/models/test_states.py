"""Kernels from an initial state to the last one: against Keras, and against the whole sequence."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.models.framework import tf
from rnnbuild.models.fused import description_of, fused_outputs, fused_outputs_and_state
from rnnbuild.models.kernels.directions import steps_at_once
from tests.models.recurrent_layers import CELLS, layer_of, some_rows


def state_of(layer: Any, rows: int, seed: int = 4) -> list[np.ndarray]:
    """A random state of each direction, as the kernels take it."""
    draw, described = np.random.default_rng(seed), description_of(layer)
    assert described is not None
    return [
        draw.uniform(-0.9, 0.9, (count, rows, units)).astype(np.float32)
        for count, units in (direction.state_shape for direction in described.directions)
    ]


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_from_an_initial_state_to_the_last_one_all_gradients_are_keras_own(
    cell: str, bidirectional: bool, return_sequences: bool
) -> None:
    layer = layer_of(cell, 5, bidirectional, return_sequences=return_sequences, return_state=True)
    values, lengths = some_rows(6, steps_at_once(6, 1000) + 4, 3)
    mask = np.arange(values.shape[1]) < np.asarray(lengths)[:, None]
    layer(values)
    state = [tf.constant(one) for one in state_of(layer, 6)]

    def results_of(outputs: Any, last: list[Any], tape: Any) -> list[np.ndarray]:
        """Real outputs, last states, and the gradients of a random sum of both."""
        weights = draw_again(outputs.shape, mask)
        loss = tf.reduce_sum(outputs * weights)
        loss += sum(tf.reduce_sum(one * draw_again(one.shape, None)) for one in last)
        sources = [values, *state, *layer.trainable_variables]
        gradients = tape.gradient(loss, sources)
        real = outputs.numpy()[mask] if return_sequences else outputs.numpy()
        return [real, *(np.asarray(one) for one in (*last, *gradients))]

    def draw_again(shape: Any, real: Any) -> np.ndarray:
        weights = np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)
        return weights * real[..., None] if real is not None and len(shape) == 3 else weights

    with tf.GradientTape() as tape:
        tape.watch([values, *state])
        outputs, *arrays = layer(
            values,
            initial_state=[array for one in state for array in tf.unstack(one)],
            mask=tf.constant(mask),
        )
        count = state[0].shape[0]
        last = [tf.stack(arrays[at : at + count]) for at in range(0, len(arrays), count)]
        expected = results_of(outputs, last, tape)
    with tf.GradientTape() as tape:
        tape.watch([values, *state])
        got = results_of(*fused_outputs_and_state(layer, values, lengths, True, state), tape)
    for one, other in zip(expected, got, strict=True):
        scale = max(1.0, float(np.abs(one).max()))
        # As in `assert_agree`: some tens of roundings of 6e-8, in sums over rows and steps.
        np.testing.assert_allclose(other / scale, one / scale, rtol=0, atol=3e-6)


@settings(max_examples=40, deadline=None)
@given(
    cell=st.sampled_from(CELLS),
    units=st.integers(1, 40),
    rows=st.integers(1, 5),
    steps=st.integers(2, 70),
    cut=st.floats(0, 1),
    training=st.booleans(),
)
def test_a_sequence_cut_anywhere_and_carried_on_is_the_whole(
    cell: str, units: int, rows: int, steps: int, cut: float, training: bool
) -> None:
    layer = layer_of(cell, units, False, return_sequences=True)
    values = some_rows(rows, steps, 3)[0]
    layer(values)
    at = 1 + round(cut * (steps - 2))
    state = [np.zeros_like(one) for one in state_of(layer, rows)]

    def run(part: Any, before: Any) -> Any:
        lengths = tf.fill((rows,), part.shape[1])
        return fused_outputs_and_state(layer, part, lengths, training, before)

    whole, last = run(values, state)
    head, between = run(values[:, :at], state)
    tail, end = run(values[:, at:], between)
    # To the bit but for x·W: its product has other rows beside a row, and BLAS may then add in
    # another order; 3 products of 6e-8 a step, which |h| < 1 and |c| < steps keep from growing.
    tolerance = 1e-5
    np.testing.assert_allclose(np.concatenate([head, tail], 1), whole, rtol=0, atol=tolerance)
    np.testing.assert_allclose(end[0], last[0], rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(
        fused_outputs(layer, values, tf.fill((rows,), steps), training)[:, :1], whole[:, :1]
    )


@pytest.mark.parametrize("cell", CELLS)
def test_from_a_state_of_zeros_outputs_and_gradients_have_the_same_bits(cell: str) -> None:
    values, lengths = some_rows(5, 6, 3)
    layer = layer_of(cell, 4, True, return_sequences=True)
    layer(values)
    state = [np.zeros_like(one) for one in state_of(layer, 5)]
    both = []
    for initial in ([], state):
        with tf.GradientTape() as tape:
            tape.watch(values)
            outputs, _ = fused_outputs_and_state(layer, values, lengths, True, initial)
        both.append([outputs, *tape.gradient(outputs, [values, *layer.trainable_variables])])
    for one, other in zip(*both, strict=True):
        np.testing.assert_array_equal(one, other)
