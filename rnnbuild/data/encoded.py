"""Examples as numbers, ready to be put into batches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNSEEN = -1
"""The target of a label that the training split lacks."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Sequences of differing length, end to end: sequence i is values[offsets[i]:offsets[i+1]].

    values:   int32 (total,)
    offsets:  int64 (rows + 1,), rising from 0 to total; no sequence is empty
    targets:  int32 (rows,), or (total,) beside `values` where `per_step`;
              UNSEEN where the training split lacks the label: it has no weight in the loss and
              is a miss in every score
    per_step: whether each step has a target of its own
    """

    values: NDArray[np.int32]
    offsets: NDArray[np.int64]
    targets: NDArray[np.int32]
    per_step: bool = False

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Steps per sequence, int64 (rows,)."""
        return np.diff(self.offsets)
