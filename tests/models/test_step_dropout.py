"""`step_dropout` against what dropping whole steps is, in NumPy."""

import numpy as np

from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_pass_of
from rnnbuild.models.framework import keras
from tests.models.small import layer, small_config

RATE = 0.25
CONFIG = small_config({"kind": "step_dropout", "rate": RATE}, layer("gru"))


def test_a_step_is_dropped_with_all_its_features_and_the_others_are_scaled_up() -> None:
    dropout = build_model(CONFIG).get_layer("step_dropout")
    numbers = np.random.default_rng(1).normal(size=(64, 50, 6)).astype(np.float32)
    got = np.asarray(dropout(numbers, training=True))
    kept = got[:, :, 0] != 0
    np.testing.assert_allclose(got, numbers * kept[:, :, np.newaxis] / (1 - RATE), rtol=1e-6)
    # 3,200 draws: six standard deviations of their share are 0.046.
    assert abs(kept.mean() - (1 - RATE)) < 0.046
    # Each text, and each place in it, on its own.
    assert not np.array_equal(kept[0], kept[1]) and 0 < kept[:, 0].mean() < 1
    np.testing.assert_array_equal(dropout(numbers, training=False), numbers)


def test_what_is_dropped_in_training_is_the_same_with_kernels_and_by_keras() -> None:
    """The layer drops whole words, and a word that is dropped is still no padding."""
    sentences = np.array([[2, 3, 4, 5, 6, 7], [7, 8, 3, 2, 0, 0]], np.int32)
    outputs = []
    for fused in (False, True):
        model = build_model(CONFIG)
        outputs.append(np.asarray(forward_pass_of(model, fused)(keras.ops.array(sentences), True)))
    np.testing.assert_allclose(outputs[0], outputs[1], atol=1e-6)
