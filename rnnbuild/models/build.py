"""A resolved config -> a keras.Sequential of Keras' stock layers, and of rnnbuild's poolings."""

import operator
from typing import Any

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models import pooling
from rnnbuild.models.arguments import KerasObject
from rnnbuild.models.framework import keras
from rnnbuild.models.own_layers import own_class
from rnnbuild.models.seeds import seeded_objects


def build_model(resolved: ResolvedConfig) -> Any:
    """The `keras.Sequential` that a config describes, built, with its initial weights.

    Input: int32 ids (batch, steps), 0 for padding, or float32 (batch, steps, columns); steps are
    free. Output: (batch, units), or (batch, steps, units) where the task answers at every step.
    Weights and dropout follow from `training.seed` and each layer's position alone, in every
    process; Keras' global seed is neither read nor changed.
    """
    layers = [constructed(keras_object) for keras_object in seeded_objects(resolved)]
    return keras.Sequential(layers, name=resolved.config.name)


def class_at(path: str) -> Any:
    """`layers.GRU` of Keras, or `pooling.AttentionPooling` of this package."""
    own = own_class(path)
    return getattr(pooling, own) if own else operator.attrgetter(path)(keras)


def constructed(keras_object: KerasObject) -> Any:
    """The Keras object itself, and those in its arguments."""
    arguments = {
        name: constructed(value) if isinstance(value, KerasObject) else value
        for name, value in keras_object.arguments.items()
    }
    built = class_at(keras_object.path)(**arguments)
    if isinstance(built, keras.layers.Bidirectional):
        # It copies its forward layer by a config that, of a SimpleRNN, lacks the seed.
        given, copy = arguments["layer"].cell, built.forward_layer.cell
        copy.seed_generator.state.assign(given.seed_generator.state)
    return built
