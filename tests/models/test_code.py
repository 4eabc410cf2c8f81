"""The printed script, run in plain Keras, against the model that the builder makes."""

import ast
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.build import build_model
from rnnbuild.models.code import script_of
from tests.models.small import SENTENCES, layer, small_config
from tests.strategies import Values, configs


def model_of(script: str) -> Any:
    namespace = {"__name__": "script"}
    exec(compile(script, "script.py", "exec"), namespace)
    return namespace["model"]


def assert_same_model(resolved: ResolvedConfig, ids: np.ndarray) -> None:
    built, printed = build_model(resolved), model_of(script_of(resolved))
    assert [found.name for found in printed.layers] == [found.name for found in built.layers]
    for expected, found in zip(built.weights, printed.weights, strict=True):
        assert found.path == expected.path
        np.testing.assert_array_equal(found.numpy(), expected.numpy(), err_msg=expected.path)
    # Other weights than the first ones, so that also what starts at zero has its effect.
    numbers = np.random.default_rng(3)
    weights = [numbers.uniform(0.1, 0.9, w.shape) for w in built.get_weights()]
    built.set_weights(weights)
    printed.set_weights(weights)
    np.testing.assert_array_equal(printed(ids).numpy(), built(ids).numpy())
    assert printed.get_config()["layers"] == built.get_config()["layers"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), st.integers(0, 2**31))
def test_the_script_of_any_model_makes_the_same_model_with_the_same_weights(
    values: Values, seed: int
) -> None:
    training = {**values.get("training", {}), "seed": seed}
    resolved = resolve(config_of({**values, "training": training}))
    assert_same_model(resolved, np.array([[1, 0], [1, 1]]))


def test_the_script_of_stacked_bidirectional_layers_gives_the_same_answers() -> None:
    spec = layer("lstm", bidirectional=True, dropout=0.2, kernel_regularizer="l2")
    resolved = small_config(spec, {"kind": "spatial_dropout", "rate": 0.3}, spec, pooling="mean")
    assert_same_model(resolved, SENTENCES)


def test_the_script_drops_steps_by_the_shape_of_keras_noise() -> None:
    resolved = small_config({"kind": "step_dropout", "rate": 0.3}, layer("gru"))
    assert "layers.Dropout(rate=0.3, noise_shape=(None, None, 1)," in " ".join(
        script_of(resolved).split()
    ).replace("( ", "(")
    assert_same_model(resolved, SENTENCES)


@pytest.mark.parametrize(
    ("key", "chosen"),
    [
        ("kernel_constraint", {"name": "max_norm", "max_value": 1.5, "axis": 1}),
        (
            "kernel_constraint",
            {"name": "min_max_norm", "min_value": 0.2, "max_value": 1.5, "rate": 0.5, "axis": 1},
        ),
        ("kernel_constraint", {"name": "unit_norm", "axis": 1}),
        ("kernel_constraint", {"name": "non_neg"}),
        ("kernel_regularizer", {"name": "l1", "l1": 0.02}),
        ("kernel_regularizer", {"name": "l2", "l2": 0.02}),
        ("kernel_regularizer", {"name": "l1l2", "l1": 0.02, "l2": 0.03}),
        (
            "kernel_regularizer",
            {"name": "orthogonal_regularizer", "factor": 0.02, "mode": "columns"},
        ),
        ("kernel_initializer", {"name": "constant", "value": 0.3}),
        ("kernel_initializer", {"name": "random_normal", "mean": 0.1, "stddev": 0.2}),
        ("kernel_initializer", {"name": "truncated_normal", "mean": 0.1, "stddev": 0.2}),
        ("kernel_initializer", {"name": "uniform", "minval": -0.2, "maxval": 0.3}),
        (
            "kernel_initializer",
            {
                "name": "variance_scaling",
                "scale": 2.0,
                "mode": "fan_avg",
                "distribution": "uniform",
            },
        ),
        ("recurrent_initializer", {"name": "orthogonal", "gain": 0.7}),
        ("recurrent_initializer", {"name": "identity", "gain": 0.7}),
    ],
    ids=lambda value: value if isinstance(value, str) else value["name"],
)
def test_the_script_gives_every_argument_of_what_keras_knows_by_name(
    key: str, chosen: Values
) -> None:
    assert_same_model(small_config(layer("gru", **{key: chosen})), SENTENCES)


@pytest.mark.parametrize("pooling", ["max", "attention"])
def test_the_script_of_a_pooling_of_rnnbuilds_own_says_so_and_imports_it(pooling: str) -> None:
    resolved = small_config(layer("gru", bidirectional=True), pooling=pooling)
    script = script_of(resolved)
    assert "\nKeras and a layer of rnnbuild's, written by" in script
    assert "\nfrom rnnbuild.models import pooling\n" in script
    assert_same_model(resolved, SENTENCES)


def test_the_script_names_nothing_but_keras() -> None:
    tree = ast.parse(script_of(small_config(layer("gru"))))
    imported = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert set(imported) == {"keras"}


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs())
def test_no_line_of_a_script_is_longer_than_editors_expect(values: Values) -> None:
    script = script_of(resolve(config_of(values)))
    assert max(len(line) for line in script.splitlines()) <= 88
    assert not any(line != line.rstrip() for line in script.splitlines())


def test_arguments_that_keras_takes_by_itself_are_not_printed() -> None:
    script = script_of(small_config(layer("lstm")))
    assert "unit_forget_bias" not in script
    assert "recurrent_activation" not in script


def test_a_name_is_printed_as_the_text_it_is() -> None:
    resolved = small_config(layer("gru"), name="my.model-2_x")
    assert model_of(script_of(resolved)).name == build_model(resolved).name


def test_writing_a_script_needs_no_keras() -> None:
    import subprocess

    program = (
        "import sys; from rnnbuild.config.load import load_config;"
        "from rnnbuild.config.resolve import resolve; from rnnbuild.models.code import script_of;"
        "script_of(resolve(load_config('classic'))); print('keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_the_script_of_a_language_model_says_how_its_state_is_carried_on() -> None:
    values = {
        "task": "language-model",
        "model": {
            "embedding": {"input_dim": 9, "output_dim": 3},
            "input_length": 64,
            "layers": [{"cell": "gru", "units": 4}],
        },
    }
    resolved = resolve(config_of(values))
    script = script_of(resolved)
    assert "# 64 steps that follow one another" in script
    assert max(map(len, script.splitlines())) <= 88
    assert_same_model(resolved, SENTENCES)


def test_the_script_of_frozen_layers_freezes_them_and_says_when_they_thaw() -> None:
    frozen = {"trainable": False}
    resolved = small_config(
        layer("lstm", bidirectional=True, thaw_after=2, **frozen),
        {"kind": "batch_normalization", **frozen},
        layer("gru"),
    )
    script = script_of(resolved)
    assert (
        "# After 2 epochs rnnbuild trains `bidirectional_lstm` too:\n"
        '# `model.get_layer("bidirectional_lstm").trainable = True`, and `model.compile` again.\n'
    ) in script
    assert_same_model(resolved, SENTENCES)
    model = model_of(script)
    trained = [layer.name for layer in model.layers if layer.trainable_weights]
    assert trained == ["embedding", "gru", "head"]
    model.get_layer("bidirectional_lstm").trainable = True
    assert len(model.get_layer("bidirectional_lstm").trainable_weights) == 6
