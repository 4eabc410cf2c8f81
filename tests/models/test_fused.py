"""The kernels against Keras: outputs, gradients and dropout of every cell they know."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.models.framework import keras, tf
from rnnbuild.models.fused import (
    cells_of,
    description_of,
    fused_outputs,
    fused_outputs_and_state,
    fused_outputs_of_products,
)
from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.blocks import STEPS_AT_ONCE
from rnnbuild.models.recurrent import why_not_in_kernels

CELLS = ("SimpleRNN", "GRU", "LSTM")


def layer_of(cell: str, units: int, bidirectional: bool, **arguments: Any) -> Any:
    make = getattr(keras.layers, cell)
    # Biases that are not zero, so that forgetting one shows.
    given: dict[str, Any] = {"bias_initializer": "random_normal"} | arguments
    if not given.get("use_bias", True):
        del given["bias_initializer"]
    if not bidirectional:
        return make(units, seed=1, **given)
    merge = given.pop("merge_mode", "concat")
    return keras.layers.Bidirectional(
        make(units, seed=1, **given),
        merge_mode=merge,
        backward_layer=make(units, seed=2, go_backwards=True, **given),
    )


def both_ways(layer: Any, inputs: np.ndarray, lengths: np.ndarray) -> tuple[Any, Any]:
    """Outputs at real steps and gradients of a random loss: Keras' and the kernels', one seed."""
    mask = np.arange(inputs.shape[1]) < lengths[:, None]
    values = tf.constant(inputs)
    shape = layer(values).shape
    weights = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    if len(shape) == 3:
        weights *= mask[..., None]
    seeds = [cell.seed_generator.state for cell in cells_of(layer)]
    start = [seed.numpy() for seed in seeds]

    def found(compute: Any) -> list[np.ndarray]:
        for seed, state in zip(seeds, start, strict=True):
            seed.assign(state)
        with tf.GradientTape() as tape:
            tape.watch(values)
            outputs = compute()
            loss = tf.reduce_sum(outputs * weights)
        gradients = tape.gradient(loss, [values, *layer.trainable_variables])
        real = outputs.numpy()[mask] if len(shape) == 3 else outputs.numpy()
        return [real, *(np.asarray(gradient) for gradient in gradients)]

    keras_own = found(lambda: layer(values, mask=tf.constant(mask), training=True))
    kernels = found(lambda: fused_outputs(layer, values, tf.constant(lengths, tf.int32), True))
    return keras_own, kernels


def assert_agree(layer: Any, rows: int, steps: int, width: int, seed: int = 0) -> None:
    draw = np.random.default_rng(seed)
    inputs = draw.normal(size=(rows, steps, width)).astype(np.float32)
    lengths = draw.integers(1, steps + 1, rows).astype(np.int32)
    for expected, got in zip(*both_ways(layer, inputs, lengths), strict=True):
        scale = max(1.0, float(np.abs(expected).max()))
        # Sums over rows and steps, some fifty roundings of 2^-24, relative to the largest.
        np.testing.assert_allclose(got / scale, expected / scale, rtol=0, atol=3e-6)


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_outputs_and_gradients_of_rows_of_any_length_are_keras_own(
    cell: str, bidirectional: bool, return_sequences: bool
) -> None:
    layer = layer_of(cell, 5, bidirectional, return_sequences=return_sequences)
    assert_agree(layer, rows=7, steps=6, width=3)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_drops_the_same_inputs_from_the_same_seed_as_in_keras(cell: str) -> None:
    assert_agree(layer_of(cell, 5, True, return_sequences=True, dropout=0.5), 6, 4, 8)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_without_biases_agrees(cell: str) -> None:
    assert_agree(layer_of(cell, 4, False, return_sequences=True, use_bias=False), 3, 4, 2)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_that_goes_backwards_ends_at_the_first_step(cell: str) -> None:
    assert_agree(layer_of(cell, 4, False, go_backwards=True), 5, 6, 3)


@pytest.mark.parametrize("merge_mode", ["concat", "sum", "ave", "mul"])
def test_every_merge_mode_agrees(merge_mode: str) -> None:
    layer = layer_of("GRU", 3, True, return_sequences=True, merge_mode=merge_mode)
    assert_agree(layer, 4, 5, 3)


@settings(max_examples=25, deadline=None)
@given(
    cell=st.sampled_from(CELLS),
    bidirectional=st.booleans(),
    units=st.integers(1, 9),
    rows=st.integers(1, 9),
    steps=st.integers(1, 7),
    width=st.integers(1, 5),
)
def test_sizes_of_any_kind_agree(
    cell: str, bidirectional: bool, units: int, rows: int, steps: int, width: int
) -> None:
    layer = layer_of(cell, units, bidirectional, return_sequences=True)
    assert_agree(layer, rows, steps, width, seed=units)


@pytest.mark.parametrize("cell", CELLS)
def test_a_batch_that_is_dealt_out_to_all_processors_agrees(cell: str) -> None:
    assert_agree(layer_of(cell, 40, False, return_sequences=True), 33, 30, 10)


@pytest.mark.parametrize("cell", CELLS)
def test_without_training_nothing_is_dropped_and_the_outputs_are_the_same(cell: str) -> None:
    layer = layer_of(cell, 4, True, return_sequences=True, dropout=0.5)
    inputs = tf.constant(np.random.default_rng(1).normal(size=(3, 5, 2)).astype(np.float32))
    expected = layer(inputs, training=False)
    got = fused_outputs(layer, inputs, tf.constant([5, 5, 5], tf.int32), False)
    np.testing.assert_allclose(np.asarray(got), np.asarray(expected), atol=2e-6)


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_inputs_that_stand_at_many_steps_may_be_given_once(
    cell: str, bidirectional: bool, return_sequences: bool
) -> None:
    layer = layer_of(cell, 4, bidirectional, return_sequences=return_sequences)
    draw = np.random.default_rng(2)
    few = draw.normal(size=(5, 3)).astype(np.float32)
    places = draw.integers(0, 5, (6, 7)).astype(np.int32)
    lengths = np.array([7, 1, 3, 7, 5, 2], np.int32)
    mask = np.arange(7) < lengths[:, None]
    expected = np.asarray(layer(tf.constant(few[places]), mask=tf.constant(mask)))
    products = [few @ cell.kernel.numpy() for cell in cells_of(layer)]
    got = np.asarray(
        fused_outputs_of_products(layer, products, tf.constant(places), tf.constant(lengths))
    )
    if return_sequences:
        expected, got = expected[mask], got[mask]
    np.testing.assert_allclose(got, expected, atol=2e-6)


def test_a_value_that_is_no_number_stays_none() -> None:
    layer = layer_of("LSTM", 3, False, return_sequences=True)
    inputs = np.zeros((2, 3, 2), np.float32)
    layer(inputs)
    inputs[1, 1, 0] = np.nan
    outputs = fused_outputs(layer, tf.constant(inputs), tf.constant([3, 3], tf.int32), False)
    assert np.isfinite(outputs[0]).all()
    assert np.isnan(outputs[1, 1:]).all()


@pytest.mark.parametrize(
    ("cell", "argument", "value"),
    [
        ("LSTM", "activation", "relu"),
        ("GRU", "recurrent_activation", "hard_sigmoid"),
        ("GRU", "reset_after", False),
        ("SimpleRNN", "recurrent_dropout", 0.1),
        ("LSTM", "activity_regularizer", "l2"),
    ],
)
def test_an_argument_that_the_kernels_do_not_know_is_named(
    cell: str, argument: str, value: Any
) -> None:
    layer = layer_of(cell, 3, False, **{argument: value})
    assert why_not_in_kernels(description_of(layer)) == argument


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_as_it_comes_is_known_to_the_kernels(cell: str) -> None:
    assert why_not_in_kernels(description_of(layer_of(cell, 3, True))) is None


def some_rows(rows: int, steps: int, width: int) -> tuple[Any, Any]:
    draw = np.random.default_rng(3)
    values = draw.normal(size=(rows, steps, width)).astype(np.float32)
    return tf.constant(values), tf.constant(draw.integers(1, steps + 1, rows), tf.int32)


@pytest.mark.parametrize("cell", CELLS)
def test_a_second_gradient_of_the_same_pass_has_the_same_bits(cell: str) -> None:
    values, lengths = some_rows(5, 6, 3)
    layer = layer_of(cell, 4, True)
    layer(values)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(values)
        outputs = fused_outputs(layer, values, lengths, True)
    once, again = (tape.gradient(outputs, [values, *layer.trainable_variables]) for _ in range(2))
    for one, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("cell", CELLS)
def test_passes_of_one_traced_function_that_run_before_its_gradients_do_not_meet(cell: str) -> None:
    layer = layer_of(cell, 4, True)
    first, second = some_rows(5, 6, 3), some_rows(7, 9, 3)
    layer(first[0])
    through = tf.function(
        lambda values, lengths: fused_outputs(layer, values, lengths, True),
        input_signature=[tf.TensorSpec((None, None, 3)), tf.TensorSpec((None,), tf.int32)],
    )
    expected = []
    for values, lengths in (first, second):
        with tf.GradientTape() as tape:
            outputs = through(values, lengths)
        expected.append(tape.gradient(outputs, layer.trainable_variables))
    with tf.GradientTape(persistent=True) as tape:
        both = [through(values, lengths) for values, lengths in (first, second)]
    through(*second)  # a pass that no gradient follows
    for outputs, own in zip(both, expected, strict=True):
        for got, one in zip(tape.gradient(outputs, layer.trainable_variables), own, strict=True):
            np.testing.assert_array_equal(got, one)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_outputs_and_gradients_have_the_same_bits_on_any_number_of_processors(
    cell: str, bidirectional: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, lengths = some_rows(50, 40, 8)
    layer = layer_of(cell, 40, bidirectional, return_sequences=True)
    layer(values)
    found = []
    for processors in (1, 2, 5):
        monkeypatch.setattr(shards, "processors", lambda count=processors: count)
        shards._pool.cache_clear()
        with tf.GradientTape() as tape:
            tape.watch(values)
            outputs = fused_outputs(layer, values, lengths, True)
        found.append([outputs, *tape.gradient(outputs, [values, *layer.trainable_variables])])
    shards._pool.cache_clear()
    for other in found[1:]:
        for one, got in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(got, one)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_sequences_of_several_blocks_agree(cell: str, bidirectional: bool) -> None:
    layer = layer_of(cell, 6, bidirectional, return_sequences=True)
    assert_agree(layer, 4, 2 * STEPS_AT_ONCE + 5, 3)
    inputs, lengths = some_rows(4, 2 * STEPS_AT_ONCE + 5, 3)
    kept = fused_outputs(layer, inputs, lengths, True)
    np.testing.assert_array_equal(fused_outputs(layer, inputs, lengths, False), kept)


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
    values, lengths = some_rows(6, STEPS_AT_ONCE + 4, 3)
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
    steps=st.integers(2, 2 * STEPS_AT_ONCE + 3),
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
