"""A resolved config -> a keras.Sequential of Keras' stock layers."""

import hashlib
import inspect
import operator
from typing import Any

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.arguments import KerasObject, model_objects
from rnnbuild.models.framework import keras


def build_model(resolved: ResolvedConfig) -> Any:
    """The `keras.Sequential` that a config describes, built, with its initial weights.

    Input: int32 ids (batch, steps), 0 for padding, or float32 (batch, steps, columns); steps are
    free. Output: (batch, units), or (batch, steps, units) where the task answers at every step.
    Weights and dropout follow from `training.seed` and each layer's position alone, in every
    process; Keras' global seed is neither read nor changed.
    """
    seed = resolved.config.training.seed
    layers = [
        constructed(keras_object, seed, str(position))
        for position, keras_object in enumerate(model_objects(resolved))
    ]
    return keras.Sequential(layers, name=resolved.config.name)


def constructed(keras_object: KerasObject, seed: int, role: str) -> Any:
    """The Keras object itself; whatever in it draws random numbers gets a seed of its own."""
    keras_class = operator.attrgetter(keras_object.path)(keras)
    arguments = {
        name: constructed(value, seed, f"{role}/{name}")
        if isinstance(value, KerasObject)
        else value
        for name, value in keras_object.arguments.items()
    }
    if "seed" in inspect.signature(keras_class).parameters:
        arguments["seed"] = derived_seed(seed, role)
    return keras_class(**arguments)


def derived_seed(seed: int, role: str) -> int:
    """31 bits that differ for every role, such as `2/backward_layer/kernel_initializer`."""
    digest = hashlib.blake2b(f"{seed}/{role}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1
