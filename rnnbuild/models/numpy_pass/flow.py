"""What goes from layer to layer, and what a layer does with it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Flow(NamedTuple):
    """What goes from layer to layer.

    values:  ids (B, T), or float32 (B, T, width), or (B, width) where the sequence has ended
    lengths: int32 (B,), the steps of each row before its padding; outputs after them are not
             Keras', and reach no answer
    """

    values: NDArray[Any]
    lengths: NDArray[np.int32]

    @property
    def real(self) -> NDArray[np.bool_]:
        """(B, T, 1), whether a step comes before its row's padding."""
        return (np.arange(self.values.shape[1]) < self.lengths[:, None])[..., None]


class Stage(NamedTuple):
    """What a layer does, and how many features it gives."""

    run: Callable[[Flow], Flow]
    width: int
