"""The Keras optimizer that a config names."""

from collections.abc import Mapping
from typing import Any

from rnnbuild.config.schema.training import (
    AdamConfig,
    AdamWConfig,
    NadamConfig,
    RMSpropConfig,
    SGDConfig,
    TrainingConfig,
)
from rnnbuild.models.framework import keras

OPTIMIZER_CLASSES: Mapping[type, str] = {
    SGDConfig: "SGD",
    RMSpropConfig: "RMSprop",
    AdamConfig: "Adam",
    AdamWConfig: "AdamW",
    NadamConfig: "Nadam",
}


def optimizer_of(training: TrainingConfig) -> Any:
    """The `keras.optimizers.Optimizer`, not yet built: its slots belong to a model's variables.

    `training.clip_norm` bounds the norm over all gradients together, as in Pascanu et al. (2013).
    """
    chosen = training.optimizer
    arguments = {
        name: getattr(chosen, name) for name in type(chosen).model_fields if name != "name"
    }
    optimizer_class = getattr(keras.optimizers, OPTIMIZER_CLASSES[type(chosen)])
    return optimizer_class(**arguments, global_clipnorm=training.clip_norm)
