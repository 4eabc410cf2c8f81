"""What a study showed: each variant's scores over seeds, their differences, and the best variant.

The best variant is selected by its mean validation score alone, so that its test score was not
chosen for being high; its difference from the reference is one of those that share the family-wise
error (`differences.py`). No variant is tested against the best of the same data: that alarms
falsely about twice as often as it says.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rnnbuild.config.other_rows import chooses_tokens, rows_chosen
from rnnbuild.formatting import plural
from rnnbuild.metrics.metric import points_in, range_of
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.seeds import BySeed, mean_over_seeds
from rnnbuild.runs.study.plan_file import Extension, PlannedVariant
from rnnbuild.runs.study.results_file import Results, RunResult, VariantFacts
from rnnbuild.studies.differences import Difference, differences_of


@dataclass(frozen=True, kw_only=True)
class VariantFindings:
    """One variant over its seeds."""

    planned: PlannedVariant
    facts: VariantFacts
    values: BySeed
    """On the split that is compared."""
    score: Score
    """Their mean; `count` is the number of seeds."""
    validation_values: BySeed
    validation: Score
    steps_per_epoch: int | None
    """Of its runs; None where none has a whole epoch."""
    steps: int
    """Steps of a run, the median over seeds."""
    seconds_per_epoch: float | None
    """Training time of an epoch, the median over seeds: a worker's first run takes longer."""
    seconds_to_best: float | None
    """Training time until the weights that were kept, the mean over seeds."""
    gap: Score
    """How much higher the loss is on validation rows than on training rows."""
    missing: tuple[int, ...]
    """Planned seeds without a score: the run has not finished, or failed, or has no score."""

    @property
    def name(self) -> str:
        return self.planned.name

    @property
    def label(self) -> str:
        return self.planned.label


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that tables, sentences and plots say of a study's results."""

    results: Results
    variants: tuple[VariantFindings, ...]
    """In the order of the plan."""
    differences: tuple[Difference, ...]
    same_rows: bool
    """Whether all variants are scored on the same rows, and language models by the same tokens;
    others are compared within the same rows alone, and none is the best."""
    other_tokens: tuple[str, ...]
    """Keys by which the tokens of language models differ."""
    margin: float | None
    """In the metric's unit: 0.003 for 0.3 points of accuracy."""
    best: str | None
    """The variant with the best mean validation score; None where no run has one, or rows
    differ."""
    withdrawn: str | None
    """Why errors may be more frequent than 5 %, a sentence; None where they are not."""

    @property
    def reference(self) -> str | None:
        return self.results.plan.reference

    @property
    def on_validation(self) -> bool:
        """Whether there is no test split, so that the rows compared also chose the epochs."""
        return self.results.split == "validation"

    @property
    def incomplete(self) -> tuple[VariantFindings, ...]:
        """Variants that lack the score of a seed."""
        return tuple(variant for variant in self.variants if variant.missing)

    def variant(self, name: str) -> VariantFindings:
        """The variant of this name, which is in the plan."""
        return next(variant for variant in self.variants if variant.name == name)


def findings_of(results: Results) -> Findings:
    """What the results of a study show so far."""
    plan = results.plan
    facts = {each.name: each for each in results.facts}
    variants = tuple(
        variant_findings(planned, facts[planned.name], results) for planned in plan.variants
    )
    rows = {each.name: rows_chosen(each.settings.items(), results.task) for each in plan.variants}
    same_rows = len(set(rows.values())) == 1
    selectable = validation_scores(variants, results.higher_is_better, same_rows)
    margin = None if plan.margin is None else plan.margin / points_in(results.unit)
    return Findings(
        results=results,
        variants=variants,
        differences=differences_of(
            {variant.name: variant.values for variant in variants},
            plan.reference,
            results.higher_is_better,
            margin,
            rows,
        ),
        same_rows=same_rows,
        other_tokens=other_tokens(results),
        margin=margin,
        best=max(selectable, key=selectable.__getitem__, default=None),
        withdrawn=withdrawn_because(results),
    )


