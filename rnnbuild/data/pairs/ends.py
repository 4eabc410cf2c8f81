"""Sequences of target ids, and where each of them ends."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN

END = 0
"""The id that ends a target; words have ids from 1 on."""

Ids = NDArray[np.int32]
Offsets = NDArray[np.int64]


def up_to_end(ids: NDArray[Any]) -> tuple[Ids, Offsets]:
    """Rows of ids (rows, steps) up to their first END, end to end, and where each begins.

    A row without END is taken whole. Offsets are (rows + 1,), rising from 0.
    """
    before = np.cumsum(ids == END, axis=1) == 0
    offsets = np.concatenate(([0], np.cumsum(before.sum(axis=1)))).astype(np.int64)
    return ids[before].astype(np.int32), offsets


def with_ends(ids: Ids, offsets: Offsets, steps: int) -> Ids:
    """The inverse of `up_to_end`: (rows, steps), END after each row's last id, then UNSEEN.

    `steps` is increased where a row and its END need more.
    """
    lengths = np.diff(offsets)
    steps = max(steps, int(lengths.max(initial=0)) + 1)
    places = np.arange(steps)
    table = np.full((len(lengths), steps), UNSEEN, np.int32)
    table[places < lengths[:, np.newaxis]] = ids
    table[places == lengths[:, np.newaxis]] = END
    return table
