"""Where a model is right and where it is wrong, as plain values for a run's metrics.json."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from rnnbuild.inference.decoding.decoder import Decoder, name_of
from rnnbuild.inference.mistakes import mistakes_of
from rnnbuild.metrics.bootstrap import RESAMPLES
from rnnbuild.metrics.by_label import LabelScores, scores_by_entity_type, scores_by_label
from rnnbuild.metrics.by_length import scores_by_length
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.confusion import confusion_matrix
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.scoring import tabulate
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers, metrics_for
from rnnbuild.tasks.tag import mark_entities

Details = dict[str, Any]

MOST_RESAMPLED = 50_000
"""Of more rows than this, intervals of parts are too narrow to be worth the minutes they take."""


def resamples_for(rows: int) -> int:
    """How often rows are drawn for the intervals of parts; 0 for none."""
    return RESAMPLES if rows <= MOST_RESAMPLED else 0


def details_of(
    decoder: Decoder, answers: AnyAnswers, lengths: Array, row_text: Callable[[int], str]
) -> Details:
    """What stands behind the scores of some rows. `lengths` are steps, one an answer.

    by_label:       of each label precision, recall, F1, support, predicted; with intervals where
                    rows are no more than MOST_RESAMPLED
    by_entity_type: the same of each type of entity, where tags mark entities
    confusion:      each pair of target and prediction that occurs, with its count; the commonest
                    first. None is a label that the training split lacks
    by_length:      every score of the shortest rows, of longer ones, and so on
    mistakes:       the worst rows, see `mistakes`

    Where a kind of answer has no such thing its key is left out.
    """
    found: Details = {}
    resamples = resamples_for(len(lengths))
    match answers:
        case Classified() | Tagged():
            found["by_label"] = plain_scores(scores_by_label(answers, resamples))
            found["confusion"] = confusion_of(answers)
        case MultiLabelled():
            found["by_label"] = plain_scores(scores_by_label(answers, resamples))
    if isinstance(answers, Tagged) and mark_entities(answers.labels):
        found["by_entity_type"] = plain_scores(scores_by_entity_type(answers, resamples))
    # Windows are all as long, and several of them may make one answer.
    by_length = [] if isinstance(answers, Forecasts) else scores_of_lengths(answers, lengths)
    if len(by_length) > 1:
        found["by_length"] = by_length
    found["mistakes"] = mistakes_of(decoder, answers, row_text)
    return found


def plain_scores(scores: dict[str, LabelScores]) -> dict[str, Any]:
    """The labels that occur, as targets or as answers."""
    return {
        name: asdict(score) for name, score in scores.items() if score.support + score.predicted
    }


def confusion_of(answers: Classified | Tagged) -> list[dict[str, Any]]:
    """The cells of the confusion matrix that are not zero, right ones included."""
    counts = confusion_matrix(answers.targets, answers.predictions, answers.labels)
    targets, predictions = np.nonzero(counts)
    order = np.argsort(-counts[targets, predictions], kind="stable")
    unseen = len(answers.labels)
    return [
        {
            "target": None if target == unseen else name_of(target, answers.labels),
            "prediction": None if prediction == unseen else name_of(prediction, answers.labels),
            "count": int(counts[target, prediction]),
        }
        for target, prediction in zip(
            targets[order].tolist(), predictions[order].tolist(), strict=True
        )
    ]


def scores_of_lengths(answers: AnyAnswers, lengths: Array) -> list[dict[str, Any]]:
    """The scores of each group of rows of like length, shortest first."""
    metrics = metrics_for(answers)
    tables, resamples = tabulate(metrics, answers), resamples_for(len(lengths))
    bins = scores_by_length(metrics, tables, lengths, resamples=resamples)
    return [
        {
            "shortest": group.shortest,
            "longest": group.longest,
            "scores": {name: asdict(score) for name, score in group.scores.items()},
        }
        for group in bins
    ]
