"""Corpus BLEU with one reference, as sacrebleu computes it on tokens (`tokenize="none"`).

Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", 2002: the
geometric mean of the precisions of one to four tokens in a row, times a brevity penalty, from 0
to 100. Smoothing is sacrebleu's default, "exp" (that of mteval-v13a): the k-th precision of zero
counts as 1 / 2^k of one match. One difference: where no target is four tokens long BLEU is
undefined, and sacrebleu says a number, mostly 0.
"""

import numpy as np

from rnnbuild.metrics.metric import Array, FloatArray, Metric
from rnnbuild.metrics.ragged import row_numbers
from rnnbuild.metrics.translation import Translated

ORDERS = 4


def ngram_counts(answers: Translated) -> Array:
    """(rows, 11): predicted tokens, target tokens, the n-grams of one to four tokens that match,
    those predicted, and the four-grams of the targets."""
    row_count = len(answers.target_offsets) - 1
    predicted_tokens = len(answers.predictions)
    rows = np.concatenate(
        [row_numbers(answers.prediction_offsets), row_numbers(answers.target_offsets)]
    )
    # Targets follow predictions as rows of their own, so that no n-gram runs from one to another.
    is_target = np.arange(len(rows)) >= predicted_tokens
    line = rows + is_target * row_count
    token = numbered(np.concatenate([answers.predictions, answers.targets]))
    matches, lengths = [], []
    gram, at = token, np.arange(len(rows))
    for order in range(1, ORDERS + 1):
        if order > 1:
            follows = at + order - 1 < len(rows)
            at, gram = at[follows], gram[follows]
            whole = line[at] == line[at + order - 1]
            at, gram = at[whole], gram[whole]
            gram = numbered(gram * (len(rows) + 1) + token[at + order - 1])
        matches.append(matches_of(gram, rows[at], is_target[at], row_count))
        lengths.append(np.bincount(line[at], minlength=2 * row_count).reshape(2, row_count))
    predicted, target = np.array(lengths).transpose(1, 2, 0)
    return np.column_stack(
        [predicted[:, 0], target[:, 0], np.stack(matches, axis=1), predicted, target[:, -1]]
    )


def numbered(values: Array) -> Array:
    """The values renumbered from 0, equal ones alike, so that products of two stay small."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def matches_of(gram: Array, rows: Array, is_target: Array, row_count: int) -> Array:
    """N-grams predicted that the target has too, each as often as both have it: (row_count,)."""
    kinds = int(gram.max(initial=0)) + 1
    pairs, pair = np.unique(rows * kinds + gram, return_inverse=True)
    in_target = np.bincount(pair, weights=is_target, minlength=len(pairs))
    in_prediction = np.bincount(pair, weights=~is_target, minlength=len(pairs))
    common = np.minimum(in_target, in_prediction)
    return np.bincount(pairs // kinds, weights=common, minlength=row_count).astype(np.int64)


def bleu(pooled: FloatArray) -> FloatArray:
    """BLEU from sums of `ngram_counts`: (..., 11) -> (...)."""
    predicted, target, target_fours = pooled[..., 0], pooled[..., 1], pooled[..., 10]
    matches, total = pooled[..., 2:6], pooled[..., 6:10]
    without = matches == 0
    smoothed = np.where(without, 0.5 ** np.cumsum(without, axis=-1), matches)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(total > 0, np.log(smoothed / total), -np.inf)
        brevity = np.where(predicted < target, np.exp(1 - target / predicted), 1.0)
    score = 100 * brevity * np.exp(logs.mean(axis=-1))
    score = np.where(without.all(axis=-1), 0.0, score)
    return np.where(target_fours > 0, score, np.nan)


BLEU = Metric("bleu", ngram_counts, bleu, unit="points")
