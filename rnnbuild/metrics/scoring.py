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
    interval_of_all_alike,
    percentile_interval,
)
from rnnbuild.metrics.metric import Answers, Array, FloatArray, Metric

Tables = Mapping[Callable[..., Array], Array]


@dataclass(frozen=True)
class Score:
    """A metric's value and its 95 % interval, over `count` examples.

    `value` is None where the metric is undefined (no example, or none of what it counts). `low`
    and `high` are None then too, where there are fewer than two examples to draw from, and where
    drawing them again changes nothing, unless the score is a share of correct answers.
    """

    value: float | None
    low: float | None
    high: float | None
    count: int


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
    metrics: Sequence[Metric[Any]],
    tables: Tables,
    resamples: int = RESAMPLES,
    seed: int = 0,
    block: int = 1,
) -> dict[str, Score]:
    """Every metric's score by its name. For `seed` and `block` see `bootstrap_weights`.

    No resamples give the values alone, without intervals.
    """
    count = examples_in(tables)
    if not count:
        return {metric.name: Score(None, None, None, 0) for metric in metrics}
    values = weighted_scores(metrics, tables, [np.ones((1, count))])
    draws = bootstrap_weights(count, resamples if count > 1 else 0, seed, block)
    resampled = weighted_scores(metrics, tables, draws)
    scores = {}
    for metric in metrics:
        value = float(values[metric.name][0])
        if not np.isfinite(value):
            scores[metric.name] = Score(None, None, None, count)
            continue
        low, high = percentile_interval(resampled[metric.name]) or (None, None)
        if low == high:
            low = high = None
            if metric.share_of_correct and value in (0, 1) and count > 1 and resamples:
                low, high = interval_of_all_alike(value, count)
        scores[metric.name] = Score(value, low, high, count)
    return scores


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
