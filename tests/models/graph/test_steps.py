"""The graph for one step, whose states go from step to step, against Keras and the whole graph."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.models.graph.model import step_graph
from rnnbuild.models.stored import StoredLayer, UnknownLayer
from rnnbuild.tasks.facts import DataFacts
from tests.models.graph.compared import TOLERANCE, in_keras, opened, with_weights
from tests.models.graph.test_sequences import CELLS, NUMBERS, recurrent
from tests.models.small import VOCABULARY, layer, small_config

WORDS = np.random.default_rng(4).integers(1, VOCABULARY, (3, 6)).astype(np.int32)


def step_by_step(layers: list[StoredLayer], inputs: np.ndarray) -> np.ndarray:
    """The answers after each step, (B, T, units), each from the states that the last one left."""
    session = opened(step_graph(layers))
    first, *names = [value.name for value in session.get_inputs()]
    states = [
        np.zeros((1, len(inputs), value.shape[2]), np.float32) for value in session.get_inputs()[1:]
    ]
    answers = []
    for step in range(inputs.shape[1]):
        given = dict(zip(names, states, strict=True))
        answer, *states = session.run(None, {first: inputs[:, step], **given})
        answers.append(answer)
    return np.stack(answers, axis=1)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_that_tags_answers_each_step_as_keras_does(cell, tmp_path):
    config = small_config(
        recurrent(cell),
        {"kind": "layer_normalization"},
        {"kind": "dense", "units": 4, "activation": "relu"},
        recurrent("lstm"),
        {"kind": "batch_normalization"},
        task="tag",
    )
    model, layers = with_weights(config, tmp_path)
    answers = step_by_step(layers, WORDS)
    np.testing.assert_allclose(answers, in_keras(model, WORDS), **TOLERANCE)


@pytest.mark.parametrize("cell", CELLS)
def test_the_answer_after_a_step_is_that_to_the_sequence_up_to_it(cell, tmp_path):
    model, layers = with_weights(small_config(recurrent(cell), recurrent(cell)), tmp_path)
    answers = step_by_step(layers, WORDS)
    for steps in range(1, WORDS.shape[1] + 1):
        expected = in_keras(model, WORDS[:, :steps])
        np.testing.assert_allclose(answers[:, steps - 1], expected, **TOLERANCE)


def test_numbers_are_answered_as_in_keras(tmp_path):
    values = {"model": {"layers": [recurrent("gru"), recurrent("lstm")]}}
    config = resolve(config_of(values), DataFacts("forecast", columns=3, outputs=2))
    model, layers = with_weights(config, tmp_path)
    answers = step_by_step(layers, NUMBERS)
    np.testing.assert_allclose(answers[:, -1], in_keras(model, NUMBERS), **TOLERANCE)


def test_states_are_named_by_their_layer_in_the_same_order_before_and_after(tmp_path):
    _, layers = with_weights(small_config(layer("lstm"), layer("gru", units=5)), tmp_path)
    session = opened(step_graph(layers))
    inputs = [(value.name, value.shape) for value in session.get_inputs()]
    one, other = [1, "batch", 3], [1, "batch", 5]
    words = ("tokens", ["batch"])
    assert inputs == [words, ("lstm/h", one), ("lstm/c", one), ("gru/h", other)]
    outputs = [(value.name, value.shape) for value in session.get_outputs()]
    answer = ("output", ["batch", 3])
    assert outputs == [answer, ("lstm/Y_h", one), ("lstm/Y_c", one), ("gru/Y_h", other)]


@pytest.mark.parametrize(
    ("odd", "sections", "name", "argument", "reason"),
    [
        (
            recurrent("gru", "concat"),
            {},
            "bidirectional_gru",
            "bidirectional",
            "reads the sequence from its end",
        ),
        (
            layer("gru", go_backwards=True),
            {},
            "gru",
            "go_backwards",
            "reads the sequence from its end",
        ),
        (layer("gru"), {"pooling": "mean"}, "mean_pooling", None, "needs the whole sequence"),
        (layer("gru"), {"pooling": "max"}, "max_pooling", None, "needs the whole sequence"),
        (layer("gru"), {"pooling": "attention"}, "attention_pooling", None, "needs the whole"),
    ],
)
def test_a_layer_that_needs_what_is_still_to_come_is_named(
    odd: dict[str, Any], sections: dict[str, Any], name, argument, reason, tmp_path
) -> None:
    _, layers = with_weights(small_config(layer("lstm"), odd, **sections), tmp_path)
    with pytest.raises(UnknownLayer, match=reason) as caught:
        step_graph(layers)
    assert (caught.value.layer, caught.value.argument) == (name, argument)


def test_a_translation_needs_the_whole_sequence(tmp_path):
    facts = DataFacts("translate", vocabulary_size=9, target_vocabulary_size=7, longest_target=6)
    layers = [recurrent("gru"), {"kind": "repeat_vector"}, recurrent("gru")]
    model = {"embedding": {"output_dim": 4}, "layers": layers}
    _, stored = with_weights(resolve(config_of({"model": model}), facts), tmp_path)
    with pytest.raises(UnknownLayer, match=r"`repeat_vector` .* needs the whole sequence"):
        step_graph(stored)
