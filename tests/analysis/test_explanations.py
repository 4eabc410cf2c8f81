"""The printed arithmetic is computed, and the printed equations are run against Keras."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from rnnbuild.analysis.alternatives import alternatives
from rnnbuild.analysis.cells import CELLS, cell_of
from rnnbuild.analysis.cost import cost_of
from rnnbuild.analysis.equations import weight_names
from rnnbuild.analysis.explanations import EXPLANATIONS, explanations
from rnnbuild.analysis.layers import COSTS
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras
from tests.models.small import SENTENCES, layer, small_config
from tests.strategies import Values, configs


def computed(arithmetic: str) -> int:
    assert re.fullmatch(r"[\d()+·]+", arithmetic), arithmetic
    return int(eval(arithmetic.replace("·", "*")))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs())
def test_the_arithmetic_of_every_layer_gives_its_counts(values: Values) -> None:
    for cost, explanation in explanations(resolve(config_of(values))):
        assert computed(explanation.parameters) == cost.parameters, cost.name
        assert computed(explanation.multiply_adds) == cost.multiply_adds, cost.name


def test_an_lstms_count_is_written_as_people_write_it() -> None:
    resolved = small_config(layer("lstm", units=64), embedding={"input_dim": 9, "output_dim": 64})
    (_, lstm, _) = explanations(resolved)
    assert lstm[1].parameters == "4·(64·(64+64)+64)"
    assert computed(lstm[1].parameters) == 33_024


def test_every_kind_of_layer_that_is_counted_is_explained() -> None:
    assert EXPLANATIONS.keys() == COSTS.keys()


# The printed text as Python: names as they are (NFKC makes `h̃` an identifier), signs replaced.
SIGNS = {"·": "@", "⊙": "*", "′": "_before", "−": "-", "√": "np.sqrt"}


def as_python(equation: str) -> str:
    for sign, python in SIGNS.items():
        equation = equation.replace(sign, python)
    return equation


def activations() -> dict[str, Any]:
    names = ("tanh", "sigmoid", "relu", "hard_sigmoid", "gelu")
    return {
        name: lambda x, name=name: np.asarray(getattr(keras.activations, name)(x)) for name in names
    }


def run(equations: list[str], weights: dict[str, Any], x: np.ndarray, units: int) -> np.ndarray:
    """The state h after every step of a sentence, from the equations as they are printed."""
    names = {**weights, **activations(), "np": np}
    for state in ("h", "c"):
        names[state] = np.zeros(units, "float32")
    outputs = []
    for x_t in x:
        names |= {"x": x_t, "h_before": names["h"], "c_before": names["c"]}
        for equation in equations:
            exec(as_python(equation), names)
        outputs.append(names["h"])
    return np.array(outputs)


def weights_by_name(spec: Any, cell: Any, values: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Keras' kernels cut into the blocks that the equations name."""
    kernel, recurrent, *bias = values
    letters = {"W": kernel, "U": recurrent}
    if bias:
        rows = np.atleast_2d(bias[0])
        letters |= dict(zip("bd", rows, strict=False))
    named: dict[str, np.ndarray] = {}
    for letter, matrix in letters.items():
        names = weight_names(cell, letter)
        named |= dict(zip(names, np.split(matrix, len(names), axis=-1), strict=True))
    return named


KEYS: tuple[dict[str, Any], ...] = (
    {},
    {"use_bias": False},
    {"activation": "linear"},
    {"activation": "relu"},
)
GATED = {"recurrent_activation": "hard_sigmoid"}
LAYERS = [
    *(layer("simple_rnn", **keys) for keys in KEYS),
    *(layer("gru", **keys) for keys in (*KEYS, GATED)),
    *(layer("gru", reset_after=False, **keys) for keys in (*KEYS, GATED)),
    *(layer("lstm", **keys) for keys in (*KEYS, GATED)),
]


