"""How far two evaluations of one model, in different epochs, differ in the loss of the same rows.

The rows are cut into parts, in their order, and each evaluation keeps the mean loss of each part.
The parts' differences are nearly independent of each other, even where neighbouring rows are not
(batch means: Schmeiser, "Batch Size Effects in the Analysis of Simulation Output", 1982), so their
t interval is one of the difference in loss. It is paired: rows that are hard in both evaluations do
not widen it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.metrics.metric import Bounds

PARTS = 32
"""With as many, a t interval is 4 % wider than one of any number."""
FEWEST = 8
"""Losses below which there are no parts."""
DIGITS = 6
"""Significant digits of a mean: a difference of a hundredth of the loss has four."""


def means_of_parts(losses: NDArray[Any]) -> tuple[float, ...] | None:
    """The mean of each of up to 32 parts; None if the losses are few or one is not finite."""
    if len(losses) < FEWEST:
        return None
    means = [float(part.mean()) for part in np.array_split(losses, min(PARTS, len(losses)))]
    if not np.isfinite(means).all():
        return None
    return tuple(float(f"{mean:.{DIGITS}g}") for mean in means)


def interval_of_change(before: Sequence[float], after: Sequence[float]) -> Bounds:
    """The 95 % interval of how much higher the loss is `after` than `before`.

    Raises ValueError if the parts are not those of the same rows.
    """
    from scipy.special import stdtrit

    if len(before) != len(after):
        raise ValueError(f"{len(before)} and {len(after)} parts are not those of the same rows")
    change = np.subtract(after, before)
    error = float(change.std(ddof=1)) / np.sqrt(len(change))
    reach = float(stdtrit(len(change) - 1, 0.975)) * float(error)
    middle = float(change.mean())
    return middle - reach, middle + reach