def variant_findings(
    planned: PlannedVariant, facts: VariantFacts, results: Results
) -> VariantFindings:
    """A variant's findings, from its finished runs."""
    runs = [run for run in results.runs if run.variant == planned.name]
    validation = by_seed(runs, [run.validation.get(results.metric) for run in runs])
    test = by_seed(runs, [run.test.get(results.metric) for run in runs])
    values = validation if results.split == "validation" else test
    return VariantFindings(
        planned=planned,
        facts=facts,
        values=values,
        score=mean_over_seeds(list(values.values()), within=range_of(results.unit)),
        validation_values=validation,
        validation=mean_over_seeds(list(validation.values()), within=range_of(results.unit)),
        steps_per_epoch=next((run.steps // run.epochs for run in runs if run.epochs), None),
        steps=int(median([run.steps for run in runs]) or 0),
        seconds_per_epoch=median([run.seconds / run.epochs for run in runs if run.epochs]),
        seconds_to_best=mean(list(by_seed(runs, [run.seconds_to_best for run in runs]).values())),
        gap=mean_over_seeds(list(by_seed(runs, [run.gap for run in runs]).values())),
        missing=tuple(seed for seed in results.plan.seeds if seed not in values),
    )


def by_seed(runs: Sequence[RunResult], values: Sequence[float | None]) -> BySeed:
    """The values of runs that are not None."""
    return {run.seed: value for run, value in zip(runs, values, strict=True) if value is not None}


def median(values: Sequence[float]) -> float | None:
    """None of no values."""
    return statistics.median(values) if values else None


def mean(values: Sequence[float]) -> float | None:
    """None of no values."""
    return sum(values) / len(values) if values else None


def other_tokens(results: Results) -> tuple[str, ...]:
    """The keys by which variants of a language model differ in what they predict."""
    settings = [each.settings for each in results.plan.variants]
    keys = dict.fromkeys(key for each in settings for key in each)
    return tuple(
        key
        for key in keys
        if chooses_tokens(key, results.task)
        and any(
            (key in each, each.get(key)) != (key in settings[0], settings[0].get(key))
            for each in settings
        )
    )


def validation_scores(
    variants: Iterable[VariantFindings], higher_is_better: bool, same_rows: bool
) -> dict[str, float]:
    """Mean validation scores by variant, from which one may be selected; higher is better.

    Of the variants with the most seeds: a mean over fewer is the best by chance more often. None
    where they are not of the same rows.
    """
    if not same_rows:
        return {}
    scored = [variant for variant in variants if variant.validation.value is not None]
    most = max((variant.validation.count for variant in scored), default=0)
    sign = 1 if higher_is_better else -1
    return {
        variant.name: sign * variant.validation.value
        for variant in scored
        if variant.validation.count == most and variant.validation.value is not None
    }


def withdrawn_because(results: Results) -> str | None:
    """Why the guarantee on errors does not hold; None where it does.

    It is that of one look, at as many runs as were planned before there was any result.
    """
    later = [extension for extension in results.plan.extensions if extension.finished]
    if later:
        return f"{added_text(later)} added when results were already known."
    ended = {(run.variant, run.seed) for run in results.runs}
    ended |= {(failure.variant, failure.seed) for failure in results.failures}
    total = len(results.plan.variants) * len(results.plan.seeds)
    if waiting := total - len(ended):
        verb = "has" if waiting == 1 else "have"
        return f"{waiting:,} of {plural(total, 'run')} {verb} not ended."
    return None


def added_text(extensions: Sequence[Extension]) -> str:
    """`2 seeds and 1 variant were`."""
    seeds = sum(len(extension.seeds) for extension in extensions)
    variants = sum(len(extension.variants) for extension in extensions)
    added = [plural(n, noun) for n, noun in ((seeds, "seed"), (variants, "variant")) if n]
    return f"{' and '.join(added)} {'was' if seeds + variants == 1 else 'were'}"
