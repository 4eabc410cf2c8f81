"""Batches of similar lengths: a padded step costs as much as a real one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import PADDING, UNSEEN, Encoded
from rnnbuild.data.examples.order import Integers, row_type, shuffled_order

RowNumbers = NDArray[np.int64]

POOL = 50
"""Number of batches whose rows are sorted by length together."""
SMALL_BATCH = 1_024
"""Steps of a batch for which another one is not worth its start."""
MOST_PADDED = 1.5
"""Steps of a larger one, padding included, by those that are no padding."""


@dataclass(frozen=True, eq=False)
class Batch:
    """B sequences, padded on the right to T steps.

    inputs:  int32 (B, T), PADDING after each sequence's end; or float32 (B, T, columns)
    targets: B rows of targets as in Encoded, or (B, T) if each step has its own: then UNSEEN
             after each sequence's end
    weights: float32, (B,), or in the shape of targets that are whole numbers: 0 for padding and
             UNSEEN, else 1
    rows:    int64 (B,), the numbers of these sequences in Encoded
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    weights: NDArray[np.float32]
    rows: RowNumbers

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class BatchPlan:
    """The rows of each batch, in four bytes each: a list of arrays would take three times that.

    order:  (rows,), the rows of all batches end to end, of type `row_type`
    starts: int64 (batches,), where in `order` each batch begins
    ends:   int64 (batches,), and where it ends
    """

    order: Integers
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, number: int) -> RowNumbers:
        return self.order[self.starts[number] : self.ends[number]].astype(np.int64)

    def __iter__(self) -> Iterator[RowNumbers]:
        return (self[number] for number in range(len(self)))


def batch_plan(lengths: Integers, batch_size: int, seed: int, epoch: int) -> BatchPlan:
    """The rows of each batch of one epoch; the order follows from `seed` and `epoch` alone.

    Rows are shuffled and dealt into pools of POOL batches; each pool is sorted by length and cut
    into batches, and all batches are shuffled. So a batch has similar lengths, and yet other rows
    in each epoch. Every row comes exactly once; one batch, anywhere, is short if the rows do not
    divide evenly.
    """
    generator, rows = np.random.default_rng([seed, epoch]), len(lengths)
    order = shuffled_order(rows, generator)
    for first in range(0, rows, batch_size * POOL):
        pool = order[first : first + batch_size * POOL]
        pool[:] = pool[np.argsort(lengths[pool], kind="stable")]
    starts, ends = _cut(rows, batch_size, generator)
    turns = generator.permutation(len(starts))
    return BatchPlan(order, starts[turns], ends[turns])


def lanes_plan(rows: int, batch_size: int) -> BatchPlan:
    """The rows of each batch where every row goes on where the one before ends.

    Rows are dealt into `batch_size` lanes, or as many as there are rows, of rows that follow one
    another; batch k has row k of every lane, in the order of the lanes. Where the rows do not
    divide evenly, the first lanes have one row more: the last batch has these alone.
    """
    lanes = min(batch_size, rows)
    each, more = divmod(rows, lanes)
    numbers = np.arange(lanes, dtype=row_type(rows))
    first = numbers * each + np.minimum(numbers, more)
    # (steps, lanes), of which the last step has `more`.
    steps = np.arange(each + 1, dtype=row_type(rows))
    order = (first + steps[:, None]).reshape(-1)[:rows]
    starts = np.arange(0, rows, lanes)
    return BatchPlan(order, starts, np.append(starts[1:], rows))


def _cut(
    rows: int, batch_size: int, generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where batches of sorted rows start and end.

    The short batch is a random one of the last pool: the last would always have the longest rows.
    """
    starts, left = np.arange(0, rows, batch_size), rows % batch_size
    if left:
        pool = (rows - 1) // (batch_size * POOL) * POOL
        short = int(generator.integers(pool, len(starts)))
        starts[short + 1 :] -= batch_size - left
    return starts, np.append(starts[1:], rows)


def ordered_plan(lengths: Integers, batch_size: int, steps: int | None = None) -> list[RowNumbers]:
    """The rows of each batch, shortest first, for evaluation: every row exactly once.

    With `steps`, a batch with more steps than that, padding included, is halved until it fits:
    long sequences then take no more memory than short ones, in few distinct sizes. So is a batch
    that is mostly padding, and not small: short sequences are not padded to a few long ones.
    """
    order = np.argsort(lengths, kind="stable").astype(np.int64)
    sums = np.concatenate(([0], np.cumsum(lengths[order], dtype=np.int64)))
    batches, start = [], 0
    while start < len(order):
        size = batch_size
        while steps is not None and size > 1:
            end = min(start + size, len(order))
            padded, real = (end - start) * int(lengths[order[end - 1]]), sums[end] - sums[start]
            if padded <= min(steps, max(SMALL_BATCH, MOST_PADDED * real)):
                break
            size //= 2
        batches.append(order[start : start + size])
        start += size
    return batches


def make_batch(encoded: Encoded, rows: RowNumbers, multiple: int = 1) -> Batch:
    """The sequences `rows`, padded on the right to the longest of them.

    Their common length is rounded up to a multiple of `multiple`. 1 wastes nothing; a compiler
    that builds a program for every new shape (XLA) does better with few shapes.
    """
    starts, lengths = encoded.starts[rows], encoded.lengths[rows]
    steps = -(-int(lengths.max()) // multiple) * multiple
    positions = np.arange(steps)
    real = positions < lengths[:, None]
    places = (starts[:, None] + positions)[real]
    inputs = np.full((*real.shape, *encoded.values.shape[1:]), PADDING, encoded.values.dtype)
    inputs[real] = encoded.values[places]
    if encoded.per_step:
        targets = np.full(real.shape, UNSEEN, np.int32)
        targets[real] = encoded.targets[places]
        if encoded.context is not None:
            targets[positions < encoded.context[rows][:, None]] = UNSEEN
    else:
        targets = encoded.targets[rows]
    if not np.issubdtype(targets.dtype, np.integer):
        return Batch(inputs, targets, np.ones(len(rows), np.float32), rows)
    return Batch(inputs, targets, (targets != UNSEEN).astype(np.float32), rows)
