"""Trivial answers to labelled text: the most common label, naive Bayes, each word's usual tag.

They see what a model sees: ids, cut to the length that it reads. Memory is bounded by words and
labels, not by the rows that are counted.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded, label_counts
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged

Labels = tuple[str, ...]
Logarithms = NDArray[np.float64]

WORDS_AT_ONCE = 1 << 20
"""Tokens that are in memory at once."""


def majority(train: Encoded, examples: Encoded, labels: Labels) -> Classified:
    """The most common training label; the probabilities are the labels' shares in training."""
    counts = label_counts(train, len(labels))
    shares = np.broadcast_to(counts / counts.sum(), (len(examples), len(labels)))
    return Classified.from_probabilities(examples.targets, shares, labels)


def usual_labels(train: Encoded, examples: Encoded, labels: Labels) -> MultiLabelled:
    """Each label, with its share of the training rows as its probability; several at once."""
    shares = np.broadcast_to(train.targets.mean(axis=0), examples.targets.shape)
    return MultiLabelled(examples.targets, shares, labels, examples.unseen)


def naive_bayes(train: Encoded, examples: Encoded, labels: Labels, ids: int) -> Classified:
    """Multinomial naive Bayes over single tokens, with one added to every count.

    Manning, Raghavan and Schütze 2008, Introduction to Information Retrieval, section 13.2.
    `ids` is the vocabulary's size. Ids that the training split lacks count for nothing.
    """
    counts = np.zeros((len(labels), ids), np.int64)
    for first, last, rows in _tokens(train):
        pairs = train.targets[rows].astype(np.int64) * ids + train.values[first:last]
        counts += np.bincount(pairs, minlength=counts.size).reshape(counts.shape)
    joint = _log_likelihoods(examples, _log_shares(counts))
    joint += _log_prior(label_counts(train, len(labels)))
    joint -= joint.max(axis=1, keepdims=True)
    likelihood = np.exp(joint)
    shares = likelihood / likelihood.sum(axis=1, keepdims=True)
    return Classified.from_probabilities(examples.targets, shares, labels)


def naive_bayes_each(train: Encoded, examples: Encoded, labels: Labels, ids: int) -> MultiLabelled:
    """`naive_bayes` for each of several labels on its own: does a row have it, or not?"""
    having = np.zeros((len(labels), ids), np.int64)
    total = np.zeros(ids, np.int64)
    for first, last, rows in _tokens(train):
        values = train.values[first:last]
        total += np.bincount(values, minlength=ids)
        for number in range(len(labels)):
            having[number] += np.bincount(values[train.targets[rows, number] > 0], minlength=ids)
    rows_having = train.targets.sum(axis=0)
    probabilities = np.empty((len(examples), len(labels)))
    for number in range(len(labels)):
        weights = _log_shares(np.stack([total - having[number], having[number]]))
        prior = _log_prior(np.array([len(train) - rows_having[number], rows_having[number]]))
        joint = _log_likelihoods(examples, weights) + prior
        probabilities[:, number] = 1 / (1 + np.exp(np.clip(joint[:, 0] - joint[:, 1], -500, 500)))
    return MultiLabelled(examples.targets, probabilities, labels, examples.unseen)


def most_frequent_tag(train: Encoded, examples: Encoded, labels: Labels, ids: int) -> Tagged:
    """Each word's most common tag in training; for a new word, the most common of all."""
    counts = np.zeros((ids, len(labels)), np.int64)
    for first in range(0, len(train.values), WORDS_AT_ONCE):
        here = slice(first, first + WORDS_AT_ONCE)
        values, tags = train.values[here], train.targets[here]
        known = tags != UNSEEN
        pairs = values[known].astype(np.int64) * len(labels) + tags[known]
        counts += np.bincount(pairs, minlength=counts.size).reshape(counts.shape)
    usual = int(counts.sum(axis=0).argmax())
    tags = np.where(counts.any(axis=1), counts.argmax(axis=1), usual).astype(np.int32)
    return Tagged(examples.targets, tags[examples.values], examples.offsets, labels)


def _log_shares(counts: NDArray[np.int64]) -> Logarithms:
    """Logarithm of each id's share within each label, one added to every count: (labels, ids)."""
    logarithms = np.log((counts + 1) / (counts + 1).sum(axis=1, keepdims=True))
    logarithms[:, ~counts.any(axis=0)] = 0
    return np.asarray(logarithms)


def _log_prior(counts: NDArray[np.int64]) -> Logarithms:
    return np.asarray(np.log((counts + 1) / (counts + 1).sum()))


def _log_likelihoods(examples: Encoded, weights: Logarithms) -> Logarithms:
    """The sum of each label's weights over a row's tokens: (rows, labels)."""
    joint = np.zeros((len(examples), len(weights)))
    for first, last, rows in _tokens(examples):
        values = examples.values[first:last]
        begin, end = int(rows[0]), int(rows[-1]) + 1
        for number, row in enumerate(weights):
            joint[begin:end, number] += np.bincount(rows - begin, row[values], end - begin)
    return joint


def _tokens(encoded: Encoded) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Runs of tokens of sequences that lie end to end: first, end, and each token's row."""
    starts, total = encoded.starts, len(encoded.values)
    for first in range(0, total, WORDS_AT_ONCE):
        last = min(first + WORDS_AT_ONCE, total)
        row, after = np.searchsorted(starts, (first, last - 1), side="right")
        # The row of each token is the running sum of ones at the starts of rows.
        owners = np.zeros(last - first, np.int64)
        owners[0] = row - 1
        owners[starts[row:after] - first] = 1
        yield first, last, np.cumsum(owners)
