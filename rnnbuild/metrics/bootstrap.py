"""The percentile bootstrap: how far a score would move on another sample of examples.

Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979. A resample is given as weights:
how often each example was drawn. Where neighbouring examples depend on each other (windows of
one series), runs of neighbours are drawn instead: Politis and Romano, "A Circular Block-Resampling
Procedure for Stationary Data", 1992.

The interval speaks of the examples alone, not of training with another seed. It has no width
where every example scores alike: 20 right of 20 gives 1.0 to 1.0, and proves less than that.
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

    Resamples in which the score is undefined (a class that was not drawn) are left out; None
    where no resample is left.
    """
    defined = scores[np.isfinite(scores)]
    if not len(defined):
        return None
    outside = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(defined, [outside, 100 - outside])
    return float(low), float(high)
