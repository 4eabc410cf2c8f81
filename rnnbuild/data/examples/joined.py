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
