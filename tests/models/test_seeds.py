"""Seeds reach everything that draws random numbers."""

import inspect

import numpy as np
import pytest

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.schema.choices import (
    ConstantInitializer,
    MatrixInitializer,
    NormalInitializer,
    PlainInitializer,
    UniformInitializer,
    VarianceScalingInitializer,
)
from rnnbuild.models.arguments import KerasObject, class_name
from rnnbuild.models.build import build_model, class_at
from rnnbuild.models.seeds import SEEDED, seeded_objects
from tests.models.small import layer, small_config

INITIALIZERS = (
    PlainInitializer,
    ConstantInitializer,
    NormalInitializer,
    UniformInitializer,
    VarianceScalingInitializer,
    MatrixInitializer,
)
PATHS = sorted(
    {layer.path for layer in LAYER_CLASSES.values()}
    | {
        f"initializers.{class_name(name)}"
        for kind in INITIALIZERS
        for name in kind.model_fields["name"].annotation.__args__  # type: ignore[union-attr]
    }
)


@pytest.mark.parametrize("path", PATHS)
def test_a_class_gets_a_seed_exactly_where_keras_takes_one(path: str) -> None:
    takes = "seed" in inspect.signature(class_at(path)).parameters
    assert (path in SEEDED) == takes


def seeds(keras_object: KerasObject) -> list[int]:
    inner = [v for v in keras_object.arguments.values() if isinstance(v, KerasObject)]
    own = [keras_object.arguments["seed"]] if "seed" in keras_object.arguments else []
    return own + [seed for found in inner for seed in seeds(found)]


def test_no_two_weights_or_masks_share_a_seed() -> None:
    spec = layer("lstm", bidirectional=True, dropout=0.5)
    resolved = small_config(spec, {"kind": "dropout", "rate": 0.5}, spec)
    found = [seed for keras_object in seeded_objects(resolved) for seed in seeds(keras_object)]
    assert len(found) == len(set(found)) > 10


def test_another_seed_in_the_config_changes_every_seed() -> None:
    first, second = (
        [
            seed
            for found in seeded_objects(small_config(layer("gru"), training={"seed": number}))
            for seed in seeds(found)
        ]
        for number in (1, 2)
    )
    assert not set(first) & set(second)


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_masks_are_drawn_from_the_seeds_that_were_given_in_both_directions(cell: str) -> None:
    resolved = small_config(layer(cell, bidirectional=True, dropout=0.5))
    both = seeded_objects(resolved)[2]
    given = {both.arguments[key].arguments["seed"] for key in ("layer", "backward_layer")}
    variables = build_model(resolved).variables
    states = [np.asarray(variable) for variable in variables if "seed_generator" in variable.path]
    assert {int(state[0]) for state in states} == given
