"""A `.keras` file of somebody else's, read as data: what its layers are, and their weights."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.adoption.chain import FLOAT32, ForeignLayer, NoChain, layers_in_order, short
from rnnbuild.errors import RunError
from rnnbuild.inference.archive.description import parsed
from rnnbuild.inference.archive.layers import arrays_of, folders_of
from rnnbuild.inference.archive.members import UnsafeArchive, read_members
from rnnbuild.inference.archive.weights import OtherPrecision, open_weights

LEGACY = frozenset({".h5", ".hdf5"})
CONVERT = (
    "convert it where it was made, with Keras 3: "
    "python -c \"import keras; keras.saving.load_model('{name}', compile=False)"
    ".save('{stem}.keras')\""
)
WEIGHTS = "layers"
"""The group of a file of weights that has those of the layers."""
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class ForeignModel:
    """What a file says of a model.

    layers:      in the order in which they compute, the input first
    arrays:      of each layer, by their paths in the layer's own folder
    weights:     the file of weights itself, HDF5
    vocabulary:  the words of a layer that reads text, one a line; None without one
    from_logits: whether the loss that it was compiled with takes logits
    keras:       the version of Keras that wrote the file
    """

    path: Path
    layers: Sequence[ForeignLayer]
    arrays: Sequence[Arrays]
    weights: bytes
    vocabulary: bytes | None
    from_logits: bool
    keras: str


def read_foreign(path: Path) -> ForeignModel:
    """Read a file. Nothing of it is made into an object of Keras.

    Raises RunError for a file that is missing, damaged, or of another kind.
    """
    refuse_other_than_keras_file(path)
    try:
        members = read_members(path, with_vocabulary=True)
        model = parsed(members.config)
        version = short(json.loads(members.metadata).get("keras_version"))
        if not version.startswith("3."):
            raise NoChain(
                f"it was written by Keras {version[:20]}, and only files of Keras 3 are read",
                "load it with Keras 3 where it was made, and save it again",
            )
        layers = layers_in_order(model)
        folders = [
            folder.removeprefix(f"{WEIGHTS}/") for folder in folders_of([x.kind for x in layers])
        ]
        with open_weights(members.weights, WEIGHTS) as group:
            arrays = [arrays_of(group, folder) for folder in folders]
    except OtherPrecision as error:
        raise RunError(f"{path} was not read: it {error}", FLOAT32) from None
    except UnsafeArchive as error:
        raise RunError(
            f"{path} was not read: it {error}",
            "it is damaged, or was not written by Keras' `model.save`",
        ) from None
    except NoChain as error:
        problem = error.problem
        raise RunError(f"{path} cannot be adopted: {problem.message}", problem.hint) from None
    except (ValueError, AttributeError, RecursionError):
        raise RunError(f"{path} was not read: its metadata.json is damaged") from None
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror or error}") from None
    return ForeignModel(
        path, layers, arrays, members.weights, members.vocabulary, takes_logits(model), version
    )


def refuse_other_than_keras_file(path: Path) -> None:
    """Raises RunError where there is no file, or one of a format that came before `.keras`."""
    if path.is_dir():
        raise RunError(
            f"{path} is a folder, not a .keras file",
            "a run is trained on with `rnnbuild train CONFIG --from RUN`; of a SavedModel, save "
            "the Keras model that it was made from: model.save('model.keras')",
        )
    if not path.is_file():
        near = sorted(str(each) for each in path.parent.glob("*.keras"))[:3]
        hint = f"there is {', '.join(near)}" if near else "name the file that `model.save` wrote"
        raise RunError(f"there is no file {path}", hint)
    with path.open("rb") as stream:
        start = stream.read(8)
    if path.suffix.lower() in LEGACY or start.startswith(b"\x89HDF"):
        hint = CONVERT.format(name=path.name, stem=path.stem)
        raise RunError(f"{path} is in Keras' old format, HDF5, which is not read", hint)


def takes_logits(model: Mapping[str, Any]) -> bool:
    """Whether the loss in a model's description has `from_logits`; no object is made of it."""
    compiled = model.get("compile_config")
    loss = compiled.get("loss") if isinstance(compiled, dict) else None
    arguments = loss.get("config") if isinstance(loss, dict) else None
    return isinstance(arguments, dict) and arguments.get("from_logits") is True


def numbers_of(arrays: Sequence[Arrays]) -> int:
    """Weights in all."""
    return int(sum(np.size(array) for each in arrays for array in each.values()))
