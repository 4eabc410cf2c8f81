"""Models as somebody who has never heard of rnnbuild makes and saves them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.models.framework import keras

L = keras.layers
WORDS, VECTOR, STEPS = 40, 6, 9


def ids(*layers: Any, mask_zero: bool = False, steps: int | None = STEPS) -> Any:
    """A Sequential of an embedding and these layers."""
    return keras.Sequential(
        [keras.Input((steps,)), L.Embedding(WORDS, VECTOR, mask_zero=mask_zero), *layers]
    )


def numbers(*layers: Any, steps: int | None = STEPS, columns: int = 3) -> Any:
    return keras.Sequential([keras.Input((steps, columns)), *layers])


def binary() -> Any:
    return L.Dense(1, activation="sigmoid")


def tags(count: int = 4) -> Any:
    return L.Dense(count, activation="softmax")


def with_spread_weights(model: Any) -> Any:
    """The model, its weights as large as after training, so that no mistake hides in a zero."""
    generator = np.random.default_rng(3)
    # A BatchNormalization's variance, the last of its weights, is above 0.
    model.set_weights(
        [
            np.abs(array) if "variance" in variable.path else array
            for variable, array in (
                (one, generator.normal(0, 0.5, one.shape).astype(np.float32) + 0.1)
                for one in model.weights
            )
        ]
    )
    return model


def saved(model: Any, path: Path, compiled: bool = True) -> Path:
    """The file of a model, with an optimizer's state and a loss as after `fit`."""
    if compiled:
        model.compile("adam", "binary_crossentropy")
        model.optimizer.build(model.trainable_variables)
    model.save(path)
    return path


def changed_config(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The file with another description."""

    def edit(members: dict[str, bytes]) -> None:
        config = json.loads(members["config.json"])
        change(config)
        members["config.json"] = json.dumps(config).encode()

    return changed_members(path, edit)


def changed_members(path: Path, edit: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    edit(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
