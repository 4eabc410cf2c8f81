"""Bidirectional layers against two plain layers, the second one fed each sentence reversed."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras
from tests.models.small import SENTENCES, layer, small_config

CELLS = ("simple_rnn", "gru", "lstm")
MERGES = {
    "concat": lambda f, b: np.concatenate([f, b], axis=-1),
    "sum": np.add,
    "mul": np.multiply,
    "ave": lambda f, b: (f + b) / 2,
}


def one_way(trained: Any, values: np.ndarray) -> np.ndarray:
    """A plain, forward layer with the weights of a trained one: (steps, features) in and out."""
    plain = type(trained)(trained.units, return_sequences=True)
    plain.build((1, *values.shape))
    plain.set_weights(trained.get_weights())
    return np.asarray(plain(values[np.newaxis]))[0]


@pytest.mark.parametrize("merge_mode", MERGES)
@pytest.mark.parametrize("cell", CELLS)
def test_both_directions_are_the_forward_layer_on_the_sentence_and_on_its_reverse(
    cell: str, merge_mode: str
) -> None:
    spec = layer(cell, bidirectional=True, merge_mode=merge_mode)
    tagger = build_model(small_config(spec, task="tag"))
    classifier = build_model(small_config(spec))
    classifier.set_weights(tagger.get_weights())
    name = f"bidirectional_{cell}"
    both = tagger.get_layer(name)
    vectors = tagger.get_layer("embedding")(SENTENCES)
    steps = np.asarray(both(vectors))
    last = np.asarray(classifier.get_layer(name)(classifier.get_layer("embedding")(SENTENCES)))

    for row, sentence in enumerate(SENTENCES):
        words = np.asarray(vectors)[row, : np.count_nonzero(sentence)]
        forward = one_way(both.forward_layer, words)
        backward = one_way(both.backward_layer, words[::-1])

        expected = MERGES[merge_mode](forward, backward[::-1])
        np.testing.assert_allclose(steps[row, : len(words)], expected, atol=1e-6)
        expected_last = MERGES[merge_mode](forward[-1], backward[-1])
        np.testing.assert_allclose(last[row], expected_last, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_the_two_directions_start_from_different_weights(cell: str) -> None:
    spec = layer(cell, bidirectional=True, bias_initializer="random_normal")
    both = build_model(small_config(spec)).get_layer(f"bidirectional_{cell}")

    pairs = zip(both.forward_layer.get_weights(), both.backward_layer.get_weights(), strict=True)
    assert not any(np.allclose(forward, backward) for forward, backward in pairs)


@pytest.mark.parametrize("rate", ["dropout", "recurrent_dropout"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_two_directions_drop_different_units(cell: str, rate: str) -> None:
    spec = {"cell": cell, "units": 16, "bidirectional": True, rate: 0.5}
    both = build_model(small_config(spec)).get_layer(f"bidirectional_{cell}")
    both.backward_layer.set_weights(both.forward_layer.get_weights())
    # The same vector at every step reads the same from either end.
    steps = keras.ops.ones((2, 4, 4))

    at_rest = np.split(np.asarray(both(steps)), 2, axis=-1)
    in_training = np.split(np.asarray(both(steps, training=True)), 2, axis=-1)

    np.testing.assert_allclose(*at_rest, atol=1e-6)
    assert not np.allclose(*in_training)


@pytest.mark.parametrize("cell", CELLS)
def test_the_inner_layers_are_named_after_their_direction(cell: str) -> None:
    spec = layer(cell, bidirectional=True)
    model = build_model(small_config(spec, spec))
    names = [
        (both.name, both.forward_layer.name, both.backward_layer.name) for both in model.layers[1:3]
    ]
    assert names == [
        (f"bidirectional_{cell}_{number}", f"forward_{cell}_{number}", f"backward_{cell}_{number}")
        for number in (1, 2)
    ]
