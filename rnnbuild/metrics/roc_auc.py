"""The area under the ROC curve, for two classes.

It is the share of pairs of a positive and a negative example in which the positive one got the
higher probability, ties counting half (Hanley and McNeil, 1982). Pairs do not add up over
examples, so this metric has a `pool` of its own: it ranks the examples and weighs the ranks.
"""

import numpy as np

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.metric import Array, Bounds, FloatArray, Metric, ratio
from rnnbuild.metrics.shares import NORMAL


def ranked(answers: Classified) -> FloatArray:
    """(rows, 3): the probability of the second label, then 1 if negative, then 1 if positive.

    A target unseen in train is neither, and takes part in no pair. A probability that is not
    a number ranks where it is wrong. Raises ValueError unless there are two labels with
    probabilities.
    """
    if answers.probabilities is None or len(answers.labels) != 2:
        raise ValueError("ROC-AUC takes the probabilities of two labels")
    negative, positive = answers.targets == 0, answers.targets == 1
    likely = answers.probabilities[:, 1]
    likely = np.where(np.isnan(likely), np.where(positive, -1.0, 2.0), likely)
    return np.stack([likely, negative, positive], axis=1)


def ordered_pairs(statistics: Array, weights: FloatArray) -> FloatArray:
    """Pairs in the right order, and all pairs: (rows, 3), (..., rows) -> (..., 2)."""
    order = np.argsort(statistics[:, 0], kind="stable")
    likely, negative, positive = statistics[order].T
    sorted_weights = weights[..., order]
    ties = np.flatnonzero(np.r_[True, np.diff(likely) > 0])
    negatives = np.add.reduceat(sorted_weights * negative, ties, axis=-1)
    positives = np.add.reduceat(sorted_weights * positive, ties, axis=-1)
    below = np.cumsum(negatives, axis=-1) - negatives
    correct = (positives * (below + negatives / 2)).sum(axis=-1)
    return np.stack([correct, positives.sum(axis=-1) * negatives.sum(axis=-1)], axis=-1)


def interval_of_area(statistics: Array) -> Bounds | None:
    """The interval of the area, from `ranked`: the areas from which it is no further than chance.

    Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney
    statistic", part 2, 2006, method 5. It has a width where the area is 0 or 1, too.
    """
    _, negatives, positives = statistics.sum(axis=0)
    correct, pairs = ordered_pairs(statistics, np.ones(len(statistics)))
    if not pairs:
        return None
    area = correct / pairs
    extra = (negatives + positives) / 2 - 1

    def is_near(true: float) -> bool:
        spread = 1 + extra * ((1 - true) / (2 - true) + true / (1 + true))
        return bool((area - true) ** 2 <= NORMAL**2 * true * (1 - true) * spread / pairs)

    def bound(far: float) -> float:
        near = area
        for _ in range(40):
            middle = (near + far) / 2
            near, far = (middle, far) if is_near(middle) else (near, middle)
        return float(near)

    return bound(0.0), bound(1.0)


# Undefined where one of the two classes has no example.
ROC_AUC = Metric(
    "roc_auc",
    ranked,
    ratio,
    pool=ordered_pairs,
    interval=interval_of_area,
    can_score=lambda answers: answers.probabilities is not None,
)
