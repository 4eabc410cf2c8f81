"""Whether a model is as often correct as it is sure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.shares import wilson

BINS = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """Answers of like confidence."""

    count: int
    confidence: float
    """The mean probability of these answers."""
    accuracy: float
    """The share of them that is correct, and its 95 % interval."""
    low: float
    high: float


def reliability(confidence: Array, correct: Array, bins: int = BINS) -> tuple[ReliabilityBin, ...]:
    """Up to `bins` groups of about as many answers, the least sure first.

    `confidence` has each answer's probability, `correct` whether it is correct: (answers,).
    """
    order = np.argsort(confidence, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    counts = np.array([len(group) for group in groups], dtype=np.float64)
    right = np.array([np.sum(correct[group]) for group in groups], dtype=np.float64)
    low, high = wilson(right, counts) if groups else (counts, counts)
    return tuple(
        ReliabilityBin(
            len(group),
            float(np.mean(confidence[group])),
            float(right[number] / counts[number]),
            float(low[number]),
            float(high[number]),
        )
        for number, group in enumerate(groups)
    )


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """The mean distance of confidence and accuracy, by bins of as many answers.

    Nguyen and O'Connor, "Posterior calibration and exploratory analysis for natural language
    processing models", 2015: equal bins do not leave the sure answers to a single one.
    """
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.accuracy - each.confidence) for each in bins) / total
