"""Activations in the graph against Keras' own."""

from typing import get_args

import numpy as np
import pytest

from rnnbuild.config.schema.choices import Activation
from rnnbuild.models.framework import keras
from rnnbuild.models.graph.activations import ACTIVATIONS, IN_OPERATORS
from rnnbuild.models.graph.model import sequence_graph
from rnnbuild.models.graph.writer import Writer
from rnnbuild.models.stored import UnknownLayer
from tests.models.graph.compared import assert_answers_as_keras, opened, with_weights
from tests.models.small import SENTENCES, layer, small_config

CHOICES = get_args(Activation)


@pytest.mark.parametrize("name", CHOICES)
def test_an_activation_is_keras_own(name: str) -> None:
    if name == "sparsemax":
        assert name not in ACTIVATIONS
        return
    x = np.linspace(-9, 9, 721, dtype=np.float32).reshape(-1, 7)
    graph = Writer("layer")
    values = ACTIVATIONS[name](graph, graph.input("x", np.float32, ("batch", 7)))
    graph.answer(values, ("batch", 7))
    (got,) = opened(graph.to_bytes()).run(None, {"x": x})
    expected = np.asarray(keras.activations.get(name)(x))
    # Both round some steps of a formula whose terms are as large as x or its square.
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=3e-6)


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
@pytest.mark.parametrize("name", IN_OPERATORS)
def test_a_recurrent_layer_may_have_it(name: str, cell: str, tmp_path) -> None:
    config = small_config(layer(cell, activation=name, bidirectional=True))
    assert_answers_as_keras(config, SENTENCES, tmp_path)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("name", IN_OPERATORS)
def test_the_gates_of_a_layer_may_have_it(name: str, cell: str, tmp_path) -> None:
    config = small_config(layer(cell, recurrent_activation=name, bidirectional=True))
    assert_answers_as_keras(config, SENTENCES, tmp_path)


@pytest.mark.parametrize("argument", ["activation", "recurrent_activation"])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("name", ["gelu", "softmax"])
def test_one_that_recurrent_operators_lack_is_named(name, cell, argument, tmp_path) -> None:
    _, layers = with_weights(small_config(layer(cell, **{argument: name})), tmp_path)
    with pytest.raises(UnknownLayer) as caught:
        sequence_graph(layers)
    assert (caught.value.layer, caught.value.argument) == (cell, argument)
    assert str(caught.value) == f"layer `{cell}` ({cell.upper()}) has `{argument}: {name}`"
