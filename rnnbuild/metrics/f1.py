"""Precision, recall and F1 from three counts of each label.

Counts are one array (..., 3 x labels): first how often each label was predicted correctly, then how
often it was predicted, then how often it was the target. What has nothing to divide by is
undefined: precision of a label never predicted, recall of one without targets, F1 of one with
neither. (scikit-learn and conlleval say 0 there, scikit-learn with a warning.)
"""

from collections.abc import Callable

import numpy as np

from rnnbuild.metrics.metric import FloatArray, divide

Measure = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
ScoreOfCounts = Callable[[FloatArray], FloatArray]


def precision(correct: FloatArray, predicted: FloatArray, actual: FloatArray) -> FloatArray:
    """Share of the predictions that are correct."""
    return divide(correct, predicted)


def recall(correct: FloatArray, predicted: FloatArray, actual: FloatArray) -> FloatArray:
    """Share of the targets that were predicted."""
    return divide(correct, actual)


def f1(correct: FloatArray, predicted: FloatArray, actual: FloatArray) -> FloatArray:
    """The harmonic mean of precision and recall."""
    return divide(2 * correct, predicted + actual)


def split(counts: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Right, predicted and actual, each (..., labels)."""
    correct, predicted, actual = np.split(counts, 3, axis=-1)
    return correct, predicted, actual


def micro(measure: Measure) -> ScoreOfCounts:
    """The measure of all labels' counts together."""

    def score(counts: FloatArray) -> FloatArray:
        correct, predicted, actual = (part.sum(axis=-1) for part in split(counts))
        return measure(correct, predicted, actual)

    return score


def macro(measure: Measure) -> ScoreOfCounts:
    """The mean of the measure over the labels for which it is defined, each label alike."""

    def score(counts: FloatArray) -> FloatArray:
        each = measure(*split(counts))
        defined = ~np.isnan(each)
        return divide(np.where(defined, each, 0.0).sum(axis=-1), defined.sum(axis=-1))

    return score


def of_label(measure: Measure, label: int) -> ScoreOfCounts:
    """The measure of one label."""

    def score(counts: FloatArray) -> FloatArray:
        correct, predicted, actual = (part[..., label] for part in split(counts))
        return measure(correct, predicted, actual)

    return score
