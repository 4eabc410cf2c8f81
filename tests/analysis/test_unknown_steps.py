"""A model whose number of steps is unknown has every figure that does not depend on it."""

from copy import deepcopy
from dataclasses import fields
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.analysis.cost import LayerCost, ModelCost, cost_of
from rnnbuild.analysis.explanations import explanations
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.formatting import shape_text
from tests.strategies import configs

TOTALS = ("parameters", "multiply_adds", "optimizer_state", "activations", "training_memory")


def cost_with(values: dict[str, Any], steps: int | None) -> ModelCost:
    values = deepcopy(values)
    values["model"]["input_length"] = steps
    return cost_of(resolve(config_of(values)))


def figures(layer: LayerCost) -> list[Any]:
    """Every figure of a layer, each dimension of its shapes among them."""
    values = [getattr(layer, field.name) for field in fields(layer)]
    numbers = [
        part for value in values for part in (value if isinstance(value, tuple) else [value])
    ]
    return [*numbers, layer.training_memory(32)]


@given(configs(), st.integers(3, 60))
@settings(max_examples=60, deadline=None)
def test_a_figure_is_given_exactly_where_it_is_the_same_for_any_number_of_steps(
    values: dict[str, Any], steps: int
) -> None:
    unknown, some, more = (cost_with(values, count) for count in (None, steps, steps + 1))
    for layer, one, two in zip(unknown.layers, some.layers, more.layers, strict=True):
        for figure, known, other in zip(figures(layer), figures(one), figures(two), strict=True):
            assert figure == (known if known == other else None)
    for total in TOTALS:
        known, other = getattr(some, total), getattr(more, total)
        assert getattr(unknown, total) == (known if known == other else None)


@given(configs(), st.integers(3, 60))
@settings(max_examples=30, deadline=None)
def test_arithmetic_has_t_where_the_steps_would_be(values: dict[str, Any], steps: int) -> None:
    """With a number for T it is the count; `·` and `/` as Python has them."""
    values = deepcopy(values)
    values["model"]["input_length"] = None
    known = cost_with(values, steps)
    for (layer, explanation), counted in zip(
        explanations(resolve(config_of(values))), known.layers, strict=True
    ):
        arithmetic = explanation.multiply_adds.replace("·", "*").replace("T", str(steps))
        assert eval(arithmetic) == counted.multiply_adds
        assert shape_text(layer.input_shape).replace("T", str(steps)) == (
            shape_text(counted.input_shape)
        )
