"""Scores with intervals, drawn from tables of statistics.

A table contains the statistics of every example once, however many metrics draw on them. Tables of
chunks are merged by appending; scoring the merged table is scoring the whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.metrics.bootstrap import (
    RESAMPLES,
    bootstrap_weights,
    percentile_interval,
)
from rnnbuild.metrics.metric import Answers, Array, Bounds, FloatArray, Metric

Tables = Mapping[Callable[..., Array], Array]

NOT_COMPUTED = "intervals are not computed for that many rows"


Intervals = Callable[[Metric[Any], float], Bounds | str]
"""The 95 % interval of a metric with a value, or the reason why there is none."""


@dataclass(frozen=True)
class Score:
    """A metric's value and its 95 % interval, over `count` examples.

    `value` is None where the metric is undefined (no example, or none of what it counts). `low`
    and `high` are None then too, and where there is a reason for `no_interval`.
    """

    value: float | None
    low: float | None
    high: float | None
    count: int
    no_interval: str | None = None
    """Why a value has no interval. None where it has one, and in runs of version 0.1."""


def tabulate(metrics: Sequence[Metric[Answers]], answers: Answers) -> Tables:
    """The statistics that the metrics need, by the function that makes them."""
    return {make: make(answers) for make in dict.fromkeys(m.statistics for m in metrics)}


def merge(chunks: Sequence[Tables]) -> Tables:
    """The tables of all chunks as one, examples in the order of the chunks.

    Raises ValueError where there is no chunk.
    """
    if not chunks:
        raise ValueError("nothing to merge: there is no chunk")
    return {make: np.concatenate([chunk[make] for chunk in chunks]) for make in chunks[0]}


def select(tables: Tables, rows: Array) -> Tables:
    """The tables of some examples only, by their numbers or a mask."""
    return {make: table[rows] for make, table in tables.items()}


def examples_in(tables: Tables) -> int:
    """Number of examples in the tables."""
    return len(next(iter(tables.values()), ()))


def evaluate(
    metrics: Sequence[Metric[Any]], tables: Tables, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Score]:
    """Every metric's score by its name, with intervals by resampling: see `bootstrap_weights`.

    No resamples give the values alone, without intervals.
    """
    return scores_with(resampled_intervals(metrics, tables, resamples, seed), metrics, tables)


def scores_with(
    intervals: Intervals, metrics: Sequence[Metric[Any]], tables: Tables
) -> dict[str, Score]:
    """Every metric's score by its name, with those intervals."""
    count = examples_in(tables)
    if not count:
        return {metric.name: Score(None, None, None, 0) for metric in metrics}
    values = weighted_scores(metrics, tables, [np.ones((1, count))])
    scores = {}
    for metric in metrics:
        value = float(values[metric.name][0])
        if not np.isfinite(value):
            scores[metric.name] = Score(None, None, None, count)
            continue
        interval = intervals(metric, value)
        low, high = (None, None) if isinstance(interval, str) else interval
        reason = interval if isinstance(interval, str) else None
        scores[metric.name] = Score(value, low, high, count, reason)
    return scores


def no_intervals(metric: Metric[Any], value: float) -> str:
    """The values alone."""
    return NOT_COMPUTED


def resampled_intervals(
    metrics: Sequence[Metric[Any]], tables: Tables, resamples: int, seed: int
) -> Intervals:
    """Intervals of examples that do not depend on each other.

    By the percentile bootstrap, unless the metric has a way of its own.
    """
    count = examples_in(tables)
    if not resamples:
        return no_intervals
    if count < 2:
        return lambda metric, value: "one example says nothing of others"
    own = {metric.name: metric.interval(tables[metric.statistics]) for metric in metrics}
    others = [metric for metric in metrics if own[metric.name] is None]
    draws = bootstrap_weights(count, resamples, seed) if others else ()
    resampled = weighted_scores(others, tables, draws)

    def interval(metric: Metric[Any], value: float) -> Bounds | str:
        bounds = own[metric.name] or percentile_interval(resampled[metric.name], count)
        if bounds is None or bounds[0] == bounds[1]:
            return "no other choice of these examples changes it"
        return bounds

    return interval


def weighted_scores(
    metrics: Sequence[Metric[Any]], tables: Tables, weights: Iterable[FloatArray]
) -> dict[str, FloatArray]:
    """Each metric's scores, one for every row of weights (rows at a time, examples)."""
    parts: dict[str, list[FloatArray]] = {metric.name: [np.empty(0)] for metric in metrics}
    for rows in weights:
        pooled: dict[object, FloatArray] = {}
        for metric in metrics:
            key = (metric.statistics, metric.pool)
            if key not in pooled:
                pooled[key] = metric.pool(tables[metric.statistics], rows)
            parts[metric.name].append(metric.score(pooled[key]))
    return {name: np.concatenate(part) for name, part in parts.items()}
