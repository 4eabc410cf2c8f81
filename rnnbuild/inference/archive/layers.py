"""The layers of a `.keras` file, each with the weights that its description asks for.

Keras makes weights as large as the description says before it looks at those in the file. So the
shapes are compared first: no description asks for more than the file contains.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from rnnbuild.inference.archive.description import layers_described
from rnnbuild.inference.archive.members import UnsafeArchive, read_members
from rnnbuild.inference.archive.weights import open_weights
from rnnbuild.models.recurrent import Direction, recurrent_layer_of
from rnnbuild.models.stored import FOLDERS, StoredLayer

Shapes = dict[str, tuple[int, ...]]
"""Of a layer's weights, by their paths from its folder."""


def inspect(path: Path) -> None:
    """Check a `.keras` file. Raises UnsafeArchive for anything foreign to a trained model.

    Raises OSError if the file cannot be read.
    """
    members = read_members(path)
    layers = layers_described(members.config)
    with open_weights(members.weights) as file:
        _inspect_shapes(layers, file)


def layers_in_archive(path: Path) -> list[StoredLayer]:
    """The layers in their order, the input first, once the file is checked.

    Raises UnsafeArchive and OSError as `inspect` does.
    """
    members = read_members(path)
    layers = layers_described(members.config)
    with open_weights(members.weights) as file:
        _inspect_shapes(layers, file)
        return [
            StoredLayer(kind_of(layer), layer["config"], arrays_of(file, folder))
            for layer, folder in with_folders(layers)
        ]


def _inspect_shapes(layers: Sequence[dict[str, Any]], file: Any) -> None:
    """Raises UnsafeArchive unless every layer has the weights that its description asks for."""
    try:
        width = _input_width(layers[0])
        for layer, folder in with_folders(layers[1:]):
            kind, arguments = kind_of(layer), layer["config"]
            # Keras builds a layer for the shape that is written beside its arguments.
            built_for = (layer.get("build_config") or {}).get("input_shape")
            if built_for is not None and kind != "Embedding" and built_for[-1] != width:
                raise UnsafeArchive(
                    f"has a layer `{kind}` for {built_for[-1]} features, not {width}"
                )
            shapes, width = weights_and_width(kind, arguments, width)
            for path, shape in shapes.items():
                weight = file.get(f"{folder}/{path}")
                if not isinstance(weight, h5py.Dataset) or weight.shape != shape:
                    there = f"{weight.shape}" if isinstance(weight, h5py.Dataset) else "none"
                    raise UnsafeArchive(
                        f"asks for weights of shape {shape} in {folder}/{path}, and has {there}"
                    )
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise UnsafeArchive(f"has a layer that is not fully described ({error})") from None


def _input_width(layer: dict[str, Any]) -> int:
    """Numbers of a step; 0 where the input is ids."""
    shape = layer["config"]["batch_shape"]
    if kind_of(layer) != "InputLayer" or shape[:2] != [None, None] or len(shape) > 3:
        raise UnsafeArchive("does not begin with sequences of any length")
    return int(shape[2]) if len(shape) == 3 else 0


def weights_and_width(kind: str, arguments: Mapping[str, Any], width: int) -> tuple[Shapes, int]:
    """The weights of a layer after `width` features, and the number of features that it gives."""
    if (recurrent := recurrent_layer_of(kind, arguments)) is not None:
        both = len(recurrent.directions) == 2
        shapes = {}
        for direction, folder in zip(recurrent.directions, FOLDERS if both else ("",), strict=True):
            shapes.update(_cell_weights(direction, folder, width))
        return shapes, recurrent.features
    match kind:
        case "Embedding":
            size = arguments["output_dim"]
            return {"vars/0": (arguments["input_dim"], size)}, size
        case "Dense":
            units = arguments["units"]
            bias: Shapes = {"vars/1": (units,)} if arguments["use_bias"] else {}
            return {"vars/0": (width, units), **bias}, units
        case "LayerNormalization" | "BatchNormalization":
            moments = 2 if kind == "BatchNormalization" else 0
            count = int(arguments["scale"]) + int(arguments["center"]) + moments
            return {f"vars/{number}": (width,) for number in range(count)}, width
        case "AttentionPooling":
            return {"vars/0": (width, width), "vars/1": (width,), "vars/2": (width, 1)}, width
        case "Bidirectional" | "InputLayer":
            raise UnsafeArchive(
                f"has a layer `{kind}` in a place where no model of rnnbuild has one"
            )
    return {}, width


def _cell_weights(direction: Direction, folder: str, width: int) -> Shapes:
    cell, columns = f"{folder}cell/vars", direction.columns
    shapes: Shapes = {
        f"{cell}/0": (width, columns),
        f"{cell}/1": (direction.units, columns),
    }
    if direction.arguments["use_bias"]:
        shapes[f"{cell}/2"] = direction.bias_shape
    return shapes


def kind_of(layer: Mapping[str, Any]) -> str:
    """The name of a layer's class."""
    return str(layer["class_name"]).rpartition(">")[2]


def with_folders(
    layers: Sequence[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], str]]:
    """Each layer and the folder of its weights."""
    return zip(layers, folders_of([kind_of(layer) for layer in layers]), strict=True)


def folders_of(kinds: Sequence[str]) -> Iterator[str]:
    """The folders of the weights of layers of these classes (keras/src/saving/saving_lib.py,
    _get_unique_name)."""
    seen: Counter[str] = Counter()
    for kind in kinds:
        name = folder_of(kind)
        yield f"layers/{name}_{seen[name]}" if seen[name] else f"layers/{name}"
        # The input is not one of the numbered layers of a Sequential.
        seen[name] += kind != "InputLayer"


def folder_of(kind: str) -> str:
    """A class name in snake case, `simple_rnn` for SimpleRNN, as keras/src/utils/naming.py."""
    apart = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", apart).lower()


def arrays_of(file: Any, folder: str) -> dict[str, Any]:
    """All arrays below a folder by their paths from it; empty if there is no such folder."""
    arrays: dict[str, Any] = {}

    def take(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            arrays[name] = np.ascontiguousarray(item[()])

    if folder in file:
        file[folder].visititems(take)
    return arrays
