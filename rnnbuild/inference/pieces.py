"""Rows that are too long for the outputs of all their steps to be in memory at once."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded


def in_pieces(encoded: Encoded, most: int) -> Encoded:
    """The same steps, in order, but rows of more than `most` steps in pieces of at most so many.

    Each piece but a row's first reads half as many steps before its own as `context`: an answer
    follows from so many steps at least, which is nearly as from all.
    """
    half, longest = max(1, most // 2), encoded.lengths.max(initial=0)
    if not encoded.per_step or encoded.context is not None or longest <= 2 * half:
        return encoded
    # The first piece of a row has two halves of its own, each of the others one.
    counts = np.maximum(1, -(-encoded.lengths // half) - 1)
    rows = np.repeat(np.arange(len(encoded)), counts)
    number = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)  # in its row
    skipped = number * half
    lengths = np.minimum(encoded.lengths[rows] - skipped, 2 * half)
    return replace(
        encoded,
        starts=encoded.starts[rows] + skipped,
        lengths=lengths.astype(np.int32),
        context=np.where(number == 0, 0, half).astype(np.int32),
    )


def own_steps(encoded: Encoded) -> NDArray[np.bool_]:
    """Which steps of rows that lie end to end are not only read: bool (total steps,)."""
    context = np.zeros(len(encoded), np.int32) if encoded.context is None else encoded.context
    places = np.arange(encoded.offsets[-1]) - np.repeat(encoded.offsets[:-1], encoded.lengths)
    return np.asarray(places >= np.repeat(context, encoded.lengths))
