"""Which metrics each kind of task is scored by. The first is the main one.

kind         task                     main            beside it
binary       classify, two labels     accuracy        balanced accuracy, macro F1, log loss,
                                                      ROC-AUC
multiclass   classify, more labels    accuracy        balanced accuracy, macro F1, log loss
multi_label  classify, several each   micro F1        macro F1, subset accuracy
tag          tag                      token accuracy  macro F1
entities     tag, BIO labels          entity F1       entity precision, recall, token accuracy
forecast     forecast                 RMSE            MAE, MSE, MASE
forecast_units  forecast of columns   standardised    standardised MAE and MSE, MASE
             in units of their own    RMSE
translate    translate                exact match     token accuracy, BLEU
language_model  language-model        nats            bits per token and per character,
                                                      perplexity, token accuracy
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rnnbuild.metrics import classification, language_model, multi_label, tagging, translation
from rnnbuild.metrics.bleu import BLEU
from rnnbuild.metrics.bootstrap import RESAMPLES
from rnnbuild.metrics.classification import ACCURACY, BALANCED_ACCURACY, LOG_LOSS, Classified
from rnnbuild.metrics.entities import ENTITY_F1, ENTITY_PRECISION, ENTITY_RECALL
from rnnbuild.metrics.forecasting import (
    MAE,
    MASE,
    MSE,
    RMSE,
    STANDARDISED_MAE,
    STANDARDISED_MSE,
    STANDARDISED_RMSE,
    Forecasts,
    intervals_of_forecasts,
)
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.metric import Metric
from rnnbuild.metrics.multi_label import MICRO_F1, SUBSET_ACCURACY, MultiLabelled
from rnnbuild.metrics.roc_auc import ROC_AUC
from rnnbuild.metrics.scoring import Score, evaluate, scores_with, tabulate
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.translation import EXACT_MATCH, Translated
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.traits import ScoredAs

AnyAnswers = Classified | MultiLabelled | Tagged | Forecasts | Translated | NextTokens

METRICS: Mapping[ScoredAs, tuple[Metric[Any], ...]] = {
    "binary": (ACCURACY, BALANCED_ACCURACY, classification.MACRO_F1, LOG_LOSS, ROC_AUC),
    "multiclass": (ACCURACY, BALANCED_ACCURACY, classification.MACRO_F1, LOG_LOSS),
    "multi_label": (MICRO_F1, multi_label.MACRO_F1, SUBSET_ACCURACY),
    "tag": (tagging.TOKEN_ACCURACY, tagging.MACRO_F1),
    "entities": (ENTITY_F1, ENTITY_PRECISION, ENTITY_RECALL, tagging.TOKEN_ACCURACY),
    "forecast": (RMSE, MAE, MSE, MASE),
    "forecast_units": (STANDARDISED_RMSE, STANDARDISED_MAE, STANDARDISED_MSE, MASE),
    "translate": (EXACT_MATCH, translation.TOKEN_ACCURACY, BLEU),
    "language_model": (
        language_model.NATS_A_TOKEN,
        language_model.BITS_PER_TOKEN,
        language_model.BITS_PER_CHARACTER,
        language_model.PERPLEXITY,
        language_model.ACCURACY,
    ),
}


ARE_THE_LOSS = frozenset({language_model.NATS_A_TOKEN.name})
"""Metrics that are the mean of the loss itself."""
BY_NAME = {metric.name: metric for metrics in METRICS.values() for metric in metrics}


def higher_is_better(name: str) -> bool:
    """Whether more of a metric is better; of the loss, less is. Raises KeyError for an unknown."""
    return name != "loss" and BY_NAME[name].higher_is_better


def is_better(
    value: float | None, best: float | None, higher_is_better: bool, min_delta: float = 0.0
) -> bool:
    """Whether a value is a gain of more than `min_delta` over the best so far.

    An undefined value (None) never is; any other is, where there is no best yet.
    """
    if value is None or best is None:
        return value is not None
    return value - min_delta > best if higher_is_better else value + min_delta < best


def is_better_evaluation(
    scores: Mapping[str, float | None],
    best: Mapping[str, float | None],
    name: str,
    higher_is_better: bool,
) -> bool:
    """Whether an evaluation's scores are better than the best so far, by the metric of this name.

    Of equal scores the lower `loss` is better. One with an undefined score never is.
    """
    value, known = scores.get(name), best.get(name)
    if value is None or value != known:
        return is_better(value, known, higher_is_better)
    return is_better(scores.get("loss"), best.get("loss"), higher_is_better=False)


def best_of(name: str, values: Iterable[float]) -> float:
    """The best of some values of a metric. Raises ValueError where there is none."""
    return max(values) if higher_is_better(name) else min(values)


def metrics_of(facts: DataFacts) -> tuple[Metric[Any], ...]:
    """The metrics of a task, the main one first: what is known of it before there are answers."""
    return METRICS[TASKS[facts.task].scored_as(facts)]


def main_metric(facts: DataFacts) -> Metric[Any]:
    """The metric by which runs of a task are compared, and checkpoints chosen."""
    return metrics_of(facts)[0]


def metrics_for(answers: AnyAnswers) -> tuple[Metric[Any], ...]:
    """The metrics that the answers can be scored by, the main one first.

    Without probabilities there is no log loss and no ROC-AUC, without a scale no MASE.
    """
    return tuple(metric for metric in METRICS[answers.scored_as] if metric.can_score(answers))


def scores(answers: AnyAnswers, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Score]:
    """Every score of the answers by its name, the main one first, with 95 % intervals.

    Examples are resampled; forecasts, which depend on their neighbours, are not, and have none
    where there are no resamples.
    """
    metrics = metrics_for(answers)
    tables = tabulate(metrics, answers)
    if isinstance(answers, Forecasts) and resamples:
        return scores_with(intervals_of_forecasts(answers, tables), metrics, tables)
    return evaluate(metrics, tables, resamples, seed)
