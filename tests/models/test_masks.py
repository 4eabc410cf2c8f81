"""Padding changes nothing: the mask goes from the embedding to the last layer, loss and metrics.

keras 3.15 carries it through every layer that a config can name. The sources of keras 3.16 set
`supports_masking = False` in RNN, Bidirectional and TimeDistributed: the mask then ends at the
first recurrent layer with a warning, and every later layer, the loss and the metrics silently
count padding. Such a release fails here, in every test.
"""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras
from rnnbuild.models.losses import loss_of
from tests.models.small import SENTENCES, layer, padded, small_config
from tests.strategies import configs

REAL = SENTENCES > 0
CELLS = [
    layer(cell, bidirectional=bidirectional)
    for cell in ("simple_rnn", "gru", "lstm")
    for bidirectional in (False, True)
]
BETWEEN = [
    {"kind": "layer_normalization"},
    {"kind": "batch_normalization"},
    {"kind": "dense", "units": 4, "activation": "tanh"},
    {"kind": "spatial_dropout", "rate": 0.5},
    {"kind": "step_dropout", "rate": 0.5},
    {"kind": "dropout", "rate": 0.5},
]
ROUNDOFF = 2.0**-24
HEADS = [{"units": 1}, {"units": 3}, {"units": 3, "activation": "sigmoid", "hidden": [4]}]


def assert_padding_is_inert(resolved: ResolvedConfig, sentences: np.ndarray) -> None:
    """The same answers without padding, sentence by sentence, and with more of it."""
    model = build_model(resolved)
    expected = np.asarray(model(sentences))
    # A translation has as many steps as its decoder has, whatever the input's are.
    per_step = resolved.task == "tag"
    steps = sentences.shape[1]
    for more in (1, 4):
        got = np.asarray(model(padded(sentences, more)))
        got = got[:, :steps] if per_step else got
        real = (sentences > 0) if per_step else np.ones(len(got), bool)
        # Probabilities: a product of another shape may sum its few terms in another order.
        np.testing.assert_allclose(got[real], expected[real], rtol=0, atol=16 * ROUNDOFF)
    for sentence, whole in zip(sentences, expected, strict=True):
        words = sentence[sentence > 0]
        alone = np.asarray(model(words[np.newaxis]))[0]
        whole = whole[: len(words)] if per_step else whole
        np.testing.assert_allclose(alone, whole, rtol=0, atol=16 * ROUNDOFF)


@pytest.mark.parametrize("ending", ["last", "mean", "max", "attention", "tag"])
@pytest.mark.parametrize("spec", CELLS, ids=lambda s: f"{s['cell']}-{s['bidirectional']}")
def test_no_amount_of_padding_changes_an_answer(spec: dict[str, Any], ending: str) -> None:
    sections = {"task": "tag"} if ending == "tag" else {"pooling": ending}
    deep = small_config(spec, *BETWEEN, spec, head=HEADS[2], **sections)
    assert_padding_is_inert(deep, SENTENCES)


@pytest.mark.parametrize("head", HEADS, ids=str)
@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_no_amount_of_padding_changes_what_a_layer_reads_backwards(
    cell: str, head: dict[str, Any]
) -> None:
    resolved = small_config(layer(cell), layer(cell, go_backwards=True), head=head)
    assert_padding_is_inert(resolved, SENTENCES)


def drawn_sentences(vocabulary: int, steps: int, seed: int) -> np.ndarray:
    """Three sentences of 1 to `steps` words, one of them as long as can be."""
    numbers = np.random.default_rng(seed)
    lengths = np.array([steps, *numbers.integers(1, steps + 1, size=2)])
    ids = numbers.integers(1, vocabulary, size=(3, steps))
    return np.where(np.arange(steps) < lengths[:, np.newaxis], ids, 0).astype(np.int32)


def assert_any_config_ignores_padding(values: dict[str, Any], seed: int) -> None:
    resolved = resolve(config_of(values))
    sentences = drawn_sentences(
        resolved.config.model.embedding.input_dim, resolved.input_length, seed
    )
    assert_padding_is_inert(resolved, sentences)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(configs(), st.integers(0, 99))
def test_whatever_the_config_padding_changes_no_answer(values: dict[str, Any], seed: int) -> None:
    assert_any_config_ignores_padding(values, seed)


@pytest.mark.torture
@settings(max_examples=400, deadline=None)
@given(configs(), st.integers(0, 99))
def test_whatever_the_config_padding_changes_no_answer_at_length(
    values: dict[str, Any], seed: int
) -> None:
    assert_any_config_ignores_padding(values, seed)


def test_batch_normalization_learns_its_statistics_from_real_steps_only() -> None:
    resolved = small_config(layer("gru"), {"kind": "batch_normalization"}, task="tag")
    statistics = []
    for sentences in (SENTENCES, padded(SENTENCES, 5)):
        model = build_model(resolved)
        model(sentences, training=True)
        normalization = model.get_layer("batch_normalization")
        statistics.append(
            [normalization.moving_mean.numpy(), normalization.moving_variance.numpy()]
        )
    assert not np.allclose(statistics[0][0], 0)
    np.testing.assert_allclose(statistics[0], statistics[1], atol=1e-6)


@pytest.mark.parametrize("spec", CELLS, ids=lambda s: f"{s['cell']}-{s['bidirectional']}")
def test_the_mask_reaches_the_last_layer_the_loss_and_the_metrics(spec: dict[str, Any]) -> None:
    resolved = small_config(spec, *BETWEEN, spec, task="tag")
    targets = np.where(REAL, np.roll(SENTENCES, 1) % 3, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # "... does not support masking" is one
        model = build_model(resolved)
        outputs = model(SENTENCES)
        losses = loss_of(resolved)(targets, outputs)
        accuracy = keras.metrics.SparseCategoricalAccuracy()
        accuracy.update_state(targets, outputs)

    assert np.array_equal(outputs._keras_mask, REAL)
    chosen = np.take_along_axis(np.asarray(outputs), targets[..., np.newaxis], -1)[..., 0]
    np.testing.assert_allclose(losses, np.where(REAL, -np.log(chosen), 0), atol=1e-5)
    right = np.argmax(outputs, axis=-1) == targets
    assert np.isclose(accuracy.result(), right[REAL].mean())
