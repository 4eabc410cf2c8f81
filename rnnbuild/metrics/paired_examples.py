"""Two trained models on the same examples: how much better one is, and whether by chance.

It is about these two models on other examples. With other seeds they would be other models, which
`paired.py` compares.

p value    answers swapped (`swap_test.py`); for forecasts, `diebold_mariano.py`; for metrics that
           compare examples with each other, as ROC-AUC does, resampled differences
interval   differences over resampled examples, the same ones for both models, and 0 unless the test
           excludes it; for forecasts, the standard error of the same test

Passages of a text follow one another, so language models are compared as forecasts are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from rnnbuild.metrics.bootstrap import CONFIDENCE, bootstrap_weights, percentile_interval
from rnnbuild.metrics.diebold_mariano import mean_in_time
from rnnbuild.metrics.metric import Array, FloatArray, Metric
from rnnbuild.metrics.scoring import Score, Tables, examples_in, weighted_scores
from rnnbuild.metrics.seeds import t_below
from rnnbuild.metrics.swap_test import swap_tests

ALIKE = "both models answer every example alike"


@dataclass(frozen=True)
class PairedExamples:
    """How much better the first of two models is, in the metric's unit, and whether by chance."""

    difference: Score
    """Above 0 if the first is better. `count` is the number of examples."""
    p: float | None
    """Probability of a difference as large if there is none in truth; None where none is known, and
    then `difference` says why it has no interval."""


Compare = Callable[[Metric[Any], float, Array, Array], PairedExamples]
"""From a metric, the difference, and the statistics of both models."""


def paired_examples(
    metrics: Sequence[Metric[Any]], first: Tables, second: Tables, reach: int | None = None
) -> dict[str, PairedExamples]:
    """The difference by each metric, by its name. Both tables have the same examples.

    `reach` is given for examples in order of time: those so many examples apart do not overlap.
    """
    count = examples_in(first)
    ours, theirs = (
        weighted_scores(metrics, tables, [np.ones((1, count))]) for tables in (first, second)
    )
    gaps = {
        metric.name: float(oriented(metric, ours[metric.name], theirs[metric.name])[0])
        for metric in metrics
    }
    compare: Compare = (
        compared_by_resampling(metrics, first, second)
        if reach is None
        else partial(compared_in_time, reach=reach)
    )
    return {
        metric.name: compare(
            metric, gaps[metric.name], first[metric.statistics], second[metric.statistics]
        )
        if np.isfinite(gaps[metric.name])
        else PairedExamples(Score(None, None, None, count), None)
        for metric in metrics
    }


def oriented(metric: Metric[Any], ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """By how much our scores are better."""
    return ours - theirs if metric.higher_is_better else theirs - ours


def compared_by_resampling(
    metrics: Sequence[Metric[Any]], first: Tables, second: Tables
) -> Compare:
    """Compares models whose examples do not depend on each other."""
    count = examples_in(first)
    ours, theirs = (
        weighted_scores(metrics, tables, bootstrap_weights(count) if count > 1 else ())
        for tables in (first, second)
    )
    p_values = swap_tests(metrics, first, second)

    def compare(metric: Metric[Any], gap: float, mine: Array, others: Array) -> PairedExamples:
        if np.array_equal(mine, others, equal_nan=True):
            return PairedExamples(Score(gap, None, None, count, ALIKE), 1.0)
        if count < 2:
            reason = "one example says nothing of others"
            return PairedExamples(Score(gap, None, None, count, reason), 1.0)
        resampled = oriented(metric, ours[metric.name], theirs[metric.name])
        p = p_values.get(metric.name)
        p = p_of_resampled(resampled, count) if p is None else p
        bounds = percentile_interval(resampled, count)
        if bounds is None or bounds[0] == bounds[1]:
            reason = "no other choice of these examples changes it"
            return PairedExamples(Score(gap, None, None, count, reason), p)
        low, high = bounds
        if p > 1 - CONFIDENCE:
            # Where few examples differ, resamples know less of the others than the test does.
            low, high = min(low, 0.0), max(high, 0.0)
        return PairedExamples(Score(gap, low, high, count), p)

    return compare


def p_of_resampled(differences: FloatArray, count: int) -> float:
    """The p value at whose level the interval of `percentile_interval` just reaches 0."""
    from scipy.special import ndtri

    defined = differences[np.isfinite(differences)]
    below, above = (defined <= 0).sum(), (defined >= 0).sum()
    outside = min(0.5, (min(below, above) + 1) / (len(defined) + 1))
    return 2 * t_below(count - 1, float(ndtri(outside) * np.sqrt((count - 1) / count)))


def compared_in_time(
    metric: Metric[Any], gap: float, mine: Array, others: Array, reach: int
) -> PairedExamples:
    """Compares models by how much better each row is answered, whose weight is that of its count.

    The statistics are (rows, k), and `metric.ratio` says which columns are divided.
    """
    count, (of, over) = len(mine), metric.ratio
    better = oriented(metric, mine[:, of], others[:, of]) / mine[:, over].mean()
    known = mean_in_time(better, reach)
    if isinstance(known, str):
        reason = ALIKE if np.array_equal(mine, others) else known
        return PairedExamples(Score(gap, None, None, count, reason), None)
    # A rising function of the mean differs by this much for each unit that the means differ by.
    scale = gap / known.mean if known.mean else 1.0
    margin = scale * known.margin
    return PairedExamples(Score(gap, gap - margin, gap + margin, count), known.p)
