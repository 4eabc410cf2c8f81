"""Units for a budget: no neighbouring number of units comes nearer."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild.analysis.cost import cost_of
from rnnbuild.analysis.equal_parameters import fitted, scaled, units_of, with_units
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.models.build import build_model
from tests.models.small import layer, small_config
from tests.strategies import Values, configs


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), st.integers(1, 200_000))
def test_no_neighbouring_number_of_units_is_nearer_to_the_budget(
    values: Values, budget: int
) -> None:
    resolved = resolve(config_of(values))
    found = fitted(resolved, budget)
    widest = max(units_of(found))
    miss = abs(cost_of(found).parameters - budget)
    for neighbour in (widest - 1, widest + 1):
        if neighbour >= 1:
            other = with_units(resolved, scaled(units_of(resolved), neighbour))
            assert abs(cost_of(other).parameters - budget) >= miss


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), st.integers(1, 40))
def test_the_parameters_of_known_units_lead_back_to_them(values: Values, widest: int) -> None:
    resolved = resolve(config_of(values))
    known = with_units(resolved, scaled(units_of(resolved), widest))
    assert units_of(fitted(resolved, cost_of(known).parameters)) == units_of(known)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), st.integers(1, 5000))
def test_a_fitted_config_resolves_to_the_stack_it_was_fitted_with(
    values: Values, budget: int
) -> None:
    found = fitted(resolve(config_of(values)), budget)
    assert resolve(found.config).stack == found.stack


def test_keras_counts_what_the_budget_asked_for() -> None:
    found = fitted(small_config(layer("lstm"), layer("gru", bidirectional=True)), 3000)
    assert build_model(found).count_params() == cost_of(found).parameters
    assert abs(cost_of(found).parameters - 3000) < 250


def test_a_stack_keeps_its_proportions() -> None:
    stack: list[dict[str, Any]] = [{"cell": "gru", "units": units} for units in (64, 32, 16)]
    wide, middle, narrow = units_of(fitted(small_config(*stack), 200_000))
    assert wide > 64
    assert abs(middle - wide / 2) <= 0.5
    assert abs(narrow - wide / 4) <= 0.5


def test_a_budget_below_what_the_other_layers_have_leaves_one_unit() -> None:
    found = fitted(small_config(layer("gru"), embedding={"input_dim": 500, "output_dim": 8}), 100)
    assert units_of(found) == (1,)
