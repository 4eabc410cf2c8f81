"""A layer as Keras saves it, and what goes from layer to layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class UnknownLayer(ValueError):  # noqa: N818 (what it is says more than that it is an error)
    """Raised for a layer that is left to Keras: to compute, or to say what is wrong with it."""


@dataclass(frozen=True, eq=False)
class StoredLayer:
    """A layer's class, its arguments, and its weights by their paths in the file."""

    kind: str
    config: Mapping[str, Any]
    weights: Mapping[str, NDArray[Any]]

    def weight(self, path: str, *shape: int) -> Floats:
        """A weight. Raises UnknownLayer where it is missing or of another shape: kernels do not
        look at how far an array reaches."""
        weight = self.weights.get(path)
        if weight is None or weight.shape != shape or weight.dtype != np.float32:
            raise UnknownLayer(f"{self.kind} without {path} of shape {shape}")
        return weight


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


def checked(layer: StoredLayer) -> StoredLayer:
    """The layer. Raises UnknownLayer where it computes in another type than float32."""
    policy = layer.config.get("dtype")
    name = policy["config"]["name"] if isinstance(policy, Mapping) else policy
    if name not in (None, "float32") or layer.config.get("quantization_config"):
        raise UnknownLayer(f"{layer.kind} of {name}")
    return layer
