"""Several models side by side, each against the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.analysis.both_ways import Doubling, doubling_of, reads_both_ways
from rnnbuild.analysis.cost import ModelCost, cost_of
from rnnbuild.analysis.equal_parameters import fitted, units_of
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.errors import ArgumentError


@dataclass(frozen=True)
class Candidate:
    """A model to compare: its config's name and what was varied in it."""

    name: str
    settings: tuple[tuple[str, Any], ...]
    resolved: ResolvedConfig


@dataclass(frozen=True)
class Compared:
    """One model of a comparison; differences are those to the first."""

    name: str
    settings: tuple[tuple[str, Any], ...]
    resolved: ResolvedConfig
    units: tuple[int, ...]
    """Units of each recurrent layer, in order."""
    cost: ModelCost
    difference: int
    """In parameters."""
    ratio: float
    """Its parameters divided by those of the first."""


def refuse_varied_units(candidates: Sequence[Candidate], option: str) -> None:
    """Raises ArgumentError where models differ in the units that `option` is to choose."""
    if any(key == "units" for candidate in candidates for key, _ in candidate.settings):
        raise ArgumentError(
            f"{option} chooses `units`: varying `units` does nothing beside it",
            "leave one of them out",
        )


def comparison(candidates: Sequence[Candidate], budget: int | None = None) -> tuple[Compared, ...]:
    """Every candidate's cost; with a `budget` of parameters, at the units that come nearest."""
    models = [
        candidate.resolved if budget is None else fitted(candidate.resolved, budget)
        for candidate in candidates
    ]
    costs = [cost_of(model) for model in models]
    first = costs[0].parameters
    return tuple(
        Compared(
            name=candidate.name,
            settings=candidate.settings,
            resolved=model,
            units=units_of(model),
            cost=cost,
            difference=cost.parameters - first,
            ratio=cost.parameters / first,
        )
        for candidate, model, cost in zip(candidates, models, costs, strict=True)
    )


def doubling_among(compared: Sequence[Compared]) -> tuple[str, Doubling] | None:
    """The first layer that reads both ways, and what it costs, where only some models have one."""
    if all(_reads_both_ways(model) for model in compared):
        return None
    for model in compared:
        for position, layer in enumerate(model.resolved.stack):
            if reads_both_ways(layer.spec):
                assert isinstance(layer.spec, RecurrentArguments)
                return layer.spec.cell, doubling_of(model.resolved, position)
    return None


def _reads_both_ways(model: Compared) -> bool:
    return any(reads_both_ways(layer.spec) for layer in model.resolved.stack)
