"""Ids of a text as examples: windows that are learned from, passages that are scored."""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded

Ids = NDArray[np.int32]

PASSAGE = 256
"""Tokens of held-out text that are scored as one example."""
CONTEXT = 256
"""Tokens before a passage that are read first, and not scored: so many that the model answers
nearly as if it had read all before them, and scores do not depend on any batch."""


def next_units(ids: Ids, first: int) -> Ids:
    """The model's output for the token after each but the last, int32 (tokens - 1,)."""
    return (ids[1:] - first).astype(np.int32)


def windows_of(ids: Ids, window: int, first: int) -> Encoded:
    """A text to be learned from, in windows that follow one another; the last may be short.

    Each token but the first is a target once.
    """
    targets = next_units(ids, first)
    starts = np.arange(0, len(targets), window, dtype=np.int64)
    lengths = np.minimum(window, len(targets) - starts).astype(np.int32)
    return Encoded(ids[:-1], starts, lengths, targets, per_step=True, carries_state=True)


def passages_of(ids: Ids, first: int) -> Encoded:
    """A held-out text in passages, each behind its CONTEXT, or what of it there is.

    Each token but the first is scored once.
    """
    targets = next_units(ids, first)
    scored = np.arange(0, len(targets), PASSAGE, dtype=np.int64)
    starts = np.maximum(scored - CONTEXT, 0)
    lengths = np.minimum(scored + PASSAGE, len(targets)) - starts
    return Encoded(
        ids[:-1],
        starts,
        lengths.astype(np.int32),
        targets,
        per_step=True,
        context=(scored - starts).astype(np.int32),
    )
