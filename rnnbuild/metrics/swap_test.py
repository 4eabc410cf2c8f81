"""Whether two models' scores differ by chance: their answers swapped, example by example.

If the models answer alike, either answer to an example could as well be the other model's. So they
are swapped at random, and the p value is how often the scores then differ as much as they do:
Noreen, "Computer-Intensive Methods for Testing Hypotheses", 1989. Of answers that are correct or
wrong it is McNemar's exact test. It takes any metric whose statistics add up over examples.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from rnnbuild.metrics.bootstrap import WEIGHTS_AT_ONCE
from rnnbuild.metrics.metric import Array, FloatArray, Metric, sums
from rnnbuild.metrics.scoring import Tables

SWAPS = 4999
"""Random swaps; with 12 examples or fewer that differ, every swap is made once instead."""
ROUNDING = 1e-9
"""Differences closer than this share of the scores are taken for equal."""


def swap_tests(
    metrics: Sequence[Metric[Any]], first: Tables, second: Tables, seed: int = 0
) -> dict[str, float]:
    """The p value of each metric's difference, by its name; both tables have the same examples.

    Metrics with a `pool` of their own, which compare examples with each other, are left out: a
    swap would compare one model's numbers with the other's.
    """
    p_values: dict[str, float] = {}
    for make in dict.fromkeys(metric.statistics for metric in metrics):
        each = [m for m in metrics if m.statistics is make and adds_up(m)]
        if each:
            p_values |= tests_of_table(each, first[make], second[make], seed)
    return p_values


def adds_up(metric: Metric[Any]) -> bool:
    """Whether the statistics of examples are added up, whatever the other examples are."""
    return metric.pool is sums


def tests_of_table(
    metrics: Sequence[Metric[Any]], first: Array, second: Array, seed: int
) -> dict[str, float]:
    """The p values of metrics that draw on the same statistics, (examples, k) of each model."""
    everything = np.ones(len(first))
    ours, theirs = sums(first, everything), sums(second, everything)
    observed = {metric.name: metric.score(ours) - metric.score(theirs) for metric in metrics}
    differ = (first != second).any(axis=1)
    # Counts are small integers without a sign, whose differences would not fit into them.
    signed = np.float64 if first.dtype.kind == "f" else np.int32
    change = np.subtract(second[differ], first[differ], dtype=signed)
    extreme, count = dict.fromkeys(observed, 0), 0
    draws, exact = swaps_of(len(change), seed)
    for swapped in draws:
        moved = sums(change, swapped)
        count += len(swapped)
        for metric in metrics:
            scores = metric.score(ours + moved), metric.score(theirs - moved)
            close = ROUNDING * np.nanmax(np.abs(scores), initial=0.0)
            # A difference that is undefined counts as large.
            small = np.abs(scores[0] - scores[1]) < np.abs(observed[metric.name]) - close
            extreme[metric.name] += int((~small).sum())
    added = 0 if exact else 1  # the answers as they are, which are one of the swaps
    return {name: (number + added) / (count + added) for name, number in extreme.items()}


def swaps_of(examples: int, seed: int) -> tuple[Iterator[FloatArray], bool]:
    """Swaps, some at a time: 1 for each example whose answers are swapped, (swaps, examples).

    And whether these are all that there are, each once.
    """
    if 2**examples <= SWAPS:
        numbers = np.arange(2**examples)[:, np.newaxis]
        return iter([(numbers >> np.arange(examples) & 1).astype(np.float64)]), True
    return random_swaps(examples, seed), False


def random_swaps(examples: int, seed: int) -> Iterator[FloatArray]:
    generator = np.random.default_rng(seed)
    at_once = max(1, WEIGHTS_AT_ONCE // examples)
    for first in range(0, SWAPS, at_once):
        shape = min(at_once, SWAPS - first), examples
        yield generator.integers(2, size=shape, dtype=np.int8).astype(np.float64)
