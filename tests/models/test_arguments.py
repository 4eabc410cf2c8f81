"""The description of Keras' objects that builder and code writer share."""

import inspect

import pytest

from rnnbuild.analysis.layers import COSTS
from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.models.arguments import KerasObject, model_objects
from rnnbuild.models.build import class_at
from tests.models.small import layer, small_config


def test_every_kind_of_layer_that_is_counted_can_be_built() -> None:
    assert LAYER_CLASSES.keys() == COSTS.keys()


def within(keras_object: KerasObject) -> list[KerasObject]:
    inner = [v for v in keras_object.arguments.values() if isinstance(v, KerasObject)]
    return [keras_object, *(found for value in inner for found in within(value))]


OBJECTS = [
    found
    for keras_object in model_objects(
        small_config(
            layer(
                "lstm", bidirectional=True, kernel_regularizer="l2", kernel_constraint="max_norm"
            ),
            layer("gru", recurrent_regularizer="l1", bias_constraint="non_neg"),
            layer("simple_rnn", kernel_initializer={"name": "random_normal"}),
            {"kind": "spatial_dropout", "rate": 0.1},
            {"kind": "step_dropout", "rate": 0.1},
            {"kind": "layer_normalization"},
            {"kind": "batch_normalization"},
            {"kind": "dropout", "rate": 0.1},
            pooling="mean",
        )
    )
    for found in within(keras_object)
]


SAME_AS_NONE = ("linear", "float32")
"""What Keras makes of None: Dense's activation, and the type of an input."""


@pytest.mark.parametrize("found", OBJECTS, ids=lambda found: found.path)
def test_a_default_that_is_left_out_of_scripts_is_keras_own(found: KerasObject) -> None:
    parameters = inspect.signature(class_at(found.path)).parameters
    for name, value in found.defaults.items():
        if name not in parameters or isinstance(value, KerasObject):
            continue  # `mask_zero=...` and the like are named through **kwargs
        default = parameters[name].default
        assert default == value or (default is None and value in SAME_AS_NONE), name
