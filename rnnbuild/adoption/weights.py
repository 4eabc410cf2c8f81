"""The weights of a file in the order of the model that a config describes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.adoption.chain import ForeignLayer
from rnnbuild.adoption.foreign import Arrays, ForeignModel
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.errors import Problem, RunError
from rnnbuild.inference.archive.layers import weights_and_width
from rnnbuild.inference.model_source import arguments_of, class_of
from rnnbuild.models.arguments import model_objects

Shapes = dict[str, tuple[int, ...]]
WEIGHTED = frozenset(
    """
    Embedding SimpleRNN GRU LSTM Bidirectional Dense LayerNormalization BatchNormalization
    AttentionPooling
    """.split()  # noqa: SIM905 (a list of them is a page long)
)


def weights_in_order(
    foreign: ForeignModel, computing: Sequence[ForeignLayer], resolved: ResolvedConfig
) -> list[NDArray[np.float32]]:
    """As `set_weights` takes them. Raises RunError where a layer does not have those that its
    arguments ask for, or has numbers that are not finite."""
    weights: list[NDArray[Any]] = []
    problems: list[Problem] = []
    width = resolved.input_columns or 0
    layers = iter(computing)
    for described in model_objects(resolved)[1:]:
        kind = class_of(described)
        shapes, width = weights_and_width(kind, arguments_of(described), width)
        if kind not in WEIGHTED:
            continue
        layer = next(layers)
        arrays = own_arrays(foreign, layer)
        if (what := difference(arrays, shapes)) is not None:
            problems.append(layer.problem(what, "the file is damaged: save the model again"))
        weights += [arrays[path] for path in shapes if path in arrays]
    if problems:
        raise RunError(problems)
    return weights


def own_arrays(foreign: ForeignModel, layer: ForeignLayer) -> Arrays:
    """A layer's weights; those of a TimeDistributed are the weights of the layer in it."""
    arrays = foreign.arrays[layer.position]
    if foreign.layers[layer.position].kind != "TimeDistributed":
        return arrays
    return {path.removeprefix("layer/"): array for path, array in arrays.items()}


def difference(arrays: Arrays, shapes: Shapes) -> str | None:
    """What is wrong with a layer's weights; None if nothing is."""
    for path, shape in shapes.items():
        if path not in arrays:
            return f"has no weights {path}"
        if arrays[path].shape != shape:
            return f"has weights {path} of shape {arrays[path].shape}, not {shape}"
        if not np.isfinite(arrays[path]).all():
            return f"has numbers in {path} that are not finite: its training had diverged"
    if more := sorted(arrays.keys() - shapes):
        return f"has weights {more[0]} that its arguments do not ask for"
    return None
