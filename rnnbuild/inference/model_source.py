"""Where a run's model is read from: its `.keras` file, or a checkpoint and the config.

Both give the layers with their weights without TensorFlow, and the same model in Keras.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.errors import RunError
from rnnbuild.inference.archive.layers import layers_in_archive, weights_and_width
from rnnbuild.inference.archive.members import readable, refuse_missing
from rnnbuild.models.arguments import KerasObject, model_objects
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.checkpoint_content import CheckpointContent


class ModelSource(Protocol):
    """A trained model on the disk."""

    @property
    def path(self) -> Path:
        """The file that errors name."""
        ...

    def layers(self) -> list[StoredLayer]:
        """The layers in their order, the input first. Raises RunError."""
        ...

    def keras_model(self) -> Any:
        """The `keras.Sequential`. Raises RunError."""
        ...


@dataclass(frozen=True)
class ModelFile:
    """A `.keras` file."""

    path: Path

    def layers(self) -> list[StoredLayer]:
        refuse_missing(self.path)
        with readable(self.path):
            return layers_in_archive(self.path)

    def keras_model(self) -> Any:
        from rnnbuild.inference.keras_model import load_model

        return load_model(self.path)


@dataclass(frozen=True, eq=False)
class CheckpointedModel:
    """The weights of a checkpoint, in the layers that the run's config describes."""

    content: CheckpointContent
    resolved: ResolvedConfig

    @property
    def path(self) -> Path:
        return self.content.path

    def layers(self) -> list[StoredLayer]:
        """Raises RunError where the weights are not those of the layers."""
        try:
            return layers_with(self.resolved, self.content.weights)
        except ValueError:
            raise self._misfit() from None

    def keras_model(self) -> Any:
        from rnnbuild.models.build import build_model

        model = build_model(self.resolved)
        model.set_weights(self.content.weights)
        return model

    def _misfit(self) -> RunError:
        run = self.path.parents[1]
        return RunError(
            f"{self.path} has other weights than the config of {run} describes",
            "one of the two was replaced: restore it from a copy",
        )


def layers_with(
    resolved: ResolvedConfig, weights: Iterable[NDArray[Any]] | None = None
) -> list[StoredLayer]:
    """The layers that a config describes, the input first, with these weights, or with zeros.

    Keras gives a model's weights layer by layer, each in the order of its own. Raises ValueError
    where they are not those of the layers.
    """
    columns = resolved.input_columns
    width = columns or 0
    shape = [None, None] if columns is None else [None, None, columns]
    layers = [StoredLayer("InputLayer", {"batch_shape": shape}, {})]
    given = None if weights is None else iter(weights)
    for described in model_objects(resolved)[1:]:
        kind, arguments = class_of(described), arguments_of(described)
        shapes, width = weights_and_width(kind, arguments, width)
        if given is None:
            arrays = {path: np.zeros(shape, np.float32) for path, shape in shapes.items()}
        else:
            arrays = dict(zip(shapes, given, strict=False))
        if {path: array.shape for path, array in arrays.items()} != shapes:
            raise ValueError(f"expected weights of shapes {shapes}")
        layers.append(StoredLayer(kind, arguments, arrays))
    if given is not None and next(given, None) is not None:
        raise ValueError("expected fewer weights")
    return layers


def class_of(described: KerasObject) -> str:
    """`GRU` of `layers.GRU`."""
    return described.path.rpartition(".")[2]


def arguments_of(described: KerasObject) -> dict[str, Any]:
    """The arguments as a saved model has them, those included that no config changes."""
    given: Mapping[str, Any] = described.arguments
    plain = {
        name: {"class_name": class_of(value), "config": arguments_of(value)}
        if isinstance(value, KerasObject)
        else value
        for name, value in given.items()
    }
    return {"axis": -1, **plain}
