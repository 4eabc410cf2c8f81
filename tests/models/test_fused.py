"""The kernels against Keras: outputs, gradients and dropout of every cell they know."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.models.framework import tf
from rnnbuild.models.fused import (
    cells_of,
    description_of,
    fused_outputs,
    fused_outputs_of_products,
)
from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.directions import steps_at_once
from rnnbuild.models.recurrent import why_not_in_kernels
from tests.models.recurrent_layers import CELLS, layer_of, some_rows


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
def test_inputs_that_occur_at_many_steps_may_be_given_once(
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


def test_a_value_that_is_not_a_number_stays_none() -> None:
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
def test_a_layer_with_its_defaults_is_known_to_the_kernels(cell: str) -> None:
    assert why_not_in_kernels(description_of(layer_of(cell, 3, True))) is None


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
    assert_agree(layer, 4, 2 * steps_at_once(4, 1000) + 5, 3)
    inputs, lengths = some_rows(4, 2 * steps_at_once(4, 1000) + 5, 3)
    kept = fused_outputs(layer, inputs, lengths, True)
    np.testing.assert_array_equal(fused_outputs(layer, inputs, lengths, False), kept)


# Units beside the multiples of a vector; rows beside those of a tile; fewer steps than the rows
# that are multiplied at once, and more than are added up at once in a gradient.
BESIDE_EVERY_SWITCH = [
    (1, 3, 7, 5),
    (1, 300, 8, 3),
    (7, 4, 9, 16),
    (8, 40, 15, 17),
    (9, 33, 16, 33),
    (17, 20, 17, 1),
    (33, 9, 31, 64),
    (40, 30, 33, 20),
]


@pytest.mark.parametrize("sizes", BESIDE_EVERY_SWITCH)
@pytest.mark.parametrize("cell", CELLS)
def test_sizes_on_both_sides_of_every_switch_agree(
    cell: str, sizes: tuple[int, int, int, int]
) -> None:
    rows, steps, units, width = sizes
    layer = layer_of(cell, units, True, return_sequences=True)
    assert_agree(layer, rows, steps, width)
