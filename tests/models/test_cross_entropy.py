"""The cross-entropy of a softmax and its gradient, against float64."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp, softmax

from rnnbuild.models import cross_entropy
from rnnbuild.models.cross_entropy import softmax_cross_entropy
from rnnbuild.models.framework import tf
from rnnbuild.models.kernels import shards

EPSILON = float(np.finfo(np.float32).eps)


def found_of(targets: Any, logits: Any, by_losses: Any) -> tuple[Any, Any, Any]:
    """Losses, correct answers, and the gradient of the losses' sum, each times `by_losses`."""
    values = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(values)
        losses, correct = softmax_cross_entropy(tf.constant(targets), values)
        total = tf.reduce_sum(losses * by_losses)
    return losses.numpy(), correct.numpy(), tape.gradient(total, values).numpy()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=2),
    st.integers(1, 70),
    st.sampled_from([0.1, 5.0, 40.0, 300.0]),
    st.integers(0, 2**32 - 1),
)
def test_losses_and_gradients_are_those_of_float64(
    shape: list[int], labels: int, spread: float, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    logits = (spread * draw.normal(size=(*shape, labels))).astype(np.float32)
    targets = draw.integers(-1, labels, shape).astype(np.int32)
    by_losses = draw.normal(size=shape).astype(np.float32)
    losses, correct, gradient = found_of(targets, logits, by_losses)

    exact, known = logits.astype(np.float64), targets >= 0
    chosen = np.maximum(targets, 0)
    behind = np.take_along_axis(exact, chosen[..., None], axis=-1)[..., 0]
    expected = np.where(known, logsumexp(exact, axis=-1) - behind, 0)
    # A few roundings of the sum of exponentials, which is at least 1, and of the differences of
    # logits, of which none is larger than twice the largest.
    widest = 2 * np.abs(exact).max(initial=1.0)
    np.testing.assert_allclose(losses, expected, rtol=4 * EPSILON, atol=8 * EPSILON * widest)

    slopes = softmax(exact, axis=-1) - (np.arange(labels) == chosen[..., None])
    slopes = slopes * (by_losses * known)[..., None]
    scale = np.abs(by_losses)[..., None] * np.ones(labels)
    assert (np.abs(gradient - slopes) <= 4 * EPSILON * widest * scale).all()
    np.testing.assert_array_equal(correct, (logits.argmax(axis=-1) == targets) & known)


def test_of_equal_logits_the_first_is_the_answer() -> None:
    logits = np.zeros((3, 20), np.float32)
    _, correct, _ = found_of(np.arange(3, dtype=np.int32), logits, np.ones(3, np.float32))
    assert correct.tolist() == [1, 0, 0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_reaches_the_loss(bad: float) -> None:
    logits = np.zeros((2, 20), np.float32)
    logits[1, 3] = bad
    losses, _, _ = found_of(np.array([1, 1], np.int32), logits, np.ones(2, np.float32))
    assert np.isfinite(losses).tolist() == [True, False]


def test_the_bits_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(1)
    logits = draw.normal(size=(50, 33)).astype(np.float32)
    targets, by_losses = draw.integers(0, 33, 50).astype(np.int32), np.ones(50, np.float32)
    monkeypatch.setattr(cross_entropy, "LOGITS_OF_TASK", 1)
    found = []
    for processors in (1, 3):
        monkeypatch.setattr(shards, "processors", lambda count=processors: count)
        shards._pool.cache_clear()
        found.append(found_of(targets, logits, by_losses))
    shards._pool.cache_clear()
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
