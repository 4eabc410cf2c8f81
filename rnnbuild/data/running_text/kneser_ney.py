"""Interpolated Kneser-Ney smoothing with three discounts an order, as KenLM and SRILM estimate it.

Chen and Goodman 1998, An Empirical Study of Smoothing Techniques for Language Modeling (Harvard
TR-10-98). For a token w after a context h, where h' is h without its first token:

    p(w | h) = (a(hw) - D(a(hw))) / Σ_v a(hv) + γ(h) p(w | h')
    γ(h)     = Σ_v D(a(hv)) / Σ_v a(hv)

In the highest order, a(hw) is the count of hw; in lower ones, it is the number of distinct tokens
before hw. Below the first order lies the uniform distribution, so that no token has probability 0.
A model of order 1 is the training frequencies, slightly discounted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.running_text.ngrams import NO_NODE, Level, NGrams

HIGHEST_ORDER = 6
FALLBACK = (0.5, 1.0, 1.5)
"""Discounts where an order has too few n-grams to estimate them; KenLM's."""

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Layer:
    """What one order k adds to the order below it."""

    level: Level
    shares: Floats
    """(a(hw) - D) / Σ a of each k-gram hw, and 0 at the end, where NO_NODE finds it"""
    left_over: Floats
    """γ(h) of each (k - 1)-gram h: 1 where nothing follows it"""
    likeliest: Ids
    """the most probable token after each (k - 1)-gram; the first of equals"""


@dataclass(frozen=True, eq=False)
class KneserNey:
    """An n-gram model whose order is the number of its layers."""

    tokens: int
    layers: tuple[Layer, ...]

    @property
    def order(self) -> int:
        return len(self.layers)

    def predict(self, ids: Ids) -> tuple[Floats, Ids]:
        """The probability of each token but the first, after those before it; the likeliest token.

        ids: (n,), one text; both results: (n - 1,). Near the start, the context is shorter.
        """
        probabilities = np.full(len(ids), 1 / self.tokens)
        likeliest = np.zeros(len(ids), np.int32)
        nodes = np.zeros(len(ids), np.int32)  # of the (k - 1)-gram that ends at each place
        for k, layer in enumerate(self.layers, 1):
            contexts = nodes if k == 1 else np.concatenate(([NO_NODE], nodes[:-1]))
            known = np.flatnonzero(contexts != NO_NODE)
            contexts = contexts[known]
            here = layer.level.find(contexts.astype(np.int64) * self.tokens + ids[known])
            probabilities[known] *= layer.left_over[contexts]
            probabilities[known] += layer.shares[here]
            likeliest[known] = layer.likeliest[contexts]
            nodes = np.full(len(ids), NO_NODE, np.int32)
            nodes[known] = here
        return probabilities[1:], likeliest[1:]

    def nats(self, ids: Ids) -> Floats:
        """-ln p of each token but the first: (n - 1,)."""
        return -np.log(self.predict(ids)[0])


def kneser_ney(ngrams: NGrams) -> Iterator[KneserNey]:
    """The models of orders 1, 2 and so on; they share their lower layers."""
    below = _Below(
        suffixes=np.zeros(1, np.int32),
        probabilities=np.full(1, 1 / ngrams.tokens),
        likeliest=np.zeros(1, np.int32),
        highest=np.full(1, 1 / ngrams.tokens),
    )
    lower: tuple[Layer, ...] = ()
    for k, level in enumerate(ngrams.levels, 1):
        top, _ = _layer(level, level.counts, below, ngrams.tokens)
        yield KneserNey(ngrams.tokens, (*lower, top))
        if k < len(ngrams.levels):
            layer, below = _layer(level, ngrams.continuations(k), below, ngrams.tokens)
            lower = (*lower, layer)


def model_of_order(order: int, train: Ids, tokens: int) -> KneserNey:
    """The model of one order of a text (n,), whose tokens are numbers from 0 and below `tokens`."""
    *_, model = kneser_ney(NGrams.of(train, tokens, order))
    return model


def best_model(train: Ids, validation: Ids, tokens: int) -> KneserNey:
    """The model of `train` of the order up to HIGHEST_ORDER that validation costs fewest nats.

    Without validation, the order is the one that is best for the last tenth of `train` when the
    rest is learned. The lowest of equals is taken.
    """
    if len(validation) < 2:
        if len(train) < 10:
            return model_of_order(1, train, tokens)
        rest = len(train) - len(train) // 10
        chosen = best_model(train[:rest], train[rest - 1 :], tokens)
        return model_of_order(chosen.order, train, tokens)
    models = kneser_ney(NGrams.of(train, tokens, HIGHEST_ORDER))
    return min(models, key=lambda model: float(model.nats(validation).sum()))


def discounts(counts: NDArray[np.int32]) -> Floats:
    """D for a count of 0, 1, 2, and 3 or more: Chen and Goodman's equation 26, or FALLBACK."""
    of_count = np.bincount(np.minimum(counts, 5), minlength=6)[1:5].astype(float)
    if of_count[:3].all():
        y = of_count[0] / (of_count[0] + 2 * of_count[1])
        count = np.arange(1, 4)
        estimates = count - (count + 1) * y * of_count[1:] / of_count[:3]
        # A discount of 0 would leave nothing for tokens that a context has never had after it.
        if (estimates > 0).all():
            return np.concatenate(([0.0], estimates))
    return np.array((0.0, *FALLBACK))


@dataclass(frozen=True, eq=False)
class _Below:
    """What the order below says, in full, of its own n-grams h'w and their contexts h'."""

    suffixes: Ids
    """each (k - 1)-gram h without its first token: h'"""
    probabilities: Floats
    """p(w | h') of each h'w"""
    likeliest: Ids
    """the most probable w after each h'"""
    highest: Floats
    """its probability"""


def _layer(
    level: Level, counts: NDArray[np.int32], below: _Below, tokens: int
) -> tuple[Layer, _Below]:
    """The layer of a level whose k-grams have these counts, and what it is for the next level."""
    contexts = len(below.suffixes)
    parents, last_tokens = np.divmod(level.keys, tokens)
    discount = discounts(counts)[np.minimum(counts, 3)]
    totals = np.bincount(parents, counts, contexts)
    left_over = np.ones(contexts)
    np.divide(np.bincount(parents, discount, contexts), totals, left_over, where=totals > 0)
    shares = np.zeros(len(level.keys) + 1)
    shares[:-1] = (counts - discount) / totals[parents]
    probabilities = shares[:-1] + left_over[parents] * below.probabilities[level.suffixes]

    # After h, the likeliest token has followed h before, or else it is the likeliest after h'.
    likeliest = below.likeliest[below.suffixes]
    highest = left_over * below.highest[below.suffixes]
    np.maximum.at(highest, parents, probabilities)
    best = np.flatnonzero(probabilities == highest[parents])[::-1]  # the first of equals is last
    likeliest[parents[best]] = last_tokens[best]
    return (
        Layer(level, shares, left_over, likeliest),
        _Below(level.suffixes, probabilities, likeliest, highest),
    )
