"""Seeds for whatever in a model draws random numbers, from the config's one and the place in it.

Two layers never share a seed, nor do the two directions of one; every process derives the same.
No Keras is imported here.
"""

import hashlib
from dataclasses import replace

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.arguments import KerasObject, model_objects

INITIALIZERS = (
    "GlorotUniform",
    "GlorotNormal",
    "HeUniform",
    "HeNormal",
    "LecunUniform",
    "LecunNormal",
    "RandomNormal",
    "TruncatedNormal",
    "RandomUniform",
    "VarianceScaling",
    "Orthogonal",
)
SEEDED = frozenset(
    {
        *(layer.path for layer in LAYER_CLASSES.values() if layer.takes_seed),
        *(f"initializers.{name}" for name in INITIALIZERS),
    }
)
"""The Keras classes that take a `seed`."""


def seeded_objects(resolved: ResolvedConfig) -> tuple[KerasObject, ...]:
    """The input and every layer of the stack, in order, each with seeds of its own."""
    seed = resolved.config.training.seed
    return tuple(
        seeded(keras_object, seed, str(position))
        for position, keras_object in enumerate(model_objects(resolved))
    )


def seeded(keras_object: KerasObject, seed: int, role: str) -> KerasObject:
    """The same object, a seed added to it and to everything within it that takes one."""
    arguments = {
        name: seeded(value, seed, f"{role}/{name}") if isinstance(value, KerasObject) else value
        for name, value in keras_object.arguments.items()
    }
    if keras_object.path in SEEDED:
        arguments["seed"] = derived_seed(seed, role)
    return replace(keras_object, arguments=arguments)


def derived_seed(seed: int, role: str) -> int:
    """31 bits that differ for every role, such as `2/backward_layer/kernel_initializer`."""
    digest = hashlib.blake2b(f"{seed}/{role}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1