def with_random_weights(model: Any) -> Any:
    numbers = np.random.default_rng(7)
    model.set_weights([numbers.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return model


@pytest.mark.parametrize("spec", LAYERS, ids=str)
def test_the_printed_equations_compute_what_keras_computes(spec: dict[str, Any]) -> None:
    resolved = small_config(spec, task="tag")
    model = with_random_weights(build_model(resolved))
    embedding, recurrent = model.layers[:2]
    sentence = SENTENCES[:1]
    read = embedding(sentence)
    cost, explanation = explanations(resolved)[1]
    cell = cell_of(cost.spec)  # type: ignore[arg-type]

    weights = weights_by_name(cost.spec, cell, recurrent.get_weights())
    states = run([e.text for e in explanation.equations], weights, np.asarray(read)[0], 3)

    np.testing.assert_allclose(states, np.asarray(recurrent(read))[0], atol=2e-5)


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "dense", "units": 2, "activation": "gelu"},
        {"kind": "dense", "units": 2, "use_bias": False},
        {"kind": "layer_normalization"},
        {"kind": "layer_normalization", "scale": False},
        {"kind": "batch_normalization", "epsilon": 0.1},
        {"kind": "batch_normalization", "center": False},
    ],
    ids=str,
)
def test_the_printed_equation_of_a_layer_between_computes_what_keras_computes(
    spec: dict[str, Any],
) -> None:
    resolved = small_config(layer("gru"), spec, task="tag")
    model = with_random_weights(build_model(resolved))
    between = model.layers[2]
    x = np.random.default_rng(2).normal(size=(1, 4, 3)).astype("float32")
    stored = {
        w.name: np.abs(w.numpy()) if "variance" in w.name else w.numpy() for w in between.weights
    }
    between.set_weights([stored[w.name] for w in between.weights])
    names: dict[str, Any] = {
        **activations(),
        "np": np,
        "x": x,
        "W": stored.get("kernel"),
        "b": stored.get("bias"),
        "γ": stored.get("gamma"),
        "β": stored.get("beta"),
        "μ": stored.get("moving_mean", x.mean(-1, keepdims=True)),
        "v": stored.get("moving_variance", x.var(-1, keepdims=True)),
    }
    _, explanation = explanations(resolved)[2]

    exec(as_python(explanation.equations[0].text), names)

    np.testing.assert_allclose(names["y"], np.asarray(between(x)), atol=2e-5)


def recurrent_parameters(resolved: ResolvedConfig) -> int:
    return sum(layer.count_params() for layer in build_model(resolved).layers[1:-1])


@pytest.mark.parametrize("number", range(len(CELLS)))
def test_a_cell_in_place_of_anothers_costs_what_keras_builds(number: int) -> None:
    specs = [
        {"cell": "simple_rnn"},
        {"cell": "gru"},
        {"cell": "gru", "reset_after": False},
        {"cell": "lstm"},
    ]
    shape = {"units": 4, "bidirectional": True}
    other = small_config({"cell": "lstm", **shape}, {"cell": "gru", "units": 3})
    own = small_config({**specs[number], **shape}, {**specs[number], "units": 3})
    found = alternatives(cost_of(other))[number]
    assert found.parameters == recurrent_parameters(own)
    assert found.multiply_adds == sum(
        cost.multiply_adds for cost in cost_of(own).layers if cost.recurrent
    )


def notes_of(*layers: dict[str, Any]) -> str:
    return " ".join(
        note for _, explanation in explanations(small_config(*layers)) for note in explanation.notes
    )


def test_a_bidirectional_layer_says_with_figures_that_the_total_does_not_double() -> None:
    resolved = resolve(
        config_of(
            {
                "name": "classic",
                "model": {
                    "embedding": {"input_dim": 50, "output_dim": 10},
                    "input_length": 50,
                    "layers": [{"cell": "simple_rnn", "units": 5, "bidirectional": True}],
                    "head": {"units": 1},
                },
            }
        )
    )
    text = " ".join(explanations(resolved)[1][1].notes)
    assert "160 parameters instead of 80" in text
    assert "11 parameters instead of 6" in text
    assert "671 instead of 586" in text


def test_a_merge_mode_that_keeps_the_width_says_that_nothing_follows_from_it() -> None:
    text = notes_of(layer("gru", bidirectional=True, merge_mode="sum"))
    assert "what follows stays as it is" in text


def test_a_gru_names_its_convention_and_the_textbooks() -> None:
    text = notes_of(layer("gru"))
    assert "h = z ⊙ h′ + (1 − z) ⊙ h̃" in text
    assert "h = (1 − z) ⊙ h′ + z ⊙ h̃" in text
    assert "3·(3·(4+3)+3) = 72" in text


def test_a_textbook_gru_says_what_keras_default_would_count() -> None:
    assert "3·(3·(4+3)+2·3) = 81" in notes_of(layer("gru", reset_after=False))


def test_a_frozen_layer_says_for_how_long_it_is_frozen() -> None:
    frozen = {"trainable": False}
    resolved = small_config(
        layer("gru", **frozen, thaw_after=2), {"kind": "batch_normalization", **frozen}
    )
    notes = {cost.name: explanation.notes for cost, explanation in explanations(resolved)}
    assert notes["gru"][-1] == (
        "`trainable: false`: its weights stay as they start. `thaw_after: 2`: from epoch 3 on it "
        "is trained."
    )
    assert notes["batch_normalization"][-1] == (
        "`trainable: false`: its weights stay as they start, and it computes with its running "
        "averages in training too."
    )
    assert not any("trainable" in note for note in notes["head"])
