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
        found = self.weights.get(path)
        if found is None or found.shape != shape or found.dtype != np.float32:
            raise UnknownLayer(f"{self.kind} without {path} of shape {shape}")
        return found


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


class Step(NamedTuple):
    """What a layer does, and how many features it gives."""

    run: Callable[[Flow], Flow]
    width: int


def checked(layer: StoredLayer) -> StoredLayer:
    """The layer. Raises UnknownLayer where it computes in another type than float32."""
    policy = layer.config.get("dtype")
    name = policy["config"]["name"] if isinstance(policy, Mapping) else policy
    if name not in (None, "float32") or layer.config.get("quantization_config"):
        raise UnknownLayer(f"{layer.kind} of {name}")
    return layer
