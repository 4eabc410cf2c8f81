"""The graph for whole sequences, in onnxruntime, against the same models in Keras."""

from dataclasses import replace
from itertools import cycle, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.graph import model as written
from rnnbuild.models.graph.layers import MAKERS
from rnnbuild.models.graph.model import sequence_graph
from rnnbuild.models.numpy_pass.forward import numpy_pass
from rnnbuild.models.stored import UnknownLayer
from rnnbuild.tasks.facts import DataFacts
from tests.models.graph.compared import (
    TOLERANCE,
    assert_answers_as_keras,
    assert_same,
    in_graph,
    in_keras,
    is_steady,
    with_weights,
)
from tests.models.small import SENTENCES, layer, padded, small_config
from tests.strategies import Values, configs

CELLS: dict[str, dict[str, Any]] = {
    "simple_rnn": {},
    "gru": {},
    "gru, textbook": {"reset_after": False},
    "lstm": {},
}
MERGES = (None, "concat", "sum", "ave", "mul")
POOLINGS = ("last", "mean", "max", "attention")
NUMBERS = np.random.default_rng(2).normal(size=(4, 5, 3)).astype(np.float32)


def recurrent(cell: str, merge_mode: str | None = None, **keys: Any) -> dict[str, Any]:
    both = {"bidirectional": True, "merge_mode": merge_mode} if merge_mode else {}
    return layer(cell.partition(",")[0], **CELLS[cell], **both, **keys)


def stack(cell: str, merge_mode: str | None, pooling: str, use_bias: bool) -> ResolvedConfig:
    return small_config(
        recurrent(cell, merge_mode),
        {"kind": "dropout", "rate": 0.5},
        {"kind": "layer_normalization"},
        {"kind": "dense", "units": 4, "activation": "relu"},
        recurrent(cell, merge_mode, use_bias=use_bias),
        # Makes something of the zeros at padding.
        {"kind": "batch_normalization"},
        pooling=pooling,
    )


def test_every_class_that_does_something_is_known() -> None:
    classes = {layer.name for layer in LAYER_CLASSES.values() if not layer.inert}
    assert classes <= MAKERS.keys()


