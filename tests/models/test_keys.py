"""Every key of the model section that a config accepts changes what the model computes."""

import itertools
import types
import typing
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema.choices import (
    Activation,
    Constraint,
    Initializer,
    Regularizer,
    VectorInitializer,
    VectorRegularizer,
)
from rnnbuild.config.schema.layers import OTHER_LAYERS, RECURRENT_LAYERS
from rnnbuild.config.schema.model import EmbeddingConfig, HeadConfig, HiddenConfig
from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras, tf
from rnnbuild.tasks.facts import DataFacts
from tests.models.small import SENTENCES

Values = dict[str, Any]
TARGETS = np.array([0, 2, 1])

# A value that differs from the default, for keys whose type does not say one.
OTHER_VALUE: Values = {
    "units": 5,
    "output_dim": 5,
    "input_dim": 11,
    "rate": 0.9,
    "dropout": 0.6,
    "recurrent_dropout": 0.6,
    "merge_mode": "sum",
    "use_bias": False,
    "unit_forget_bias": False,
    "reset_after": False,
    "bidirectional": True,
    "go_backwards": True,
    "trainable": False,
    "center": False,
    "scale": False,
    "epsilon": 0.5,
    "momentum": 0.2,
    "activation": "softsign",
    "recurrent_activation": "hard_sigmoid",
    "hidden": [4],
}
# What another key must be before this one can do anything.
REQUIRES: dict[str, Values] = {
    "merge_mode": {"bidirectional": True},
}
BY_FAMILY: Values = {
    "initializer": {"name": "constant", "value": 0.3},
    "regularizer": {"name": "l2", "l2": 0.5},
    # Weights must come near a bound, so it is a tight one.
    "constraint": {"name": "max_norm", "max_value": 0.05},
}
NOT_HERE = {"cell", "kind", "pretrained", "n", "thaw_after"}
"""What a layer is, and keys that follow from data or count epochs: see their own tests."""


def model_with(layers: list[Values], **model: Any) -> Any:
    values = {
        "embedding": {"output_dim": 4, "input_dim": 9},
        "input_length": SENTENCES.shape[1],
        "head": {"units": 3, "activation": "softmax"},
        "layers": layers,
    }
    return build_model(resolve(config_of({"model": values | model})))


