"""95 % intervals of shares: of correct answers, and of the mean of several such shares.

Resampling says too little of few examples: 20 correct of 20 would have an interval without width.
"""

import numpy as np

from rnnbuild.metrics.metric import Array, Bounds, FloatArray

NORMAL = 1.959964
"""Quantile of the normal distribution that leaves 2.5 % above it."""


def wilson(counts: FloatArray, totals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The bounds of each share of counts out of totals, which are 1 or more.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    share, square = counts / totals, NORMAL**2 / totals
    middle = (share + square / 2) / (1 + square)
    reach = NORMAL * np.sqrt(share * (1 - share) / totals + square / totals / 4) / (1 + square)
    return middle - reach, middle + reach


def share_interval(statistics: Array) -> Bounds | str:
    """The interval of correct answers among examples, from (rows, 2): correct or not, and 1."""
    correct, rows = statistics.sum(axis=0, dtype=np.float64)
    if correct in (0, rows):
        return exact_bounds(correct == rows, len(statistics))
    low, high = wilson(correct, rows)
    return float(low), float(high)


def all_alike(statistics: Array) -> Bounds | None:
    """The exact interval where all tokens are correct, or none; a sentence is one example.

    From (rows, 2): correct tokens, and all tokens. Otherwise None: sentences are resampled.
    """
    correct, tokens = statistics.sum(axis=0, dtype=np.float64)
    return exact_bounds(correct == tokens, len(statistics)) if correct in (0, tokens) else None


def exact_bounds(all_correct: bool, examples: int) -> Bounds:
    """The exact interval of a share where all examples are correct, or none is.

    Clopper and Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the
    Binomial", 1934: 20 correct of 20 give 0.832 to 1.
    """
    bound = 0.025 ** (1 / examples)
    return (bound, 1.0) if all_correct else (0.0, 1 - bound)


def mean_share_interval(counts: FloatArray, totals: FloatArray) -> Bounds:
    """The interval of the mean of independent shares, each of its own examples: (shares,).

    Zou and Donner, "Construction of confidence limits about effect measures", 2008: the distances
    from the bounds of each, squared and added.
    """
    shares = counts / totals
    low, high = wilson(counts, totals)
    below, above = (
        np.sqrt((part**2).sum()) / len(shares) for part in (shares - low, high - shares)
    )
    return float(shares.mean() - below), float(shares.mean() + above)
