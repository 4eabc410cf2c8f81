"""The worst mistakes: which examples to look at first."""

import numpy as np

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.language_model import NextTokens, passages
from rnnbuild.metrics.metric import Array, FloatArray, divide
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged, correct_tokens
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.metrics.translation import Translated, token_agreements
from rnnbuild.metrics.unseen import UNSEEN, hits


def worst_mistakes(answers: AnyAnswers, limit: int = 10) -> Array:
    """The numbers of up to `limit` rows, the worst first and equally bad ones in their order.

    Rows that are correct throughout are never among them.
    """
    badness = badness_of(answers)
    order = np.argsort(-badness, kind="stable")[:limit]
    return order[badness[order] > 0]


def badness_of(answers: AnyAnswers) -> FloatArray:
    """How bad each row's answer is (rows,): 0 where it is correct.

    Classes: the confidence in the wrong answer (1 where there are no probabilities). Several
    labels: the distance of the wrong ones from their targets, summed. Tags: wrong tokens.
    Numbers: the mean absolute error, by the scale of each column where it is known, by its
    deviation where units differ. Sequences: tokens wrong, missing or surplus. Passages: nats a
    token. What is not a number is the worst of all.
    """
    match answers:
        case Classified():
            return wrong_confidence(answers)
        case MultiLabelled():
            wrong = answers.actual != answers.predicted
            distance = np.abs(np.asarray(answers.probabilities, np.float64) - answers.actual)
            badness = np.where(wrong, distance, 0.0).sum(axis=1) + answers.missing
        case Tagged():
            correct, tokens = correct_tokens(answers).T
            badness = tokens - correct
        case Forecasts():
            scale = answers.scale
            if answers.deviation is not None and answers.units:
                errors = answers.standardised_errors
            elif scale is not None and bool(np.all(scale > 0)):
                errors = answers.scaled_errors
            else:
                errors = answers.errors
            badness = np.abs(errors).mean(axis=1)
        case NextTokens():
            nats, tokens, *_ = passages(answers).T
            badness = np.where(tokens > 0, divide(nats, tokens), 0.0)
        case Translated():
            same, longer = token_agreements(answers).T
            badness = longer - same
    return np.where(np.isnan(badness), np.inf, badness)


def wrong_confidence(answers: Classified) -> FloatArray:
    """The probability of the answer where it is wrong, else 0: (rows,)."""
    wrong = ~hits(answers.targets, answers.predictions)
    if answers.probabilities is None:
        return wrong.astype(np.float64)
    rows = np.arange(len(wrong))
    confidence = answers.probabilities[rows, answers.predictions]
    return np.where(wrong, np.where(answers.predictions == UNSEEN, np.inf, confidence), 0.0)
