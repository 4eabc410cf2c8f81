"""The percentile bootstrap: how far a score would move on another sample of examples.

Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979. A resample is given as weights:
how often each example was drawn. Examples that depend on each other, such as the tokens of
a sentence, are one example; errors of forecasts are left to `dependence.py`.

The interval speaks of the examples alone, not of training with another seed. Where every example
scores alike it would have no width, though 20 correct of 20 prove less than that: `shares.py` has
intervals of shares, and another score then has none.
"""

from collections.abc import Iterator

import numpy as np

from rnnbuild.metrics.metric import Bounds, FloatArray

RESAMPLES = 1000
CONFIDENCE = 0.95

# Weights held at once: 8 MiB of them, however many examples and resamples there are.
WEIGHTS_AT_ONCE = 2**20


def bootstrap_weights(
    examples: int, resamples: int = RESAMPLES, seed: int = 0
) -> Iterator[FloatArray]:
    """Yields weights (resamples at a time, examples), each row summing to `examples`.

    The same seed gives the same weights; one resample at a time is held where examples are many.
    """
    generator = np.random.default_rng(seed)
    at_once = max(1, WEIGHTS_AT_ONCE // examples)
    for first in range(0, resamples, at_once):
        weights = np.empty((min(at_once, resamples - first), examples))
        for row in weights:
            drawn = generator.integers(examples, size=examples)
            row[:] = np.bincount(drawn, minlength=examples)
        yield weights


def percentile_interval(scores: FloatArray, examples: int) -> Bounds | None:
    """The middle of resampled scores (resamples,): 95 %, and more of them where examples are few.

    Resamples in which the score is undefined (a class that was not drawn) are skipped; None
    where no resample is left.
    """
    defined = scores[np.isfinite(scores)]
    if not len(defined):
        return None
    outside = 100 * share_outside(examples)
    low, high = np.percentile(defined, [outside, 100 - outside])
    return float(low), float(high)


def share_outside(examples: int) -> float:
    """Resamples to leave out on either side: 0.025, less for what few examples do not know.

    The spread of n examples is too small by the root of (n - 1) / n, and Student's t takes the
    place of the normal distribution. Hesterberg, "What Teachers Should Know About the Bootstrap",
    2015.
    """
    from scipy.special import ndtr, stdtrit

    outside = (1 - CONFIDENCE) / 2
    return float(ndtr(np.sqrt(examples / (examples - 1)) * stdtrit(examples - 1, outside)))