@pytest.mark.parametrize(
    ("cell", "merge_mode", "pooling"), list(zip(cycle(CELLS), MERGES * 4, sorted(POOLINGS * 5)))
)
def test_a_stack_answers_as_it_does_in_keras(cell, merge_mode, pooling, tmp_path):
    assert_answers_as_keras(stack(cell, merge_mode, pooling, True), SENTENCES, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize(
    ("cell", "merge_mode", "pooling", "use_bias"),
    list(product(CELLS, MERGES, POOLINGS, (False, True))),
)
def test_every_stack_answers_as_it_does_in_keras(cell, merge_mode, pooling, use_bias, tmp_path):
    model, layers = with_weights(stack(cell, merge_mode, pooling, use_bias), tmp_path)
    together = in_graph(layers, SENTENCES)
    assert_same(together, in_keras(model, SENTENCES), SENTENCES)
    for answer, sentence in zip(together, SENTENCES, strict=True):
        alone = in_graph(layers, sentence[None, : np.count_nonzero(sentence)])
        np.testing.assert_allclose(answer, alone[0], **TOLERANCE)


@pytest.mark.parametrize("task", ["tag", "classify"])
@pytest.mark.parametrize("cell", CELLS)
def test_more_padding_and_other_rows_change_no_answer(cell, task, tmp_path):
    config = small_config(recurrent(cell, "concat"), recurrent(cell), task=task)
    model, layers = with_weights(config, tmp_path)
    together = in_graph(layers, SENTENCES)
    assert_same(together, in_keras(model, SENTENCES), SENTENCES)
    further = in_graph(layers, padded(SENTENCES, 4))
    for row, sentence in enumerate(SENTENCES):
        length = np.count_nonzero(sentence)
        alone = in_graph(layers, sentence[None, :length])[0]
        for batch in (together, further):
            answer = batch[row, :length] if task == "tag" else batch[row]
            np.testing.assert_allclose(answer, alone, **TOLERANCE)


@pytest.mark.parametrize("cell", CELLS)
def test_a_row_of_padding_alone_is_answered_as_in_keras(cell, tmp_path):
    inputs = np.array([[0, 0, 0], [2, 0, 0]], np.int32)
    assert_answers_as_keras(small_config(recurrent(cell, "concat")), inputs, tmp_path)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_may_read_from_the_end(cell, tmp_path):
    config = small_config(recurrent(cell), recurrent(cell, go_backwards=True))
    assert_answers_as_keras(config, SENTENCES, tmp_path)


def model_of(facts: DataFacts, **model: Any) -> ResolvedConfig:
    return resolve(config_of({"model": model}), facts)


def numbers(cell: str, merge_mode: str | None, pooling: str) -> ResolvedConfig:
    facts = DataFacts("forecast", columns=3, outputs=2)
    layers = [recurrent(cell, merge_mode), recurrent(cell, merge_mode)]
    return model_of(facts, layers=layers, pooling=pooling)


def several_labels(cell: str, merge_mode: str | None) -> ResolvedConfig:
    facts = DataFacts("classify", labels=("a", "b", "c"), multi_label=True, vocabulary_size=9)
    return model_of(facts, embedding={"output_dim": 4}, layers=[recurrent(cell, merge_mode)])


def translation(cell: str, merge_mode: str | None) -> ResolvedConfig:
    facts = DataFacts("translate", vocabulary_size=9, target_vocabulary_size=7, longest_target=6)
    layers = [recurrent(cell, merge_mode), {"kind": "repeat_vector"}, recurrent(cell, merge_mode)]
    return model_of(facts, embedding={"output_dim": 4}, layers=layers)


def tags(cell: str, merge_mode: str | None) -> ResolvedConfig:
    layers = [recurrent(cell, merge_mode), {"kind": "spatial_dropout", "rate": 0.5}]
    return small_config(*layers, recurrent(cell, merge_mode), task="tag")


TASKS = (several_labels, translation, tags)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_numbers_are_answered_as_in_keras(pooling, tmp_path):
    assert_answers_as_keras(numbers("lstm", "concat", pooling), NUMBERS, tmp_path)


@pytest.mark.parametrize(("cell", "task"), list(zip(cycle(CELLS), TASKS * 2)))
def test_a_task_is_answered_as_in_keras(cell, task, tmp_path):
    assert_answers_as_keras(task(cell, "sum"), SENTENCES, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize(
    ("cell", "merge_mode", "task"), list(product(CELLS, MERGES, (*TASKS, *POOLINGS)))
)
def test_every_task_is_answered_as_in_keras(cell, merge_mode, task, tmp_path):
    if isinstance(task, str):
        assert_answers_as_keras(numbers(cell, merge_mode, task), NUMBERS, tmp_path)
    else:
        assert_answers_as_keras(task(cell, merge_mode), SENTENCES, tmp_path)


def test_a_weight_of_another_shape_than_its_layer_states_is_named(tmp_path):
    _, layers = with_weights(small_config(recurrent("lstm", "concat")), tmp_path)
    for place, stored in enumerate(layers):
        for path, weight in stored.weights.items():
            changed = [*layers]
            changed[place] = replace(stored, weights={**stored.weights, path: weight[:-1]})
            with pytest.raises(UnknownLayer, match=f"`{stored.name}` .* has no {path} of shape"):
                sequence_graph(changed)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_weight_that_is_not_finite_is_named(number, tmp_path):
    """The graph would make ordinary probabilities of it, where Keras gives NaN."""
    _, layers = with_weights(small_config(recurrent("lstm", "concat")), tmp_path)
    for place, stored in enumerate(layers):
        for path, weight in stored.weights.items():
            changed, broken = [*layers], weight.copy()
            broken.flat[-1] = number
            changed[place] = replace(stored, weights={**stored.weights, path: broken})
            for engine in (sequence_graph, numpy_pass):
                with pytest.raises(UnknownLayer, match=f"`{stored.name}` .* numbers in {path} "):
                    engine(changed)


def test_more_weights_than_a_file_may_have_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(written, "LARGEST", 200)
    _, layers = with_weights(small_config(recurrent("gru")), tmp_path)
    with pytest.raises(UnknownLayer, match=r"`gru` .* more than the 2 GB"):
        sequence_graph(layers)


@pytest.mark.torture
def test_random_models_answer_as_they_do_in_keras(tmp_path: Path) -> None:
    compared = 0

    # What ONNX lacks does not count, nor what rounding alone changes: others are drawn instead.
    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(configs())
    def check(values: Values) -> None:
        nonlocal compared
        resolved = resolve(config_of(values))
        size = resolved.config.model.embedding.input_dim or 2  # type: ignore[union-attr]
        inputs = np.random.default_rng(1).integers(1, size, (4, 5)).astype(np.int32)
        inputs[1, 3:] = inputs[2, 1:] = 0
        model, layers = with_weights(resolved, tmp_path, scale=0.3)
        try:
            sequence_graph(layers)
        except UnknownLayer:
            reject()
        if not is_steady(model, inputs):
            reject()
        assert_same(in_graph(layers, inputs), in_keras(model, inputs), inputs)
        compared += 1

    check()
    assert compared >= 250
