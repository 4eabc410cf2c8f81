"""One sequence from another: exact match and token accuracy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rnnbuild.metrics.metric import Array, FloatArray, Metric, ratio, with_ones
from rnnbuild.metrics.ragged import check_offsets, row_numbers, row_sums
from rnnbuild.metrics.shares import all_alike, share_interval
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import ScoredAs
from rnnbuild.tasks.translate import TRANSLATE


@dataclass(frozen=True)
class Translated:
    """Target and predicted sequences of token numbers, each laid end to end, without padding.

    Target i is targets[target_offsets[i]:target_offsets[i + 1]], prediction i likewise with its
    own offsets. A target token below 0 is unseen in train and matched by nothing. Raises
    ValueError where shapes do not fit.
    """

    targets: Array
    target_offsets: Array
    predictions: Array
    prediction_offsets: Array

    def __post_init__(self) -> None:
        check_offsets(self.target_offsets, len(self.targets))
        check_offsets(self.prediction_offsets, len(self.predictions))
        if len(self.target_offsets) != len(self.prediction_offsets):
            raise ValueError(
                f"{len(self.target_offsets) - 1} targets and "
                f"{len(self.prediction_offsets) - 1} predictions are not the same rows"
            )
        if self.predictions.size and self.predictions.min() < 0:
            raise ValueError("predicted token numbers are 0 or more")

    @property
    def scored_as(self) -> ScoredAs:
        return TRANSLATE.scored_as(DataFacts(TRANSLATE.name))


def agreements(answers: Translated) -> npt.NDArray[np.bool_]:
    """True of the target tokens that are in the prediction at the same place: (total,)."""
    rows = row_numbers(answers.target_offsets)
    places = np.arange(len(rows)) - answers.target_offsets[rows]
    reached = places < np.diff(answers.prediction_offsets)[rows]
    same = np.zeros(len(rows), dtype=bool)
    predicted = answers.prediction_offsets[rows[reached]] + places[reached]
    same[reached] = answers.targets[reached] == answers.predictions[predicted]
    return same


def token_agreements(answers: Translated) -> FloatArray:
    """Agreeing tokens, and tokens of the longer of target and prediction: (rows, 2).

    So a missing token and a surplus one are each as wrong as a wrong one.
    """
    same = row_sums(agreements(answers), answers.target_offsets)
    longer = np.maximum(np.diff(answers.target_offsets), np.diff(answers.prediction_offsets))
    return np.stack([same, longer], axis=1)


def exact_matches(answers: Translated) -> FloatArray:
    """Equal throughout or not: (rows, 2)."""
    same, longer = token_agreements(answers).T
    return with_ones(same == longer)


EXACT_MATCH = Metric("exact_match", exact_matches, ratio, interval=share_interval)
TOKEN_ACCURACY = Metric("token_accuracy", token_agreements, ratio, interval=all_alike)
