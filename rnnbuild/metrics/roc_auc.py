"""The area under the ROC curve, for two classes.

It is the share of pairs of a positive and a negative example in which the positive one got the
higher probability, ties counting half (Hanley and McNeil, 1982). Pairs do not add up over
examples, so this metric has a `pool` of its own: it ranks the examples and weighs the ranks.
"""

import numpy as np

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.metric import Array, FloatArray, Metric, ratio


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


# Undefined where one of the two classes has no example.
ROC_AUC = Metric(
    "roc_auc",
    ranked,
    ratio,
    pool=ordered_pairs,
    can_score=lambda answers: answers.probabilities is not None,
)
