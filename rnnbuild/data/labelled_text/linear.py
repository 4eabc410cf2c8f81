"""TF-IDF with logistic regression: the most that counting words can do.

It needs scikit-learn, which the extra `rnnbuild[baselines]` installs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.dependencies import why_not_importable
from rnnbuild.formatting import percent
from rnnbuild.metrics.classification import Classified

MODULES = ("sklearn.feature_extraction.text", "sklearn.linear_model")
INSTALL = "pip install 'rnnbuild[baselines]'"
MOST_WORK = 10_000_000
"""The most tokens times labels that are fitted on; beyond it rows are sampled."""
MOST_TOKENS = 4_000_000
"""The most tokens that are fitted on, whatever the labels: each count takes twenty bytes."""
MOST_WEIGHTS = 400_000
"""The most weights of pairs that are fitted: the solver stores some twenty numbers for each."""
WORDS_AT_ONCE = 1 << 18
"""Tokens that are counted at once, unless a single row has more."""
PENALTY = 0.1
"""Weight of the squared weights, against the cross-entropy summed over the rows."""
ITERATIONS, TOLERANCE = 300, 1e-3


def missing_library() -> tuple[str, ...]:
    """A sentence where scikit-learn is not installed."""
    if find_spec("sklearn") is not None:
        return ()
    return (f"TF-IDF with logistic regression is skipped: it needs scikit-learn ({INSTALL})",)


@cache
def broken_library() -> tuple[str, ...]:
    """A sentence where scikit-learn is installed and cannot be imported."""
    if missing_library():
        return ()
    reason = why_not_importable(*MODULES)
    if reason is None:
        return ()
    return (
        "TF-IDF with logistic regression is skipped: scikit-learn cannot be imported "
        f"({reason}); install it again: pip install --force-reinstall scikit-learn",
    )


def remarks(train: Encoded, labels: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence where it is skipped, or fitted on only a part of the training split."""
    share = _share_to_fit(train, _outputs(labels))
    if missing_library() or share >= 1:
        return missing_library()
    return (
        f"TF-IDF with logistic regression is fitted on {percent(share)} of train, a random sample",
    )


@dataclass(frozen=True, eq=False)
class Terms:
    """The columns of the table of counts: every id, then every pair of neighbours that occurs."""

    ids: int
    pairs: NDArray[np.int64]
    """first id · ids + second id, in rising order."""

    @classmethod
    def of(
        cls, encoded: Encoded, rows: NDArray[np.int64], ids: int, most: int = MOST_WEIGHTS
    ) -> "Terms":
        """The terms of some rows; at most the `most` most common pairs."""
        parts = [_pairs(*_tokens(encoded, part), ids)[0] for part in _parts(encoded, rows)]
        codes = np.concatenate([np.zeros(0, np.int64), *parts])
        del parts
        codes.sort()
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        pairs, counts = codes[starts], np.diff(starts, append=len(codes))
        if len(pairs) > most:
            pairs = np.sort(pairs[np.argsort(-counts, kind="stable")[:most]])
        return cls(ids, pairs)

    def counts(self, encoded: Encoded, rows: NDArray[np.int64]) -> Any:
        """Count of each term in each of the rows: sparse (rows, terms), float32."""
        from scipy.sparse import csr_array, vstack

        parts = [self._counts(encoded, part) for part in _parts(encoded, rows)]
        empty = csr_array((0, self.ids + len(self.pairs)), dtype=np.float32)
        return vstack([empty, *parts], format="csr")

    def _counts(self, encoded: Encoded, rows: NDArray[np.int64]) -> Any:
        from scipy.sparse import csr_array

        values, owners = _tokens(encoded, rows)
        codes, pair_owners = _pairs(values, owners, self.ids)
        places = np.searchsorted(self.pairs, codes)
        known = np.zeros(len(codes), bool)
        inside = places < len(self.pairs)
        known[inside] = self.pairs[places[inside]] == codes[inside]
        # Ids first, then the known pairs: each occurrence is a 1, and equal places are summed.
        columns = np.concatenate((values, self.ids + places[known])).astype(np.int32)
        table_rows = np.concatenate((owners, pair_owners[known])).astype(np.int32)
        shape = (len(rows), self.ids + len(self.pairs))
        return csr_array((np.ones(len(columns), np.float32), (table_rows, columns)), shape=shape)


