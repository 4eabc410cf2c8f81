"""Recurrent layers of Keras and rows for them, for the tests of the kernels."""

from typing import Any

import numpy as np

from rnnbuild.models.framework import keras, tf

CELLS = ("SimpleRNN", "GRU", "LSTM")


def layer_of(cell: str, units: int, bidirectional: bool, **arguments: Any) -> Any:
    make = getattr(keras.layers, cell)
    # Biases that are not zero, so that forgetting one shows.
    given: dict[str, Any] = {"bias_initializer": "random_normal"} | arguments
    if not given.get("use_bias", True):
        del given["bias_initializer"]
    if not bidirectional:
        return make(units, seed=1, **given)
    merge = given.pop("merge_mode", "concat")
    return keras.layers.Bidirectional(
        make(units, seed=1, **given),
        merge_mode=merge,
        backward_layer=make(units, seed=2, go_backwards=True, **given),
    )


def some_rows(rows: int, steps: int, width: int) -> tuple[Any, Any]:
    draw = np.random.default_rng(3)
    values = draw.normal(size=(rows, steps, width)).astype(np.float32)
    return tf.constant(values), tf.constant(draw.integers(1, steps + 1, rows), tf.int32)
