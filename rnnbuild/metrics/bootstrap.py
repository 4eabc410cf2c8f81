"""The percentile bootstrap: how far a score would move on another sample of examples.

Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979. A resample is given as weights:
how often each example was drawn. Where neighbouring examples depend on each other (windows of
one series), runs of neighbours are drawn instead: Politis and Romano, "A Circular Block-Resampling
Procedure for Stationary Data", 1992.

The interval speaks of the examples alone, not of training with another seed. Where every example
scores alike it would have no width, though 20 correct of 20 prove less than that: a share then has
its exact binomial interval, and another score has none.
"""

from collections.abc import Iterator

import numpy as np

from rnnbuild.metrics.metric import FloatArray

RESAMPLES = 1000
CONFIDENCE = 0.95

# Weights held at once: 8 MiB of them, however many examples and resamples there are.
WEIGHTS_AT_ONCE = 2**20


def bootstrap_weights(
    examples: int, resamples: int = RESAMPLES, seed: int = 0, block: int = 1
) -> Iterator[FloatArray]:
    """Yields weights (resamples at a time, examples), each row summing to `examples`.

    `block` neighbours are drawn together, the last followed by the first. The same seed gives
    the same weights; one resample at a time is held where examples are many.
    """
    generator = np.random.default_rng(seed)
    at_once = max(1, WEIGHTS_AT_ONCE // examples)
    for first in range(0, resamples, at_once):
        weights = np.empty((min(at_once, resamples - first), examples))
        for row in weights:
            row[:] = np.bincount(draw(generator, examples, block), minlength=examples)
        yield weights


def draw(generator: np.random.Generator, examples: int, block: int) -> np.ndarray:
    """The numbers of `examples` examples, drawn with replacement in runs of `block`."""
    if block == 1:
        return generator.integers(examples, size=examples)
    starts = generator.integers(examples, size=-(-examples // block))
    drawn = (starts[:, None] + np.arange(block)).ravel()[:examples]
    return np.asarray(drawn % examples)


def percentile_interval(scores: FloatArray) -> tuple[float, float] | None:
    """The middle 95 % of resampled scores (resamples,).

    Resamples in which the score is undefined (a class that was not drawn) are skipped; None
    where no resample is left.
    """
    defined = scores[np.isfinite(scores)]
    if not len(defined):
        return None
    outside = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(defined, [outside, 100 - outside])
    return float(low), float(high)


def interval_of_all_alike(share: float, examples: int) -> tuple[float, float]:
    """The exact 95 % interval of a share that is 0 or 1: no example is correct, or all are.

    Clopper and Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the
    Binomial", 1934: 20 correct of 20 give 0.832 to 1.
    """
    bound = ((1 - CONFIDENCE) / 2) ** (1 / examples)
    return (bound, 1.0) if share == 1 else (0.0, 1 - bound)
