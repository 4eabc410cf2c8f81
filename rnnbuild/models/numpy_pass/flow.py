"""What goes from layer to layer, and what a layer does with it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Flow(NamedTuple):
    """What goes from layer to layer.

    values:  ids (B, T), or float32 (B, T, width), or (B, width) where the sequence has ended
    lengths: int32 (B,), the steps of each row before its padding; outputs after them are not
             Keras', and reach no answer
    """

    values: NDArray[Any]
    lengths: NDArray[np.int32]

    @property
    def real(self) -> NDArray[np.bool_]:
        """(B, T, 1), whether a step comes before its row's padding."""
        return (np.arange(self.values.shape[1]) < self.lengths[:, None])[..., None]


State = list[Any]
"""The state of a layer's directions, float32 (1 or 2, B, units) each, as the kernels take it."""


class Stage(NamedTuple):
    """What a layer does, and how many features it gives.

    resume: from the steps of a part of a sequence, and the state that the part before it left; None
            of a layer that needs the whole sequence at once
    states: (1 or 2, units) of each state
    """

    run: Callable[[Flow], Flow]
    width: int
    resume: Callable[[Flow, State], tuple[Flow, State]] | None
    states: tuple[tuple[int, int], ...] = ()


def step_by_step(run: Callable[[Flow], Flow], width: int) -> Stage:
    """A layer each of whose steps depends on that step alone."""
    return Stage(run, width, lambda flow, state: (run(flow), state))


def all_at_once(run: Callable[[Flow], Flow], width: int) -> Stage:
    """A layer that needs the whole sequence."""
    return Stage(run, width, None)
