"""Bytes held for the backward pass, against what TensorFlow's own gradients read."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild.analysis.cost import ModelCost, cost_of
from rnnbuild.analysis.layers import recurrent_values
from rnnbuild.analysis.memory import FLOAT
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.models.build import build_model
from tests.analysis.unrolled import values_the_backward_pass_reads
from tests.strategies import Values, configs

# TensorFlow computes these as one operation, and none of them gives the number it was given: so
# that a value is read once, and two values that are read are never one number by chance.
SMOOTH = ("tanh", "sigmoid", "silu")
LEFT_OUT = ("dropout", "spatial_dropout", "step_dropout", "batch_normalization")


def smoothed(layer: Values) -> Values:
    """A drawn layer without what gives equal numbers by chance: zeros, ones, masks, one unit."""
    kept = {key: value for key, value in layer.items() if not key.endswith("dropout")}
    kept.pop("trainable", None)
    if "units" in kept:
        kept["units"] = max(2, kept["units"])
        kept.setdefault("activation", "tanh")
    for key in ("activation", "recurrent_activation"):
        if key in kept and kept[key] not in SMOOTH:
            kept[key] = SMOOTH[len(kept[key]) % len(SMOOTH)]
    return kept


@st.composite
def smooth_configs(draw: st.DrawFn) -> Values:
    """Configs whose values all differ, so that they can be counted by telling them apart.

    No decoders: each of their steps reads the same vector, and what they make of it is the same
    number again and again.
    """
    values = draw(configs().filter(lambda drawn: drawn["task"] != "translate"))
    model = values["model"]
    model["embedding"] = {"input_dim": 9, "output_dim": draw(st.integers(2, 6))}
    model["layers"] = [
        smoothed(layer) for layer in model["layers"] if layer.get("kind") not in LEFT_OUT
    ]
    hidden = model["head"].get("hidden", [])
    model["head"]["hidden"] = [
        smoothed(layer if isinstance(layer, dict) else {"units": layer}) for layer in hidden
    ]
    freeze_below(model, draw(st.integers(0, len(model["layers"]))))
    return values


def freeze_below(model: Values, number: int) -> None:
    """Freeze the embedding and so many layers, unless a normalisation would be the lowest trained:
    that one is counted as if its input had a gradient."""
    layers = model["layers"]
    if number == 0 or (layers[number:] and "normalization" in layers[number].get("kind", "")):
        return
    for layer in (model["embedding"], *layers[:number]):
        for key in [key for key in layer if key.endswith(("_regularizer", "_constraint"))]:
            del layer[key]
        if layer.get("center", True) or layer.get("scale", True):
            layer["trainable"] = False


def counted_and_read(values: Values, steps: int) -> tuple[ModelCost, int, int]:
    """The cost at a length, the numbers it says are held, and those that TensorFlow reads."""
    model = {**values["model"], "input_length": steps}
    resolved = resolve(config_of({**values, "model": model}))
    cost = cost_of(resolved)
    read = values_the_backward_pass_reads(build_model(resolved), steps)
    return cost, cost.activations // FLOAT, len(read)


def numbers_of_one_step(cost: ModelCost) -> int:
    """Of all recurrent layers."""
    total = 0
    for layer in cost.layers:
        if layer.recurrent:
            spec: Any = layer.spec
            total += recurrent_values(spec, 1, layer.input_shape[-1]) * (1 + spec.bidirectional)
    return total


def check_activations(values: Values) -> None:
    _, shorter_counted, shorter_read = counted_and_read(values, 3)
    cost, counted, read = counted_and_read(values, 4)
    assert counted - shorter_counted == read - shorter_read
    # The first step's state is zero and nothing may read the last one's: those are counted as if
    # they were steps like all others.
    assert abs(counted - read) <= numbers_of_one_step(cost)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(smooth_configs())
def test_every_further_step_holds_as_many_numbers_as_tensorflows_gradients_read(
    values: Values,
) -> None:
    check_activations(values)


@pytest.mark.torture
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(smooth_configs())
def test_every_further_step_of_hundreds_of_models_holds_what_tensorflows_gradients_read(
    values: Values,
) -> None:
    check_activations(values)


def translating(encoder: Values, decoder: Values, steps: int) -> Values:
    """A config whose decoder answers at so many steps."""
    return {
        "model": {
            "embedding": {"input_dim": 9, "output_dim": 3},
            "layers": [encoder, {"kind": "repeat_vector", "n": steps}, decoder],
            "head": {"units": 4},
        }
    }


@pytest.mark.parametrize(
    "cells", [("simple_rnn", "simple_rnn"), ("gru", "gru"), ("lstm", "lstm"), ("lstm", "gru")]
)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_every_further_step_of_an_encoder_and_of_a_decoder_holds_what_gradients_read(
    cells: tuple[str, str], bidirectional: bool
) -> None:
    encoder, decoder = (
        {"cell": cell, "units": 3, "bidirectional": bidirectional} for cell in cells
    )
    values = translating(encoder, decoder, 2)
    check_activations(values)
    longer = translating(encoder, decoder, 3)
    _, counted, read = counted_and_read(values, 3)
    _, longer_counted, longer_read = counted_and_read(longer, 3)
    assert longer_counted - counted == longer_read - read > 0


def test_a_layer_that_is_thawed_later_is_counted_as_keras_counts_it_before_and_after() -> None:
    frozen = {"trainable": False}
    values = {
        "model": {
            "embedding": {"input_dim": 9, "output_dim": 3, **frozen},
            "layers": [{"cell": "gru", "units": 3, **frozen, "thaw_after": 2}],
            "head": {"units": 4},
            "input_length": 4,
        }
    }
    cost, model = cost_of(resolve(config_of(values))), build_model(resolve(config_of(values)))
    sizes = [sum(weight.shape.num_elements() for weight in model.trainable_weights)]
    # The optimizer's state, and what is held for the backward pass, are those of the last epoch.
    model.layers[1].trainable = True
    sizes.append(sum(weight.shape.num_elements() for weight in model.trainable_weights))
    assert cost.trainable == sizes[0]
    assert sum(layer.optimizer_state for layer in cost.layers) == 2 * FLOAT * sizes[1]
    assert cost.layers[1].activations
    never = {**values["model"], "layers": [{"cell": "gru", "units": 3, **frozen}]}
    cost = cost_of(resolve(config_of({"model": never})))
    # The head reads the last output, and its own.
    assert [layer.activations for layer in cost.layers] == [0, 3 * FLOAT, 4 * FLOAT]