def _outputs(labels: tuple[str, ...]) -> int:
    return 1 if len(labels) == 2 else len(labels)


def _share_to_fit(train: Encoded, outputs: int) -> float:
    """Share of the rows to fit on; 1 or more means all."""
    return min(MOST_WORK / outputs, MOST_TOKENS) / max(1, len(train.values))


def _rows_to_fit(train: Encoded, outputs: int) -> NDArray[np.int64]:
    """All rows, or a random sample within the limits, with at least one of each label."""
    share = _share_to_fit(train, outputs)
    if share >= 1:
        return np.arange(len(train))
    generator, sampled = np.random.RandomState(1), np.zeros(len(train), bool)
    seen = np.zeros(int(train.targets.max()) + 1, bool)
    for first in range(0, len(train), WORDS_AT_ONCE):
        labels = train.targets[first : first + WORDS_AT_ONCE]
        here = sampled[first : first + WORDS_AT_ONCE]
        here[:] = generator.random_sample(len(labels)) < share
        if not seen.all():
            names, places = np.unique(labels, return_index=True)
            here[places[~seen[names]]] = True
            seen[names] = True
    return np.flatnonzero(sampled)


def _parts(encoded: Encoded, rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows in runs of about WORDS_AT_ONCE tokens."""
    ends = np.cumsum(encoded.lengths[rows])
    first = 0
    while first < len(rows):
        reached = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, reached + WORDS_AT_ONCE, side="right")))
        yield rows[first:last]
        first = last


def _tokens(
    encoded: Encoded, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids of these rows end to end, and for each id the position of its row among them."""
    lengths = encoded.lengths[rows]
    ends = np.concatenate(([0], np.cumsum(lengths)))
    owners = np.repeat(np.arange(len(rows)), lengths)
    places = np.arange(ends[-1]) + np.repeat(encoded.starts[rows] - ends[:-1], lengths)
    return encoded.values[places].astype(np.int64), owners


def _pairs(
    values: NDArray[np.int64], owners: NDArray[np.int64], ids: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The code of each pair of neighbours, and its row."""
    together = owners[1:] == owners[:-1]
    return (values[:-1] * ids + values[1:])[together], owners[1:][together]


@dataclass(frozen=True, eq=False)
class LinearModel:
    """A linear model of words and pairs of neighbours, weighted by inverse document frequency.

    Raw counts, smoothed weights and rows scaled to length 1 are scikit-learn's defaults.
    """

    terms: Terms
    labels: tuple[str, ...]
    weighting: Any
    regression: Any

    @classmethod
    def fit(cls, train: Encoded, labels: tuple[str, ...], ids: int) -> "LinearModel":
        """`ids` is the vocabulary's size. Too many rows are sampled: see `remarks`."""
        from sklearn.feature_extraction.text import TfidfTransformer
        from sklearn.linear_model import LogisticRegression

        outputs = _outputs(labels)
        rows = _rows_to_fit(train, outputs)
        terms = Terms.of(train, rows, ids, MOST_WEIGHTS // outputs)
        weighting = TfidfTransformer()
        regression = LogisticRegression(C=1 / PENALTY, max_iter=ITERATIONS, tol=TOLERANCE)
        counts = terms.counts(train, rows)
        weighted = weighting.fit(counts).transform(counts, copy=False)
        regression.fit(weighted, train.targets[rows])
        return cls(terms, labels, weighting, regression)

    def answers(self, examples: Encoded) -> Classified:
        """Each label's probability; 0 for a label that no fitted row had."""
        shares = np.zeros((len(examples), len(self.labels)))
        for rows in _parts(examples, np.arange(len(examples))):
            weighted = self.weighting.transform(self.terms.counts(examples, rows), copy=False)
            shares[rows[0] : rows[-1] + 1, self.regression.classes_] = (
                self.regression.predict_proba(weighted)
            )
        return Classified.from_probabilities(examples.targets, shares, self.labels)
