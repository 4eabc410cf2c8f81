"""Where a model is correct and where it is wrong, as values for a run's metrics.json."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.inference.decoding.decoder import Decoder, name_of
from rnnbuild.inference.decoding.running_text import RunningTextDecoder
from rnnbuild.inference.mistakes import mistakes_of
from rnnbuild.metrics.bootstrap import RESAMPLES
from rnnbuild.metrics.by_column import ColumnScores, scores_by_column
from rnnbuild.metrics.by_label import LabelScores, scores_by_entity_type, scores_by_label
from rnnbuild.metrics.by_length import LengthBin, scores_by_length
from rnnbuild.metrics.by_position import nats_by_position
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.confusion import confusion_matrix
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.paired_examples import paired_examples
from rnnbuild.metrics.scoring import Score, tabulate
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers, metrics_for
from rnnbuild.runs.metrics_file import ConfusionCell, Details
from rnnbuild.tasks.tag import mark_entities

MOST_RESAMPLED = 50_000
"""With more rows than this, intervals of parts are too narrow to be worth the minutes they take."""


def resamples_for(rows: int) -> int:
    """Number of bootstrap samples for the intervals of parts; 0 for none."""
    return RESAMPLES if rows <= MOST_RESAMPLED else 0


def details_of(
    decoder: Decoder,
    encoded: Encoded,
    outputs: NDArray[Any],
    answers: AnyAnswers,
    row_text: Callable[[int], str],
    baselines: Mapping[str, AnyAnswers] = MappingProxyType({}),
    row_place: Callable[[int], str] = lambda row: "",
) -> Details:
    """The details behind the scores of `answers`, which are the decoder's of reduced outputs.

    `baselines` are the answers of trivial methods to the same rows.

    Scores of parts have intervals if there are at most MOST_RESAMPLED rows.
    """
    lengths = encoded.lengths
    resamples = resamples_for(len(lengths))
    by_label = by_entity_type = confusion = None
    if isinstance(answers, Classified | Tagged | MultiLabelled):
        by_label = those_that_occur(scores_by_label(answers, resamples))
    if isinstance(answers, Classified | Tagged):
        confusion = confusion_of(answers)
    if isinstance(answers, Tagged) and mark_entities(answers.labels):
        by_entity_type = those_that_occur(scores_by_entity_type(answers, resamples))
    # Windows and passages are equally long, and several windows may make one answer.
    alike = isinstance(answers, Forecasts | NextTokens)
    by_length = () if alike else scores_of_lengths(answers, lengths)
    by_position = by_kind = None
    if isinstance(decoder, RunningTextDecoder) and isinstance(answers, NextTokens):
        by_position = nats_by_position(decoder.every_token(encoded, outputs))
        by_kind = decoder.by_kind(encoded, answers)
    return Details(
        by_label=by_label,
        confusion=confusion,
        by_entity_type=by_entity_type,
        by_length=by_length if len(by_length) > 1 else None,
        by_column=by_column_of(answers, baselines, resamples),
        by_position=by_position,
        by_kind=by_kind,
        gains=gains_of(answers, baselines),
        mistakes=mistakes_of(decoder, answers, row_text, row_place),
    )


def by_column_of(
    answers: AnyAnswers, baselines: Mapping[str, AnyAnswers], resamples: int
) -> dict[str, ColumnScores] | None:
    """The scores of each column, where columns have units of their own."""
    if not isinstance(answers, Forecasts) or not answers.units:
        return None
    others = {name: each for name, each in baselines.items() if isinstance(each, Forecasts)}
    return scores_by_column(answers, others, resamples)


def gains_of(answers: AnyAnswers, baselines: Mapping[str, AnyAnswers]) -> dict[str, Score] | None:
    """How much better a language model is than each trivial method, passage by passage.

    None of other models, and where there is no trivial method.
    """
    if not isinstance(answers, NextTokens) or not baselines:
        return None
    metrics = metrics_for(answers)[:1]
    ours = tabulate(metrics, answers)
    return {
        name: paired_examples(metrics, ours, tabulate(metrics, each), reach=1)[
            metrics[0].name
        ].difference
        for name, each in baselines.items()
    }


def those_that_occur(scores: dict[str, LabelScores]) -> dict[str, LabelScores]:
    """The labels that occur, as targets or as answers."""
    return {name: score for name, score in scores.items() if score.support + score.predicted}


def confusion_of(answers: Classified | Tagged) -> tuple[ConfusionCell, ...]:
    """The cells of the confusion matrix that are not zero, those of correct answers included."""
    counts = confusion_matrix(answers.targets, answers.predictions, answers.labels)
    targets, predictions = np.nonzero(counts)
    order = np.argsort(-counts[targets, predictions], kind="stable")
    unseen = len(answers.labels)
    return tuple(
        ConfusionCell(
            target=None if target == unseen else name_of(target, answers.labels),
            prediction=None if prediction == unseen else name_of(prediction, answers.labels),
            count=int(counts[target, prediction]),
        )
        for target, prediction in zip(
            targets[order].tolist(), predictions[order].tolist(), strict=True
        )
    )


def scores_of_lengths(answers: AnyAnswers, lengths: Array) -> tuple[LengthBin, ...]:
    """The scores of each group of rows of similar length, shortest first."""
    metrics = metrics_for(answers)
    tables, resamples = tabulate(metrics, answers), resamples_for(len(lengths))
    return tuple(scores_by_length(metrics, tables, lengths, resamples=resamples))
