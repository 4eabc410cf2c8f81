"""Trivial answers to pairs of texts: the source itself, the most common, the nearest known."""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.ends import END, Offsets, up_to_end
from rnnbuild.data.pairs.pairs import Pairs
from rnnbuild.data.text.tokens import Tokens
from rnnbuild.metrics.translation import Translated

Integers = NDArray[np.int64]

MOST_CANDIDATES = 5_000
"""The most training rows, counted by shared features, searched for one row's nearest."""


def answers(
    pairs: Pairs, codec: PairsCodec, tokens: NDArray[np.int32], offsets: Offsets
) -> Translated:
    """Predicted ids, end to end, with the targets."""
    targets = pairs.targets.lookup(codec.target_ids, UNSEEN)
    return Translated(targets, pairs.targets.offsets, tokens, offsets)


def copy_of_source(pairs: Pairs, codec: PairsCodec) -> Translated:
    """The source's own tokens; one that no target has becomes an id that no target has."""
    copied = pairs.sources.lookup(codec.target_ids, codec.target_size)
    return answers(pairs, codec, copied, pairs.sources.offsets)


def most_common_tokens(trained: NDArray[np.int32], pairs: Pairs, codec: PairsCodec) -> Translated:
    """At each step the id that most training targets have there, up to the first END.

    trained: (rows, steps), UNSEEN after END. A target that has ended counts for the end.
    """
    ended = np.cumsum(trained == END, axis=1) > 0
    ids = np.where(ended, END, trained)
    most_common = [
        np.bincount(column[column >= 0], minlength=codec.target_size).argmax() for column in ids.T
    ]
    tokens, offsets = up_to_end(np.array([most_common]))
    rows = len(pairs)
    return answers(
        pairs, codec, np.tile(tokens, rows), np.arange(rows + 1, dtype=np.int64) * offsets[-1]
    )


def nearest_source(train: Pairs, pairs: Pairs, codec: PairsCodec) -> Translated:
    """The target of the training source that is most similar to each source.

    Similarity is the cosine of the sets of tokens and of pairs of neighbours, each weighted by its
    inverse document frequency. A row is compared with the training rows that share its rarest
    features, at most MOST_CANDIDATES; the first of equals is taken.
    """
    trained, asked = features_of(train.sources, pairs.sources)
    index = _Index(trained, len(train))
    rows = np.array([index.nearest(features) for features in _rows_of(asked, len(pairs))], int)
    targets = train.targets
    ids = targets.lookup(codec.target_ids, UNSEEN)
    # A rare word without an id cannot be written; it becomes an id that no target has.
    ids = np.where(ids == UNSEEN, codec.target_size, ids).astype(np.int32)
    lengths = targets.lengths[rows] if len(rows) else np.zeros(0, np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    return answers(pairs, codec, ids[np.repeat(targets.offsets[rows], lengths) + within], offsets)


def features_of(one: Tokens, other: Tokens) -> tuple[Integers, Integers]:
    """The sets of tokens and of pairs of neighbours by row: (n, 2) of row and feature, sorted.

    Features are numbered as in `one`; those that only `other` has are skipped.
    """
    first, second = _pairs(one), _pairs(other)
    known, numbers = np.unique(first[:, 1], return_inverse=True)
    places = np.searchsorted(known, second[:, 1])
    is_known = places < len(known)
    is_known[is_known] = known[places[is_known]] == second[is_known, 1]
    return (
        np.unique(np.stack([first[:, 0], numbers], axis=1), axis=0),
        np.unique(np.stack([second[is_known, 0], places[is_known]], axis=1), axis=0),
    )


def _pairs(tokens: Tokens) -> Integers:
    """(row, feature) of every token, and of every token with the one before it."""
    words = len(tokens.words)
    codes, rows = tokens.codes.astype(np.int64), tokens.rows_of_tokens()
    starts = np.zeros(len(codes), bool)
    starts[tokens.offsets[:-1][tokens.lengths > 0]] = True
    before = np.where(starts, 0, np.roll(codes, 1))  # 0 marks the start of a row
    return np.concatenate(
        [np.stack([rows, codes], axis=1), np.stack([rows, (before + 1) * words + codes], axis=1)]
    )


def _rows_of(pairs: Integers, rows: int) -> list[Integers]:
    return np.split(pairs[:, 1], np.searchsorted(pairs[:, 0], np.arange(1, rows)))[:rows]


class _Index:
    """The training rows that have each feature, and the weight of each feature."""

    def __init__(self, pairs: Integers, rows: int):
        features = int(pairs[:, 1].max(initial=-1)) + 1
        by_feature = pairs[np.argsort(pairs[:, 1], kind="stable")]
        counts = np.bincount(pairs[:, 1], minlength=features)
        self.rows = by_feature[:, 0]
        self.ends = np.concatenate(([0], np.cumsum(counts)))
        self.counts = counts
        self.weights = np.square(np.log((rows + 1) / np.maximum(counts, 1)))
        self.norms = np.sqrt(np.bincount(pairs[:, 0], self.weights[pairs[:, 1]], rows))

    def nearest(self, features: Integers) -> int:
        """The row with the highest cosine; 0 where no feature is known."""
        rarest = features[np.argsort(self.counts[features], kind="stable")]
        looked_at = rarest[: np.searchsorted(np.cumsum(self.counts[rarest]), MOST_CANDIDATES) + 1]
        if not len(looked_at):
            return 0
        rows = [self.rows[self.ends[feature] : self.ends[feature + 1]] for feature in looked_at]
        weights = np.repeat(self.weights[looked_at], self.counts[looked_at])
        candidates, place = np.unique(np.concatenate(rows), return_inverse=True)
        shared = np.bincount(place, weights)
        return int(candidates[(shared / np.maximum(self.norms[candidates], 1e-9)).argmax()])
