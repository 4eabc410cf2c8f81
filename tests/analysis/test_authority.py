"""Counts, shapes and multiply-adds of random models against what Keras and TensorFlow build."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from rnnbuild.analysis.cost import ModelCost, cost_of
from rnnbuild.analysis.memory import FLOAT
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.tasks.facts import DataFacts
from tests.analysis.unrolled import matmul_multiply_adds
from tests.strategies import Values, configs, configs_and_facts


def examples(count: int) -> settings:
    """So many examples, each of which may take its time: a model is built for it."""
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def numbers(weights: list[Any]) -> int:
    return sum(int(weight.shape.num_elements()) for weight in weights)


def with_steps(shape: tuple[int | None, ...], steps: int) -> tuple[int, ...]:
    """A Keras shape without its batch axis, its free length filled in."""
    return tuple(steps if size is None else size for size in shape[1:])


def assert_keras_agrees(resolved: ResolvedConfig, cost: ModelCost) -> None:
    model = build_model(resolved)
    steps = resolved.input_length
    assert [layer.name for layer in model.layers] == [layer.name for layer in cost.layers]
    for built, counted in zip(model.layers, cost.layers, strict=True):
        assert built.count_params() == counted.parameters, counted.name
        assert numbers(built.trainable_weights) == counted.trainable, counted.name
        assert numbers(built.non_trainable_weights) == counted.non_trainable, counted.name
        # A recurrent layer names its input in a list, beside the states it might be given.
        read, *_ = keras.tree.flatten(built.input)
        assert with_steps(read.shape, steps) == counted.input_shape, counted.name
        assert with_steps(built.output.shape, steps) == counted.output_shape, counted.name
    assert model.count_params() == cost.parameters


def check_counts(values: Values) -> None:
    resolved = resolve(config_of(values))
    assert_keras_agrees(resolved, cost_of(resolved))


@examples(200)
@given(configs())
def test_every_count_and_shape_of_a_random_model_is_keras_own(values: Values) -> None:
    check_counts(values)


@pytest.mark.torture
@examples(5000)
@given(configs())
def test_every_count_and_shape_of_thousands_of_random_models_is_keras_own(values: Values) -> None:
    check_counts(values)


@examples(40)
@given(configs_and_facts())
def test_sizes_that_come_from_the_data_are_counted_as_keras_does(
    drawn: tuple[Values, DataFacts],
) -> None:
    values, facts = drawn
    resolved = resolve(config_of(values), facts)
    assert_keras_agrees(resolved, cost_of(resolved))


def check_multiply_adds(values: Values) -> None:
    resolved = resolve(config_of(values))
    in_graph = matmul_multiply_adds(build_model(resolved), resolved.input_length)
    assert cost_of(resolved).multiply_adds == in_graph


@examples(25)
@given(configs())
def test_multiply_adds_are_the_sum_over_the_matmul_nodes_of_the_unrolled_graph(
    values: Values,
) -> None:
    check_multiply_adds(values)


@pytest.mark.torture
@examples(1000)
@given(configs())
def test_multiply_adds_of_a_thousand_random_models_are_those_of_the_unrolled_graph(
    values: Values,
) -> None:
    check_multiply_adds(values)


def check_memory(values: Values) -> None:
    resolved = resolve(config_of(values))
    model = build_model(resolved)
    optimizer = optimizer_of(resolved.config.training)
    optimizer.build(model.trainable_variables)
    cost = cost_of(resolved)
    assert cost.weights == sum(int(keras.ops.size(weight)) * FLOAT for weight in model.weights)
    assert cost.optimizer_state == sum(
        int(keras.ops.size(slot)) * np.dtype(slot.dtype).itemsize for slot in optimizer.variables
    )


@examples(100)
@given(configs())
def test_bytes_of_weights_and_optimizer_state_are_those_of_keras_variables(values: Values) -> None:
    check_memory(values)
