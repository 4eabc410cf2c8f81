"""Training with a large embedding outside its variables: Keras' run, and resumed to the bit."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.models import large_embedding
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.session import Session, session_of
from tests.training.small_runs import (
    assert_same_run,
    prepared_with,
    resume_here,
    train_here,
    values_with,
)

# Every row that a step reads, over two epochs; early stopping and evaluations between.
VALUES: dict[str, Any] = values_with(
    gradient_accumulation_steps=None, epochs=2, optimizer={"name": "adam", "learning_rate": 0.01}
)


@pytest.fixture(autouse=True)
def every_embedding_is_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(large_embedding, "PAYS_FROM", 0)
    yield


def session_after(steps: int, **training: Any) -> Session:
    _, prepared = prepared_with({**VALUES, "training": {**VALUES["training"], **training}})
    session, train = session_of(prepared), prepared.data.train
    for rows in islice(epoch_plan(train, prepared.resolved.config.training, 0), steps):
        session.train_step(make_batch(train, one) for one in rows)
    session.settle()
    return session


def test_training_is_as_by_keras() -> None:
    session, by_keras = (session_after(8, speed=speed) for speed in ("kernels", "keras"))
    assert session.embedding is not None
    assert by_keras.embedding is None
    for model in zip(session.model.weights, by_keras.model.weights, strict=True):
        got, expected = (weight.numpy() for weight in model)
        np.testing.assert_allclose(got, expected, rtol=2e-3, atol=2e-5)


def test_a_run_stopped_within_an_epoch_goes_on_to_the_bit(tmp_path: Path) -> None:
    whole = train_here(tmp_path / "whole", VALUES)
    # Saved after each step, or only at the ends of epochs: when changes nothing.
    rarely = {**VALUES, "training": {**VALUES["training"], "checkpoint_minutes": 1000}}
    train_here(tmp_path / "cut", {**rarely, "training": {**rarely["training"], "steps": 6}})
    resume_here(tmp_path / "cut", rarely, accept_changes=True)
    assert_same_run(tmp_path / "cut", whole.run.path)


def test_a_step_that_is_not_finite_leaves_the_table_as_it_was() -> None:
    session = session_after(3)
    before = session.model.weights[0].numpy().copy()
    session.model.trainable_variables[-1].assign([np.inf] * 3)
    train = session.prepared.data.train
    sums = session.train_step([make_batch(train, np.arange(16))])
    session.settle()
    assert not sums.finite
    assert np.array_equal(session.model.weights[0].numpy(), before)
