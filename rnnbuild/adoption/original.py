"""The model of a file as Keras computes it, built of checked arguments and of arrays alone.

Its weights are matched to its layers by Keras itself, so that a comparison with it shows a mistake
in how they were read here.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py

from rnnbuild.adoption.chain import ForeignLayer
from rnnbuild.adoption.foreign import WEIGHTS
from rnnbuild.adoption.reading import Adoptable
from rnnbuild.adoption.translation import INERT, OWN
from rnnbuild.inference.archive.description import inspect_arguments
from rnnbuild.inference.archive.weights import open_weights
from rnnbuild.models.build import class_at
from rnnbuild.models.framework import keras

ARITHMETIC = frozenset(
    """
    units activation recurrent_activation use_bias return_sequences go_backwards reset_after
    input_dim output_dim mask_zero merge_mode epsilon momentum center scale rate
    """.split()  # noqa: SIM905 (a list of them is a page long)
)
"""The arguments that decide what a layer computes outside training."""
DROPOUTS = frozenset({"Dropout", "SpatialDropout1D", *INERT})


def original_model(model: Adoptable) -> Any:
    """The `keras.Sequential` of the file, without its dropouts; it takes rows of any length."""
    columns = model.resolved.input_columns
    shape = (None,) if columns is None else (None, columns)
    dtype = "int32" if columns is None else "float32"
    layers = [built(layer) for layer in model.behind_text if layer.kind not in DROPOUTS]
    built_model = keras.Sequential([keras.Input(shape, dtype=dtype), *layers])
    with tempfile.TemporaryDirectory(prefix="rnnbuild-") as folder:
        path = Path(folder, "original.weights.h5")
        with (
            open_weights(model.foreign.weights, WEIGHTS) as checked,
            h5py.File(path, "w") as copy,
        ):
            # Nothing else of the file: neither an optimizer's state nor a link to anywhere.
            checked.file.copy(checked, copy, WEIGHTS)
        built_model.load_weights(path)
    return built_model


def built(layer: ForeignLayer) -> Any:
    """A layer with the arguments that decide what it computes, all of them checked."""
    if layer.kind == "Bidirectional":
        return keras.layers.Bidirectional(
            of_description(layer.arguments["layer"]),
            merge_mode=layer.arguments["merge_mode"],
            backward_layer=of_description(layer.arguments["backward_layer"]),
        )
    if layer.kind == "TimeDistributed":
        return keras.layers.TimeDistributed(of_description(layer.arguments["layer"]))
    path = f"pooling.{layer.kind}" if layer.kind in OWN else f"layers.{layer.kind}"
    return class_at(path)(**checked_arguments(layer.arguments))


def of_description(described: Mapping[str, Any]) -> Any:
    """The layer in another one."""
    kind, arguments = described["class_name"], described["config"]
    return class_at(f"layers.{kind}")(**checked_arguments(arguments))


def checked_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that decide what a layer computes. Raises UnsafeArchive for values that no
    model of rnnbuild has: whoever calls this has seen to it that there are none."""
    chosen = {key: value for key, value in arguments.items() if key in ARITHMETIC}
    inspect_arguments(chosen)
    return chosen
