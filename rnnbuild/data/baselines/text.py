"""Trivial answers to labelled text: the commonest label, naive Bayes, each word's commonest tag."""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples import Examples
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.tagging import Tagged

Labels = tuple[str, ...]
Targets = NDArray[np.int32]


def majority(trained: Targets, targets: Targets, labels: Labels) -> Classified:
    """The commonest label of the training split, each with its share there as its probability."""
    counts = np.bincount(trained, minlength=len(labels))
    shares = np.tile(counts / counts.sum(), (len(targets), 1))
    return Classified.from_probabilities(targets, shares, labels)


def naive_bayes(
    train: Examples, trained: Targets, examples: Examples, targets: Targets, labels: Labels
) -> Classified:
    """Multinomial naive Bayes over single tokens, with one added to every count.

    Manning, Raghavan and Schütze 2008, Introduction to Information Retrieval, section 13.2.
    Tokens that the training split lacks tell nothing.
    """
    tokens = train.tokens
    counts = np.ones((len(labels), len(tokens.words)))
    row_labels = np.repeat(trained, tokens.lengths)
    np.add.at(counts, (row_labels, tokens.codes), 1)
    logarithms = np.log(counts / counts.sum(axis=1, keepdims=True))
    logarithms[:, train.tokens.counts == 0] = 0
    prior = np.bincount(trained, minlength=len(labels)) + 1
    rows = examples.tokens.rows_of_tokens()
    joint = np.stack(
        [
            np.bincount(rows, weights=row[examples.tokens.codes], minlength=len(examples))
            for row in logarithms
        ],
        axis=1,
    ) + np.log(prior / prior.sum())
    joint -= joint.max(axis=1, keepdims=True)
    likelihood = np.exp(joint)
    shares = likelihood / likelihood.sum(axis=1, keepdims=True)
    return Classified.from_probabilities(targets, shares, labels)


def most_frequent_tag(
    train: Examples, trained: Targets, examples: Examples, targets: Targets, labels: Labels
) -> Tagged:
    """Each word's commonest tag in the training split; the commonest of all for a new word."""
    words = len(train.tokens.words)
    counts = np.zeros((words, len(labels)), np.int64)
    np.add.at(counts, (train.tokens.codes, trained), 1)
    commonest = int(counts.sum(axis=0).argmax())
    tags = np.where(counts.any(axis=1), counts.argmax(axis=1), commonest)
    predictions = tags[examples.tokens.codes].astype(np.int32)
    return Tagged(targets, predictions, examples.tokens.offsets, labels)
