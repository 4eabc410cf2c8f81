"""What a better score costs: the variants that no other beats in score and cost at once.

All of it is selected, so it is judged on validation rows, by mean scores over seeds.

The cheapest sufficient variant has the fewest parameters of those that are shown to be worse than
the best by less than the margin: by a one-sided paired t test of each variant that is cheaper than
the best, adjusted by Holm, at 5 %. Where none is shown to be, it is the best itself. The rows that
select the best flatter it, and none that it is compared with: the test errs towards the best.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnbuild.metrics.equivalence import not_worse_p
from rnnbuild.metrics.holm import holm
from rnnbuild.metrics.scoring import Score
from rnnbuild.studies.differences import LEVEL, better_by
from rnnbuild.studies.findings import Findings, validation_scores


@dataclass(frozen=True, kw_only=True)
class Cheaper:
    """A variant with fewer parameters than the best one."""

    variant: str
    difference: Score
    """From the best on validation rows, paired by seed; positive is better."""
    p: float | None
    """Of the hypothesis that it is worse by the margin or more, adjusted by Holm; None where fewer
    than two seeds have a score of both."""

    @property
    def sufficient(self) -> bool:
        """Whether it is shown to be worse by less than the margin, or not worse."""
        return self.p is not None and self.p <= LEVEL


@dataclass(frozen=True, kw_only=True)
class Pareto:
    """Names of variants, the cheapest first."""

    by_parameters: tuple[str, ...]
    """Those that have a better validation score than all with as many parameters or fewer."""
    by_latency: tuple[str, ...]
    """The same with the time of one answer; empty where it was not measured."""
    cheaper: tuple[Cheaper, ...]
    """Variants that are cheaper than the best, compared with it; empty without a margin."""
    cheapest: str | None
    """The cheapest sufficient variant; None without a margin, or without a best variant."""


def pareto_of(findings: Findings) -> Pareto:
    """The fronts and the cheapest sufficient variant of a study."""
    scores = validation_scores(
        findings.variants, findings.results.higher_is_better, findings.same_rows
    )
    parameters = {variant.name: float(variant.facts.parameters) for variant in findings.variants}
    latencies = {
        variant.name: variant.facts.latency
        for variant in findings.variants
        if variant.facts.latency is not None
    }
    cheaper = cheaper_than_best(findings, parameters)
    sufficient = (each.variant for each in cheaper if each.sufficient)
    return Pareto(
        by_parameters=front(scores, parameters),
        by_latency=front(scores, latencies),
        cheaper=cheaper,
        cheapest=None if findings.margin is None else next(sufficient, findings.best),
    )


def front(scores: Mapping[str, float], costs: Mapping[str, float]) -> tuple[str, ...]:
    """Names with a higher score than any other of their cost or less, the cheapest first.

    Of equal scores and costs the first one is on the front.
    """
    names = [name for name in scores if name in costs]
    best: list[str] = []
    for name in sorted(names, key=lambda name: (costs[name], -scores[name])):
        if not best or scores[name] > scores[best[-1]]:
            best.append(name)
    return tuple(best)


def cheaper_than_best(findings: Findings, parameters: Mapping[str, float]) -> tuple[Cheaper, ...]:
    """The variants with fewer parameters than the best, the cheapest first."""
    best, margin = findings.best, findings.margin
    if best is None or margin is None:
        return ()
    by_seed = {variant.name: variant.validation_values for variant in findings.variants}
    names = sorted(
        (name for name in parameters if parameters[name] < parameters[best]),
        key=parameters.__getitem__,
    )
    pairs = [
        better_by(by_seed[name], by_seed[best], findings.results.higher_is_better) for name in names
    ]
    p_values = holm(
        [None if pair.test is None else not_worse_p(pair.test, margin) for pair in pairs]
    )
    return tuple(
        Cheaper(variant=name, difference=pair.difference, p=p)
        for name, pair, p in zip(names, pairs, p_values, strict=True)
    )
