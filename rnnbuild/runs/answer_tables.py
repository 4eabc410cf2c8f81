"""Recorded answers as metrics take them: scores of any choice of the rows, without the data."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.metric import Array, FloatArray, Metric
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.scoring import Tables, tabulate
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import METRICS, AnyAnswers, metrics_for
from rnnbuild.metrics.translation import Translated
from rnnbuild.metrics.unseen import UNSEEN
from rnnbuild.runs.answers_file import (
    LabelAnswers,
    LabelSetAnswers,
    Number,
    NumberAnswers,
    PassageAnswers,
    SplitAnswers,
    TagAnswers,
    TextAnswers,
)
from rnnbuild.tasks.table import TASKS


def metrics_and_tables(record: SplitAnswers) -> tuple[tuple[Metric[Any], ...], Tables]:
    """The metrics that the answers are scored by, the main one first, and their statistics by row.

    Pooled over all rows they give the scores of the run to the last bit.
    """
    answers = record.answers
    if isinstance(answers, PassageAnswers):
        columns = answers.nats, answers.tokens, answers.characters, answers.correct
        metrics = METRICS[record.scored_as]
        return metrics, {metrics[0].statistics: np.array(columns, np.float64).T}
    if isinstance(answers, NumberAnswers):
        metrics = tuple(
            metric
            for metric in METRICS[record.scored_as]
            if metric.statistics.__name__ in answers.errors
        )
        return metrics, {
            metric.statistics: with_outputs(answers, metric.statistics.__name__)
            for metric in metrics
        }
    restored = answers_to_score(record)
    metrics = metrics_for(restored)
    return metrics, tabulate(metrics, restored)


def with_outputs(answers: NumberAnswers, errors: str) -> FloatArray:
    """Each row's sum of errors beside its outputs: (rows, 2)."""
    sums = floats(answers.errors[errors])
    return np.stack([sums, np.full(len(sums), float(answers.outputs))], axis=1)


def answers_to_score(record: SplitAnswers) -> AnyAnswers:
    """The answers as metrics, and their details, take them.

    Of a label whose probability was not recorded it is 0. Raises TypeError for numbers and
    passages, whose single answers are not recorded: `metrics_and_tables` has their sums.
    """
    task = TASKS[record.task]
    match record.answers:
        case LabelAnswers() as each:
            if each.probabilities is not None:
                outputs = floats_by_row(each.probabilities).astype(np.float32)
                return Classified.from_probabilities(
                    label_ids(each.targets), outputs, each.labels, task
                )
            return Classified(
                label_ids(each.targets),
                label_ids(each.predictions),
                each.labels,
                scattered(each),
                task,
            )
        case LabelSetAnswers() as each:
            return label_sets(each, record)
        case TagAnswers() as each:
            return Tagged(
                label_ids(list(chain.from_iterable(each.targets))),
                label_ids(list(chain.from_iterable(each.predictions))),
                offsets_of(each.targets),
                each.labels,
                task,
            )
        case TextAnswers() as each:
            return Translated(
                *numbered_tokens(each.targets, each), *numbered_tokens(each.predictions, each)
            )
    raise TypeError("single numbers and tokens are not recorded to the last bit")


def scattered(answers: LabelAnswers) -> FloatArray:
    """The probabilities that are known, and 0 elsewhere: (rows, labels)."""
    rows = np.arange(len(answers.targets))
    table = np.zeros((len(rows), len(answers.labels)), np.float32)
    for labels, probabilities in (
        (answers.targets, answers.target_probabilities),
        (answers.predictions, answers.prediction_probabilities),
    ):
        ids = label_ids(labels)
        known = ids != UNSEEN
        table[rows[known], ids[known]] = floats(probabilities or ())[known]
    return table.astype(np.float64)


def label_sets(answers: LabelSetAnswers, record: SplitAnswers) -> MultiLabelled:
    """The labels of each row and of each answer."""
    shape = len(answers.targets), len(answers.labels)
    targets, probabilities = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for row, labels in enumerate(answers.targets):
        targets[row, list(labels)] = 1
        probabilities[row, list(labels)] = floats(answers.target_probabilities[row])
    for row, labels in enumerate(answers.predictions):
        probabilities[row, list(labels)] = floats(answers.prediction_probabilities[row])
    unseen = np.array(answers.unseen, np.int32)
    return MultiLabelled(targets, probabilities, answers.labels, unseen, TASKS[record.task])


def numbered_tokens(
    rows: Sequence[Sequence[str | None]], answers: TextAnswers
) -> tuple[Array, Array]:
    """Tokens as numbers, equal ones alike, end to end, and their offsets; UNSEEN for None."""
    known = chain.from_iterable(answers.predictions), chain.from_iterable(answers.targets)
    ids: dict[str | None, int] = {None: UNSEEN}
    for token in chain(*known):
        ids.setdefault(token, len(ids))
    numbers = [ids[token] for token in chain.from_iterable(rows)]
    return np.array(numbers, np.int64), offsets_of(rows)


def offsets_of(rows: Sequence[Sequence[Any]]) -> Array:
    """Where each row begins if all are laid end to end, and the end: (rows + 1,)."""
    return np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=np.int64)))


def label_ids(labels: Sequence[int | None]) -> Array:
    """Labels as metrics number them: UNSEEN for None."""
    return np.array([UNSEEN if label is None else label for label in labels], np.int64)


def floats(numbers: Sequence[Number]) -> FloatArray:
    """NaN for None."""
    return np.array(numbers, np.float64)


def floats_by_row(rows: Sequence[Sequence[Number]]) -> FloatArray:
    """(rows, numbers), which each row has as many of."""
    return np.array(rows, np.float64).reshape(len(rows), -1)
