"""What models cost, and why: of one model, or of several side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, overload

from rnnbuild.analysis.comparison import Candidate, Compared, comparison, refuse_varied_units
from rnnbuild.analysis.cost import ModelCost, cost_of
from rnnbuild.analysis.explanation import Explanation
from rnnbuild.analysis.explanations import explanations
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.errors import ArgumentError
from rnnbuild.results.shown import WIDTH, Shown
from rnnbuild.wording.comparison import comparison_table
from rnnbuild.wording.explained_text import explained_lines
from rnnbuild.wording.explanation import cells_table
from rnnbuild.wording.layout import unpainted
from rnnbuild.wording.summary import summary_table
from rnnbuild.wording.table import Table


@dataclass(frozen=True, repr=False)
class Summary(Shown, ModelCost):
    """A model's layers and what each costs."""

    resolved: ResolvedConfig = field(kw_only=True, compare=False)
    """The config, with every size known."""

    def shown(self) -> Sequence[Table | str]:
        return [summary_table(self.resolved, self)]


def summary_of(resolved: ResolvedConfig) -> Summary:
    """The summary of a config's model."""
    cost = cost_of(resolved)
    figures = {each.name: getattr(cost, each.name) for each in fields(cost)}
    return Summary(**figures, resolved=resolved)


@dataclass(frozen=True, repr=False)
class Explanations(Shown):
    """Each layer's equations, and how its parameters are counted."""

    summary: Summary
    layers: tuple[Explanation, ...]
    """In the order of `summary.layers`."""

    def shown(self) -> Sequence[Table | str]:
        explained = list(zip(self.summary.layers, self.layers, strict=True))
        lines = explained_lines(self.summary.resolved, self.summary, explained, WIDTH, unpainted)
        return ["\n".join(lines), cells_table(self.summary)]


def explanations_of(resolved: ResolvedConfig) -> Explanations:
    """The explanations of a config's model."""
    every = explanations(resolved)
    return Explanations(summary_of(resolved), tuple(explanation for _, explanation in every))


@dataclass(frozen=True, repr=False)
class Comparison(Shown, Sequence[Compared]):
    """Models side by side, each against the first: a sequence of them."""

    models: tuple[Compared, ...]
    budget: int | None = None
    """The parameters that each was to have; None where units are as they are."""

    @overload
    def __getitem__(self, index: int) -> Compared: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Compared]: ...
    def __getitem__(self, index: int | slice) -> Compared | Sequence[Compared]:
        return self.models[index]

    def __len__(self) -> int:
        return len(self.models)

    def shown(self) -> Sequence[Table | str]:
        return [comparison_table(self.models, self.budget)]


def comparison_of(
    candidates: Sequence[Candidate], equal_parameters: int | Literal["first"] | None
) -> Comparison:
    """The candidates side by side, each with as many parameters if that is asked for.

    Raises ArgumentError where `units` are both varied and chosen, or the number is no such.
    """
    if equal_parameters is None:
        return Comparison(comparison(candidates))
    refuse_varied_units(candidates, "`equal_parameters`")
    if equal_parameters == "first":
        equal_parameters = cost_of(candidates[0].resolved).parameters
    if not isinstance(equal_parameters, int) or equal_parameters < 1:
        raise ArgumentError(
            f"`equal_parameters` is {equal_parameters!r:.40}: it is a number of parameters, or "
            '"first"',
            "for example: equal_parameters=100_000",
        )
    return Comparison(comparison(candidates, equal_parameters), equal_parameters)
