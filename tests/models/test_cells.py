"""The recurrent cells against NumPy, written from the equations.

SimpleRNN: Elman (1990). LSTM: Hochreiter and Schmidhuber (1997) with the forget gate of Gers,
Schmidhuber and Cummins (2000). GRU: Cho et al. (2014), with the update gate the way round that
Keras has it; `reset_after` is the form of cuDNN.
"""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.build import build_model
from tests.models.small import SENTENCES, layer, small_config

CELLS = {
    "simple_rnn": {"cell": "simple_rnn"},
    "gru, reset after": {"cell": "gru", "reset_after": True},
    "gru, reset before": {"cell": "gru", "reset_after": False},
    "lstm": {"cell": "lstm"},
}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def simple_rnn(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """h_t = tanh(x_t W + h_(t-1) U + b)"""
    h = np.zeros(U.shape[0])
    outputs = []
    for x_t in x:
        h = np.tanh(x_t @ W + h @ U + b)
        outputs.append(h)
    return np.array(outputs)


def gru_reset_after(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The reset gate scales what the recurrent product gave, its own bias included."""
    b_input, b_recurrent = b if b.ndim == 2 else (b, b)
    W_z, W_r, W_h = np.split(W, 3, axis=1)
    U_z, U_r, U_h = np.split(U, 3, axis=1)
    bi_z, bi_r, bi_h = np.split(b_input, 3)
    br_z, br_r, br_h = np.split(b_recurrent, 3)
    h = np.zeros(U.shape[0])
    outputs = []
    for x_t in x:
        z = sigmoid(x_t @ W_z + bi_z + h @ U_z + br_z)
        r = sigmoid(x_t @ W_r + bi_r + h @ U_r + br_r)
        candidate = np.tanh(x_t @ W_h + bi_h + r * (h @ U_h + br_h))
        h = z * h + (1 - z) * candidate
        outputs.append(h)
    return np.array(outputs)


def gru_reset_before(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The reset gate scales the state that the recurrent product takes."""
    W_z, W_r, W_h = np.split(W, 3, axis=1)
    U_z, U_r, U_h = np.split(U, 3, axis=1)
    b_z, b_r, b_h = np.split(b, 3)
    h = np.zeros(U.shape[0])
    outputs = []
    for x_t in x:
        z = sigmoid(x_t @ W_z + h @ U_z + b_z)
        r = sigmoid(x_t @ W_r + h @ U_r + b_r)
        candidate = np.tanh(x_t @ W_h + (r * h) @ U_h + b_h)
        h = z * h + (1 - z) * candidate
        outputs.append(h)
    return np.array(outputs)


def lstm(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Input, forget and output gate around the cell state c."""
    W_i, W_f, W_c, W_o = np.split(W, 4, axis=1)
    U_i, U_f, U_c, U_o = np.split(U, 4, axis=1)
    b_i, b_f, b_c, b_o = np.split(b, 4)
    h = c = np.zeros(U.shape[0])
    outputs = []
    for x_t in x:
        i = sigmoid(x_t @ W_i + h @ U_i + b_i)
        f = sigmoid(x_t @ W_f + h @ U_f + b_f)
        o = sigmoid(x_t @ W_o + h @ U_o + b_o)
        c = f * c + i * np.tanh(x_t @ W_c + h @ U_c + b_c)
        h = o * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)


EQUATIONS = {
    "simple_rnn": simple_rnn,
    "gru, reset after": gru_reset_after,
    "gru, reset before": gru_reset_before,
    "lstm": lstm,
}


def states_of(model: Any, sentences: np.ndarray, name: str) -> np.ndarray:
    """What the recurrent layer of a model answers, taken from the model itself."""
    values = sentences
    for keras_layer in model.layers:
        values = keras_layer(values)
        if keras_layer.name == name:
            break
    return np.asarray(values)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_computes_its_equations(kind: str, use_bias: bool) -> None:
    keys = {**CELLS[kind], "use_bias": use_bias}
    model = build_model(small_config({"units": 3, **keys}, task="tag"))
    numbers = np.random.default_rng(5)
    model.set_weights([numbers.normal(0, 1, w.shape) for w in model.get_weights()])
    cell = model.get_layer(CELLS[kind]["cell"])
    W, U, *bias = (np.float64(w) for w in cell.get_weights())
    b = bias[0] if bias else np.zeros(W.shape[1])
    table = np.float64(model.get_layer("embedding").get_weights()[0])

    states = states_of(model, SENTENCES, cell.name)

    for sentence, computed in zip(SENTENCES, states, strict=True):
        words = sentence[sentence > 0]
        expected = EQUATIONS[kind](table[words], W, U, b)
        np.testing.assert_allclose(computed[: len(words)], expected, atol=1e-5)


@pytest.mark.parametrize("kind", CELLS)
def test_the_last_state_is_the_one_after_the_last_word_and_not_after_the_padding(kind: str) -> None:
    model = build_model(small_config(layer(**CELLS[kind])))
    cell = model.get_layer(CELLS[kind]["cell"])
    W, U, b = (np.float64(w) for w in cell.get_weights())
    table = np.float64(model.get_layer("embedding").get_weights()[0])

    states = states_of(model, SENTENCES, cell.name)

    for sentence, last in zip(SENTENCES, states, strict=True):
        expected = EQUATIONS[kind](table[sentence[sentence > 0]], W, U, b)[-1]
        np.testing.assert_allclose(last, expected, atol=1e-5)
