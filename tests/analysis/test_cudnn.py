"""Which layers take cuDNN's kernels, against Keras' own decision."""

from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.analysis import cudnn
from rnnbuild.analysis.cudnn import layers_without_cudnn, notes_on_cudnn, why_not_cudnn
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.framework import keras
from tests.models.small import layer, small_config


def spec_of(resolved: ResolvedConfig) -> RecurrentArguments:
    (found,) = (one.spec for one in resolved.stack if isinstance(one.spec, RecurrentArguments))
    return found


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_it_is_keras_own_decision(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rnn = import_module("keras.src.backend.tensorflow.rnn")

    monkeypatch.setattr(rnn, "_is_gpu_available", lambda: True)
    resets: tuple[Any, ...] = (True, False) if cell == "gru" else (None,)
    for activation, gate, bias, reset in product(
        ("tanh", "relu"), ("sigmoid", "hard_sigmoid"), (True, False), resets
    ):
        keys: dict[str, Any] = {
            "activation": activation,
            "recurrent_activation": gate,
            "use_bias": bias,
        }
        if reset is not None:
            keys["reset_after"] = reset
        decided = rnn.cudnn_ok(
            keras.activations.get(activation),
            keras.activations.get(gate),
            unroll=False,
            use_bias=bias,
            reset_after=reset,
        )
        assert (why_not_cudnn(spec_of(small_config(layer(cell, **keys)))) == ()) == decided, keys


def test_dropout_of_the_state_and_a_plain_cell_prevent_it() -> None:
    config = small_config(layer("simple_rnn"), layer("lstm", recurrent_dropout=0.2), layer("gru"))
    assert layers_without_cudnn(config) == {
        "simple_rnn": ("cell",),
        "lstm": ("recurrent_dropout",),
    }


def test_it_is_said_where_there_is_a_gpu_and_it_is_not_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = small_config(layer("gru", reset_after=False))
    monkeypatch.setattr(cudnn, "DEVICES", (tmp_path / "none",))
    assert notes_on_cudnn(config) == []
    monkeypatch.setattr(cudnn, "DEVICES", (tmp_path,))
    (note,) = notes_on_cudnn(config)
    assert "`gru`" in note
    assert "`reset_after`" in note
    aside = small_config(layer("gru", reset_after=False), training={"device": "cpu"})
    assert notes_on_cudnn(aside) == []
