"""Encoded examples from several places, laid end to end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded


def joined(parts: Sequence[Encoded]) -> Encoded:
    """The rows of all parts, of which there is at least one, in their order.

    They are encoded by one codec, so that all have the same fields.
    """
    before = np.cumsum([0, *(len(part.values) for part in parts[:-1])]).tolist()
    return Encoded(
        values=np.concatenate([part.values for part in parts]),
        starts=np.concatenate([part.starts + b for part, b in zip(parts, before, strict=True)]),
        lengths=np.concatenate([part.lengths for part in parts]),
        targets=np.concatenate([part.targets for part in parts]),
        per_step=parts[0].per_step,
        unseen=of_all([part.unseen for part in parts]),
        carries_state=parts[0].carries_state,
        context=of_all([part.context for part in parts]),
        characters=of_all([part.characters for part in parts]),
    )


def of_all(arrays: Sequence[NDArray[Any] | None]) -> NDArray[Any] | None:
    """The arrays as one; None where there are none."""
    present = [array for array in arrays if array is not None]
    return np.concatenate(present) if present else None


def chosen(encoded: Encoded, rows: NDArray[np.int64]) -> Encoded:
    """Some of the rows, in this order, laid end to end."""
    starts, lengths = encoded.starts[rows], encoded.lengths[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    places = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])

    def of_rows(array: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if array is None else array[rows]

    return Encoded(
        values=encoded.values[places],
        starts=offsets[:-1],
        lengths=lengths,
        targets=encoded.targets[places if encoded.per_step else rows],
        per_step=encoded.per_step,
        unseen=of_rows(encoded.unseen),
        carries_state=encoded.carries_state,
        context=of_rows(encoded.context),
        characters=None if encoded.characters is None else encoded.characters[places],
    )