def observed(model: Any) -> list[np.ndarray]:
    """All that a key may change: shapes, answers, losses, and weights after two steps."""
    seen = [np.array(weight.shape) for weight in model.weights]
    seen.append(np.asarray(model(SENTENCES, training=False)))
    optimizer = keras.optimizers.SGD(0.5)
    for _ in range(2):
        with tf.GradientTape() as tape:
            outputs = model(SENTENCES, training=True)
            known = np.minimum(TARGETS, outputs.shape[-1] - 1)
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(known, outputs)
            ) + sum(model.losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        seen += [np.asarray(outputs), np.asarray(loss)]
    seen += [np.asarray(weight) for weight in model.weights]
    seen.append(np.asarray(model(SENTENCES, training=False)))
    return seen


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return len(one) == len(other) and all(
        a.shape == b.shape and np.array_equal(a, b) for a, b in zip(one, other, strict=True)
    )


def other_value(key: str) -> Any:
    family = key.rsplit("_", 1)[-1]
    return BY_FAMILY[family] if family in BY_FAMILY else OTHER_VALUE[key]


def layer_keys() -> Iterator[tuple[str, str]]:
    for tag, section in (RECURRENT_LAYERS | OTHER_LAYERS).items():
        if tag != "repeat_vector":
            for key in section.model_fields:
                if key not in NOT_HERE:
                    yield tag, key


def layers_with(tag: str, values: Values) -> list[Values]:
    """A stack in which the layer can show all its keys."""
    if tag in RECURRENT_LAYERS:
        return [{"cell": tag, "units": 3} | values]
    required = {"rate": 0.1} if "rate" in OTHER_LAYERS[tag].model_fields else {}
    required |= {"units": 3} if "units" in OTHER_LAYERS[tag].model_fields else {}
    return [{"kind": tag} | required | values, {"cell": "gru", "units": 3}]


def test_the_same_model_is_observed_the_same_twice() -> None:
    layers = layers_with("lstm", {"dropout": 0.5, "recurrent_dropout": 0.5})
    assert same(observed(model_with(layers)), observed(model_with(layers)))


@pytest.mark.parametrize(("tag", "key"), list(layer_keys()))
def test_every_key_of_every_layer_changes_what_the_model_computes(tag: str, key: str) -> None:
    required = REQUIRES.get(key, {})
    before = observed(model_with(layers_with(tag, required)))
    after = observed(model_with(layers_with(tag, required | {key: other_value(key)})))
    assert not same(before, after)


@pytest.mark.parametrize("key", sorted(EmbeddingConfig.model_fields.keys() - NOT_HERE))
def test_every_key_of_the_embedding_changes_what_the_model_computes(key: str) -> None:
    layers = layers_with("gru", {})
    base = {"output_dim": 4, "input_dim": 9}
    before = observed(model_with(layers, embedding=base))
    after = observed(model_with(layers, embedding=base | {key: other_value(key)}))
    assert not same(before, after)


@pytest.mark.parametrize("key", sorted(HeadConfig.model_fields.keys() - NOT_HERE))
def test_every_key_of_the_head_changes_what_the_model_computes(key: str) -> None:
    layers = layers_with("gru", {})
    base = {"units": 3, "activation": "softmax"}
    before = observed(model_with(layers, head=base))
    after = observed(model_with(layers, head=base | {key: other_value(key)}))
    assert not same(before, after)


@pytest.mark.parametrize("key", sorted(HiddenConfig.model_fields.keys() - NOT_HERE))
def test_every_key_of_a_hidden_layer_changes_what_the_model_computes(key: str) -> None:
    layers = layers_with("gru", {})
    head = {"units": 3, "activation": "softmax"}
    before = observed(model_with(layers, head=head | {"hidden": [{"units": 4}]}))
    hidden = {"units": 4, key: other_value(key)}
    after = observed(model_with(layers, head=head | {"hidden": [hidden]}))
    assert not same(before, after)


def test_keras_simple_rnn_still_ignores_its_activity_regularizer() -> None:
    """Once it does not, the key belongs to every cell."""
    layer = keras.layers.SimpleRNN(3, activity_regularizer="l2")
    layer(np.ones((1, 2, 3), np.float32))
    assert layer.losses == []


def test_pooling_changes_what_the_model_computes() -> None:
    layers = layers_with("gru", {})
    names = ("last", "mean", "max", "attention")
    found = [observed(model_with(layers, pooling=pooling)) for pooling in names]
    assert not any(same(one, other) for one, other in itertools.combinations(found, 2))


SYNONYMS = ("swish", "hard_swish", "celu")
"""Keras' other names for `silu` and `hard_silu`; and `celu`, which without its alpha is `elu`."""
ACTIVATIONS = [name for name in typing.get_args(Activation) if name not in SYNONYMS]


def test_no_two_activations_are_the_same_function() -> None:
    numbers = np.linspace(-7, 7, 57, dtype=np.float32)[np.newaxis]
    found = {name: np.asarray(keras.activations.get(name)(numbers)) for name in ACTIVATIONS}
    for one in ACTIVATIONS:
        for other in ACTIVATIONS:
            assert one == other or not np.allclose(found[one], found[other], atol=1e-5), (
                one,
                other,
            )


def choices(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections of a choice such as Initializer."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType):
        for inner in typing.get_args(annotation):
            yield from choices(inner)


ARGUMENTS: dict[str, Any] = {
    "value": 0.7,
    "mean": 0.4,
    "stddev": 0.5,
    "minval": -0.9,
    "maxval": 0.9,
    "gain": 2.0,
    "mode": "fan_avg",
    "scale": 3.0,
    "distribution": "uniform",
    "l1": 0.5,
    "l2": 0.5,
    "factor": 0.5,
    "max_value": 0.03,
    "min_value": 0.6,
    "rate": 0.5,
    "axis": 1,
}


def arguments(kind: str, choice: Any) -> Iterator[tuple[str, str, str]]:
    for section in choices(choice):
        for name in typing.get_args(section.model_fields["name"].annotation):
            for key in section.model_fields:
                if key != "name":
                    yield kind, name, key


@pytest.mark.parametrize(
    ("family", "name", "key"),
    [
        *arguments("kernel_initializer", Initializer),
        *arguments("bias_initializer", VectorInitializer),
        *arguments("kernel_regularizer", Regularizer),
        *arguments("bias_regularizer", VectorRegularizer),
        *arguments("kernel_constraint", Constraint),
    ],
)
def test_every_argument_of_what_keras_knows_by_name_has_an_effect(
    family: str, name: str, key: str
) -> None:
    value: Any = ARGUMENTS[key]
    base: Values = {"name": name}
    if name == "l1l2":
        base |= {"l1": 0.1, "l2": 0.1}
    if name == "orthogonal_regularizer" and key == "mode":
        value = "columns"
    if name == "variance_scaling" and key == "scale":
        value = 3.0
    if name == "min_max_norm":
        # Weights within the bounds are left alone: here none is.
        base |= {"min_value": 0.01, "max_value": 0.02} if key != "min_value" else {}
    before = observed(model_with(layers_with("gru", {family: base, "use_bias": True})))
    after = observed(model_with(layers_with("gru", {family: base | {key: value}})))
    assert not same(before, after)


def test_a_saved_model_loads_in_plain_keras_and_answers_the_same(tmp_path: Any) -> None:
    import subprocess
    import sys

    layers = [
        {"cell": "lstm", "units": 3, "bidirectional": True, "recurrent_dropout": 0.2},
        {"kind": "layer_normalization"},
        {"kind": "spatial_dropout", "rate": 0.1},
        {"kind": "step_dropout", "rate": 0.1},
        {"cell": "gru", "units": 3, "kernel_regularizer": "l2"},
    ]
    model = model_with(layers, pooling="mean")
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "sentences.npy", SENTENCES)
    script = (
        "import sys, keras, numpy as np\n"
        "model = keras.saving.load_model('model.keras')\n"
        "assert type(model) is keras.Sequential\n"
        "assert not any(name.startswith('rnnbuild') for name in sys.modules)\n"
        "np.save('answers.npy', model(np.load('sentences.npy')))\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True)
    np.testing.assert_array_equal(np.load(tmp_path / "answers.npy"), np.asarray(model(SENTENCES)))


def test_sizes_that_follow_from_facts_reach_the_model() -> None:
    facts = DataFacts(
        task="tag", labels=("O", "B", "I"), vocabulary_size=9, longest=5, rows=(3, 0, 0)
    )
    values = {"embedding": {"output_dim": 4}, "layers": layers_with("gru", {})}
    model = build_model(resolve(config_of({"model": values}), facts))
    assert model(SENTENCES).shape == (3, 5, 3)
