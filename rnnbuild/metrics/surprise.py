"""What it costs to be given a token that was expected with some probability.

Nothing is imported but NumPy: an exported model has a copy of this file.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST = np.finfo(np.float32).tiny
"""A probability that the model's last layer rounds to zero counts as this: 87 nats."""


def nats_of(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """What tokens of these probabilities cost, in nats."""
    return np.asarray(-np.log(np.maximum(probabilities.astype(np.float64), SMALLEST)))
