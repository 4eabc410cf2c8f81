"""Examples as numbers, ready for batches."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

PADDING = 0
"""The id that fills a batch after the end of a sequence."""
UNSEEN = -1
"""The target for a label that the training split lacks, and for a step without one."""
TARGETS_AT_ONCE = 1 << 18
"""Targets that are counted at once."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Sequences: the steps of sequence i are values[starts[i] : starts[i] + lengths[i]].

    values:   int32 (total,), ids of tokens; or float32 (total, columns)
    starts:   int64 (rows,); sequences may overlap, as the windows of a series do
    lengths:  int32 (rows,); none is 0; sequences of numbers, without padding, are all equal
    targets:  a row for each sequence, or with `per_step` one for each of `values`:

        classify      int32 (rows,)           the label's number
        several       float32 (rows, labels)  1 for each label that the row has, else 0
        tag           int32 (total,)          `per_step`; sequences then lie end to end
        forecast      float32 (rows, outputs) in the unit that the model learns
        translate     int32 (rows, steps)     ids, 0 at the end, UNSEEN after it
        language-model int32 (total,)         `per_step`; the unit of the token that follows

        An integer UNSEEN has no weight in the loss, and is a miss in every score.
    unseen:   int32 (rows,), with several labels at once, the number of a row's labels that the
              training split lacks: each is a miss in every score
    carries_state: whether row i + 1 goes on where row i ends, so that a network reads it with the
              state that row i left
    context:  int32 (rows,), the number of a row's first steps that are read but not scored, where
              rows overlap; fewer than its length
    characters: int32 (total,), the number of characters of a text that each target is, where they
              do not follow from the target itself
    """

    values: NDArray[Any]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int32]
    targets: NDArray[Any]
    per_step: bool = False
    unseen: NDArray[np.int32] | None = None
    carries_state: bool = False
    context: NDArray[np.int32] | None = None
    characters: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.starts)

    def part(self, rows: slice) -> "Encoded":
        """Some of the sequences, which follow one another."""
        return replace(
            self,
            starts=self.starts[rows],
            lengths=self.lengths[rows],
            targets=self.targets if self.per_step else self.targets[rows],
            unseen=None if self.unseen is None else self.unseen[rows],
            context=None if self.context is None else self.context[rows],
        )

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each sequence begins if all are laid end to end, and the end: (rows + 1,)."""
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
    """Sequences that lie end to end: sequence i is values[offsets[i] : offsets[i + 1]]."""
    lengths = np.diff(offsets).astype(np.int32)
    return Encoded(values, offsets[:-1], lengths, targets, per_step, unseen)


def label_counts(encoded: Encoded, labels: int) -> NDArray[np.int64]:
    """Count of each of `labels` labels as a target, without UNSEEN: int64 (labels,).

    Counted block by block, since NumPy counts 32-bit numbers in a copy of twice their size.
    """
    counts = np.zeros(labels, np.int64)
    for first in range(0, len(encoded.targets), TARGETS_AT_ONCE):
        block = encoded.targets[first : first + TARGETS_AT_ONCE]
        counts += np.bincount(block[block != UNSEEN], minlength=labels)
    return counts
