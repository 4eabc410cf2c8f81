"""An exported model's outputs beside those of Keras, or of rnnbuild's own forward pass: for real
rows, and for random ones.

The model runs in the runtime that its users have. Both compute in single precision, each in its
own order, so outputs are not equal to the bit. They have to be equal to 1e-5 of the largest, and a
choice between labels has to be the same unless the two best are as close as that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.errors import ExportError
from rnnbuild.runs.bundle_file import Agreement

Array = NDArray[Any]
Forward = Callable[[Array], Array]
"""From a batch (B, T) or (B, T, columns) to outputs."""

TOLERANCE = 1e-5
"""Of the largest output. Single precision has seven digits; a sum of some hundred products and a
recurrence over some hundred steps lose one or two of them."""
ROWS = 1000
"""Real rows that are compared, at most."""
OUTPUTS = 1 << 28
"""Outputs of real rows that are compared, at most, where one row has no more."""
BATCH = 32
SIZES = (1, 3, 32)
"""Rows of random batches."""
AT_ONCE = 1 << 25
"""Outputs of a batch, at most, where one row has no more: 128 MB from each of the models."""
LENGTHS = 5
"""Number of lengths of random batches."""
LONGEST = 256
"""Steps of the longest random batch, unless real rows are longer."""


@dataclass(frozen=True)
class Shape:
    """What a model takes and gives."""

    ids: int | None
    """Ids of words, from 1 on; None where the input is numbers."""
    columns: int | None
    """Numbers of a step."""
    longest: int
    """Steps of the longest row of the data."""
    steps: int | None
    """Steps that the exported model takes at most; None for any number."""
    units: int
    """Numbers of an output."""
    per_step: bool
    """Whether there is an output for each step of the input."""
    chooses: bool
    """Whether the largest output is the answer."""
    several: bool
    """Whether each output is an answer: over one half, or not."""

    def rows_within(self, outputs: int, steps: int) -> int:
        """The number of rows of so many steps that have so many outputs; at least one."""
        return max(1, outputs // (self.units * (steps if self.per_step else 1)))


class Compared(NamedTuple):
    """What remains of the outputs for some rows, which together may not fit in memory.

    difference: the largest difference
    largest:    the largest of the reference's outputs, without its sign
    margins:    (decisions,), by how much the reference's best alternative is ahead of the next
    differ:     (decisions,), whether the exported model's best is another
    """

    difference: float
    largest: float
    margins: Array
    differ: NDArray[np.bool_]


def agreement_of(
    exported: Forward,
    reference: Forward,
    split: str,
    encoded: Encoded,
    shape: Shape,
    advance: Callable[[int], None] = lambda rows: None,
) -> Agreement:
    """Compare the outputs for rows of a split, and for random batches.

    `advance` is called with the number of rows of each batch. Raises ExportError where an output
    differs by more than is allowed, or a decision.
    """
    rows = compared_rows(encoded, shape)
    fits = rows if shape.steps is None else rows[encoded.lengths[rows] <= shape.steps]
    lengths = random_lengths(shape)
    sizes = random_sizes(shape, lengths[-1])
    parts = []
    batches = chain(real_batches(encoded, fits, shape), random_batches(shape, lengths, sizes))
    for inputs, real in batches:
        parts.append(compared(exported(inputs), reference(inputs), real, shape))
        advance(len(inputs))
    # Of values that are not numbers the largest is none either, and is refused below.
    difference = float(np.max([part.difference for part in parts]))
    scale = float(np.max([part.largest for part in parts]))
    allowed = TOLERANCE * scale
    close = np.concatenate([part.margins for part in parts]) <= 2 * allowed
    differ = np.concatenate([part.differ for part in parts]) & ~close
    if not difference <= allowed or differ.any():
        raise ExportError(
            "the exported model does not answer as the trained one does: outputs differ by "
            f"{difference:.2g}, where {allowed:.2g} is allowed, and {differ.sum():,} of "
            f"{len(differ):,} decisions",
            "nothing was exported; try another format, such as --to saved-model",
        )
    return Agreement(
        rows=len(fits),
        split=split,
        too_long=len(rows) - len(fits),
        random_batches=len(lengths) * len(sizes),
        lengths=lengths,
        sizes=sizes,
        padded=shape.ids is not None,
        scale=scale,
        difference=difference,
        allowed=allowed,
        decisions=len(close),
        close=int(close.sum()),
    )


def compared_rows(encoded: Encoded, shape: Shape) -> NDArray[np.int64]:
    """The numbers of the rows that are compared, evenly spread over all."""
    longest = int(encoded.lengths.max(initial=1))
    count = min(len(encoded), ROWS, shape.rows_within(OUTPUTS, longest))
    return np.linspace(0, len(encoded) - 1, count).astype(np.int64)


def random_lengths(shape: Shape) -> tuple[int, ...]:
    """Lengths of random batches: from one step to twice the longest row, or to what fits.

    Numbers know no padding: a model of fixed length takes no others.
    """
    longest = shape.steps
    if longest is not None and shape.ids is None:
        return (longest,)
    if longest is None:
        longest = max(LENGTHS, min(2 * shape.longest, max(shape.longest, LONGEST)))
    return tuple(sorted({int(step) for step in np.linspace(1, longest, LENGTHS)}))


def random_sizes(shape: Shape, longest: int) -> tuple[int, ...]:
    """Rows of random batches, the longest of which has so many steps."""
    most = shape.rows_within(AT_ONCE, longest)
    return tuple(size for size in SIZES if size <= most)


def real_batches(
    encoded: Encoded, rows: NDArray[np.int64], shape: Shape
) -> Iterator[tuple[Array, Array]]:
    """Inputs and the lengths of their rows, padded as the rows come."""
    size = min(BATCH, shape.rows_within(AT_ONCE, int(encoded.lengths.max(initial=1))))
    for first in range(0, len(rows), size):
        batch = make_batch(encoded, rows[first : first + size])
        yield batch.inputs, encoded.lengths[batch.rows]


def random_batches(
    shape: Shape, lengths: tuple[int, ...], sizes: tuple[int, ...]
) -> Iterator[tuple[Array, Array]]:
    """The same of random rows: one of each batch has all steps, the others any number of them."""
    generator = np.random.default_rng(1)
    for steps in lengths:
        for size in sizes:
            if shape.ids is None:
                numbers = generator.standard_normal((size, steps, shape.columns or 1))
                yield numbers.astype(np.float32), np.full(size, steps)
                continue
            real = generator.integers(1, steps + 1, size)
            real[generator.integers(size)] = steps
            ids = generator.integers(1, shape.ids, (size, steps)).astype(np.int32)
            ids[np.arange(steps) >= real[:, np.newaxis]] = 0
            yield ids, real


def compared(ours: Array, theirs: Array, real: Array, shape: Shape) -> Compared:
    """Both outputs for a batch; what a model gives at padded steps is no answer."""
    if shape.per_step:
        steps = np.arange(int(real.max()))
        answered = steps < real[:, np.newaxis]
        ours, theirs = ours[:, : len(steps)][answered], theirs[:, : len(steps)][answered]
    margins, differ = np.empty(0), np.empty(0, bool)
    if shape.chooses or shape.several:
        mine, best = alternatives(ours, shape.several), alternatives(theirs, shape.several)
        two = np.partition(best, -2, axis=-1)
        margins = (two[..., -1] - two[..., -2]).ravel()
        differ = (mine.argmax(axis=-1) != best.argmax(axis=-1)).ravel()
    return Compared(np.abs(ours - theirs).max(), np.abs(theirs).max(), margins, differ)


def alternatives(outputs: Array, several: bool) -> Array:
    """The outputs between which each decision is made: (..., 2 or more)."""
    if several or outputs.shape[-1] == 1:
        return np.stack([1 - outputs, outputs], axis=-1)
    return outputs
