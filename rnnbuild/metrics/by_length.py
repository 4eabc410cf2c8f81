"""The score by sequence length: whether long sequences are where it goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.metrics.bootstrap import RESAMPLES
from rnnbuild.metrics.metric import Array, Metric
from rnnbuild.metrics.scoring import Score, Tables, evaluate, select


@dataclass(frozen=True)
class LengthBin:
    """The scores, by metric name, of examples of `shortest` to `longest` steps, both included."""

    shortest: int
    longest: int
    scores: dict[str, Score]


def scores_by_length(
    metrics: Sequence[Metric[Any]],
    tables: Tables,
    lengths: Array,
    bins: int = 5,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[LengthBin, ...]:
    """The scores of up to `bins` groups of about as many examples, shortest first.

    `lengths` (examples,) are steps. Examples of one length are never parted, so there are fewer
    groups where lengths are few.
    """
    groups = length_groups(lengths, bins)
    return tuple(
        LengthBin(
            shortest=int(lengths[groups == group].min()),
            longest=int(lengths[groups == group].max()),
            scores=evaluate(metrics, select(tables, groups == group), resamples, seed),
        )
        for group in np.unique(groups)
    )


def length_groups(lengths: Array, bins: int) -> Array:
    """The group of each example (examples,), parted at quantiles that are lengths themselves."""
    if not len(lengths):
        return np.zeros(0, dtype=np.int64)
    shares = np.arange(1, bins + 1) / bins
    longest = np.unique(np.quantile(lengths, shares, method="inverted_cdf"))
    return np.searchsorted(longest, lengths)
