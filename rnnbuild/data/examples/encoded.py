"""Examples as numbers, ready to be put into batches."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

PADDING = 0
"""The id that fills a batch up after a sequence's end."""
UNSEEN = -1
"""The target of a label that the training split lacks, and of a step that has none."""
TARGETS_AT_ONCE = 1 << 18
"""Targets that are counted at once."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Sequences: the steps of number i are values[starts[i] : starts[i] + lengths[i]].

    values:   int32 (total,), ids of tokens; or float32 (total, columns)
    starts:   int64 (rows,); sequences may overlap, as the windows of a series do
    lengths:  int32 (rows,); none is 0, and numbers, which know no padding, are all as long
    targets:  one row for each sequence, or beside `values` where `per_step`:

        classify      int32 (rows,)           the label's number
        several       float32 (rows, labels)  1 for each label that the row has, else 0
        tag           int32 (total,)          `per_step`; sequences then lie end to end
        forecast      float32 (rows, outputs) in the units that the model learns
        translate     int32 (rows, steps)     ids, 0 at the end, UNSEEN after it

        An integer UNSEEN has no weight in the loss, and is a miss in every score.
    unseen:   int32 (rows,), of several labels at once how many of a row's the training split
              lacks: each is a miss in every score
    """

    values: NDArray[Any]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int32]
    targets: NDArray[Any]
    per_step: bool = False
    unseen: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each sequence begins once all are laid end to end, and the end: (rows + 1,)."""
        offsets = np.zeros(len(self) + 1, np.int64)
        np.cumsum(self.lengths, out=offsets[1:])
        return offsets


def end_to_end(
    values: NDArray[Any],
    offsets: NDArray[np.int64],
    targets: NDArray[Any],
    per_step: bool = False,
    unseen: NDArray[np.int32] | None = None,
) -> Encoded:
    """Sequence i as values[offsets[i] : offsets[i + 1]]."""
    lengths = np.diff(offsets).astype(np.int32)
    return Encoded(values, offsets[:-1], lengths, targets, per_step, unseen)


def label_counts(encoded: Encoded, labels: int) -> NDArray[np.int64]:
    """How often each of so many labels is a target, UNSEEN left out: int64 (labels,).

    Part by part, since NumPy counts 32-bit numbers in a copy of twice their size.
    """
    counts = np.zeros(labels, np.int64)
    for first in range(0, len(encoded.targets), TARGETS_AT_ONCE):
        found = encoded.targets[first : first + TARGETS_AT_ONCE]
        counts += np.bincount(found[found != UNSEEN], minlength=labels)
    return counts
