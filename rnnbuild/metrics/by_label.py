"""Precision, recall and F1 of each label, tag or type of entity, with intervals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.metrics.bootstrap import RESAMPLES
from rnnbuild.metrics.classification import Classified, class_counts
from rnnbuild.metrics.entities import entity_counts
from rnnbuild.metrics.f1 import f1, of_label, precision, recall, split
from rnnbuild.metrics.metric import Array, Metric
from rnnbuild.metrics.multi_label import MultiLabelled, label_set_counts
from rnnbuild.metrics.scoring import Score, evaluate
from rnnbuild.metrics.tagging import Tagged, tag_counts
from rnnbuild.tasks.tag import entity_types

MEASURES = {"precision": precision, "recall": recall, "f1": f1}


@dataclass(frozen=True)
class LabelScores:
    """How well one label is answered. `support` counts its targets, `predicted` its answers."""

    precision: Score
    recall: Score
    f1: Score
    support: int
    predicted: int


def scores_by_label(
    answers: Classified | MultiLabelled | Tagged, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, LabelScores]:
    """The scores of every label by its name, in the order of the labels.

    Targets unseen in train weigh on the precision of what was answered instead.
    """
    statistics: Callable[..., Array]
    match answers:
        case Classified():
            statistics = class_counts
        case MultiLabelled():
            statistics = label_set_counts
        case Tagged():
            statistics = tag_counts
    return scores_of_counts(statistics, answers, answers.labels, resamples, seed)


def scores_by_entity_type(
    answers: Tagged, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, LabelScores]:
    """The scores of every type of entity by its name, sorted."""
    types = entity_types(answers.labels)
    return scores_of_counts(entity_counts, answers, types, resamples, seed)


def scores_of_counts(
    statistics: Callable[[Any], Array],
    answers: object,
    names: tuple[str, ...],
    resamples: int,
    seed: int,
) -> dict[str, LabelScores]:
    """The scores of each name from counts whose first columns follow the names."""
    table = statistics(answers)
    metrics = [
        Metric(f"{measure}/{number}", statistics, of_label(function, number))
        for number in range(len(names))
        for measure, function in MEASURES.items()
    ]
    scores = evaluate(metrics, {statistics: table}, resamples, seed)
    _, predicted, actual = split(table.sum(axis=0, dtype=np.float64))
    return {
        name: LabelScores(
            **{measure: scores[f"{measure}/{number}"] for measure in MEASURES},
            support=int(actual[number]),
            predicted=int(predicted[number]),
        )
        for number, name in enumerate(names)
    }
