"""Language models: what each next token cost, in nats, bits and as perplexity.

A model that gives the token that came the probability p is surprised by -ln p nats. Means of them
over tokens are the cross-entropy, which training minimises; by characters they compare models whose
tokens differ. The perplexity, their exponential, is the number of tokens between which a model is
as undecided as if all were equally likely.

Neighbouring passages share their subject and style, so intervals allow for dependence.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rnnbuild.metrics.dependence import mean_interval
from rnnbuild.metrics.metric import Array, Bounds, FloatArray, Metric, divide
from rnnbuild.metrics.ragged import row_sums
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.traits import ScoredAs

NATS, TOKENS, CHARACTERS, CORRECT = range(4)
"""Columns of the statistics of a passage, each a sum over its tokens."""


@dataclass(frozen=True)
class Expected:
    """What came and what was expected, as numbers of the model's outputs.

    targets:       int32 (tokens,), the token that came
    predictions:   int32 (tokens,), the likeliest
    probabilities: float32 (tokens,), its probability
    """

    targets: NDArray[np.int32]
    predictions: NDArray[np.int32]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class NextTokens:
    """What a model gave the tokens of passages, which lie end to end.

    nats:       float64 (tokens,), -ln of the probability of the token that came
    correct:    bool (tokens,), whether it was the likeliest; None where nothing says which is
    characters: int32 (tokens,), what the token adds to the text
    offsets:    int64 (passages + 1,), where each passage begins, and the end
    expected:   what a network expected; None of trivial methods
    token:      what a token is called: `character`, `byte`, `token`
    """

    nats: FloatArray
    correct: NDArray[np.bool_] | None
    characters: NDArray[np.int32]
    offsets: NDArray[np.int64]
    expected: Expected | None = None
    token: str = "token"

    @property
    def scored_as(self) -> ScoredAs:
        return LANGUAGE_MODEL.scored_as(DataFacts(LANGUAGE_MODEL.name))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of tokens of each passage."""
        return np.diff(self.offsets)


def passages(answers: NextTokens) -> FloatArray:
    """Sums over the tokens of each passage: (passages, 4), see NATS."""
    each: list[Array] = [
        answers.nats,
        np.ones(len(answers.nats)),
        answers.characters,
        np.zeros(len(answers.nats)) if answers.correct is None else answers.correct,
    ]
    # Each passage by itself: its sums do not depend on the text before it, to the last bit.
    return np.stack([row_sums(values, answers.offsets) for values in each], axis=1)


Scale = Callable[[FloatArray], FloatArray]


def metric_of(
    name: str, over: int, scale: Scale, of: int = NATS, higher_is_better: bool = False, **unit: str
) -> Metric[NextTokens]:
    """The mean of one column of `passages` over another, on an increasing `scale`."""

    def score(pooled: FloatArray) -> FloatArray:
        return scale(divide(pooled[..., of], pooled[..., over]))

    def interval(statistics: Array) -> Bounds | str:
        bounds = mean_interval(
            as_shares_of_ratio(statistics[:, of], statistics[:, over]), factor=1.0
        )
        if isinstance(bounds, str):
            return bounds
        low, high = scale(np.array(bounds)).tolist()
        return low, high

    return Metric(
        name,
        passages,
        score,
        higher_is_better=higher_is_better,
        interval=interval,
        ratio=(of, over),
        **unit,  # type: ignore[arg-type]
    )


def as_shares_of_ratio(sums: FloatArray, counts: FloatArray) -> FloatArray:
    """Values of passages whose mean is the quotient of the sums, and varies as it does (rows,).

    Where all passages count as much, these are their own quotients (the delta method).
    """
    ratio = divide(sums.sum(), counts.sum())
    return np.asarray(ratio + divide(sums - ratio * counts, counts.mean()))


def as_it_is(mean: FloatArray) -> FloatArray:
    return mean


def in_bits(nats: FloatArray) -> FloatArray:
    return np.asarray(nats / np.log(2))


def exponential(nats: FloatArray) -> FloatArray:
    """Infinite where it is too large for a float: a score that is not finite is undefined."""
    with np.errstate(over="ignore"):
        return np.exp(nats)


UNIGRAM = "unigram"
"""The trivial answer that knows no more than how often each token occurs."""

NATS_A_TOKEN = metric_of("nats", TOKENS, as_it_is, unit="nats")
BITS_PER_TOKEN = metric_of("bits_per_token", TOKENS, in_bits, unit="bits")
BITS_PER_CHARACTER = metric_of("bits_per_character", CHARACTERS, in_bits, unit="bits")
PERPLEXITY = metric_of("perplexity", TOKENS, exponential, unit="ratio")
ACCURACY = replace(
    metric_of("token_accuracy", TOKENS, as_it_is, CORRECT, True, unit="share"),
    can_score=lambda answers: answers.correct is not None,
)
