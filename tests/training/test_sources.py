"""Training with weights outside their variables: Keras' steps, and resumed to the bit."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.data.examples.batches import Batch, make_batch
from rnnbuild.models import large_embedding
from rnnbuild.models.descent import Variable
from rnnbuild.models.held_layer import HeldLayer
from rnnbuild.models.large_embedding import LargeEmbedding
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.progress.checkpoint import Arrays, Checkpoint, restore, variables_of
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.session import Session, session_of
from tests.models import float64_adam
from tests.training.small_runs import (
    assert_same_run,
    prepared_with,
    resume_here,
    train_here,
    values_with,
)

State = tuple[np.ndarray, ...]
"""A weight and its moments."""

# Every row that a step reads, over two epochs; early stopping and evaluations between.
VALUES: dict[str, Any] = values_with(
    gradient_accumulation_steps=None, epochs=2, optimizer={"name": "adam", "learning_rate": 0.01}
)


@pytest.fixture(autouse=True)
def every_embedding_is_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(large_embedding, "PAYS_FROM", 0)
    yield


def session_of_values(**training: Any) -> Session:
    _, prepared = prepared_with({**VALUES, "training": {**VALUES["training"], **training}})
    return session_of(prepared)


def batches(session: Session, steps: int) -> list[Batch]:
    """Of the first steps of a run."""
    train = session.prepared.data.train
    plan = epoch_plan(train, session.prepared.resolved.config.training, 0)
    return [make_batch(train, rows) for (rows,) in islice(plan, steps)]


def session_after(steps: int) -> Session:
    session = session_of_values()
    for batch in batches(session, steps):
        session.train_step([batch])
    return session


def arrays_of(session: Session) -> Arrays:
    variables = variables_of(session)
    return {name: np.array(variable.numpy()) for name, variable in variables.items()}


def states(session: Session) -> list[State]:
    variables = session.model.trainable_variables
    return [
        float64_adam.state_of(session.optimizer, variables, place)
        for place in range(len(variables))
    ]


def test_each_step_is_keras_step_from_the_same_state() -> None:
    # Not the weights after eight steps: a gradient near zero has few correct digits, and Adam
    # makes of it a step as long as any.
    ours, theirs = session_of_values(speed="kernels"), session_of_values(speed="keras")
    assert {type(one) for one in ours.sources} == {LargeEmbedding, HeldLayer, Variable}
    assert {type(one) for one in theirs.sources} == {Variable}
    optimizer = theirs.optimizer
    for number, batch in enumerate(batches(theirs, 8), 1):
        start, before = arrays_of(theirs), states(theirs)
        restore(Checkpoint(Path(), TrainingState(), start), ours)
        for session in (ours, theirs):
            session.train_step([batch])
        for one, other, held in zip(states(ours), states(theirs), before, strict=True):
            assert_same_moments(one, other, held, batch, optimizer)
            # Each weight moves as its own moments say, to the last digits.
            for weight, first, second in (one, other):
                moments = float64_adam.exactly(held[0], first, second)
                rate = float(optimizer.learning_rate.numpy())
                expected = float64_adam.moved(moments, number, rate, optimizer)
                float64_adam.assert_within((weight, first, second), expected)


def assert_same_moments(one: State, other: State, before: State, batch: Batch, adam: Any) -> None:
    """Moments that differ by what the order of a gradient's sum may change."""
    (_, first, second), (_, old_first, old_second) = other, before
    gradient = (first - adam.beta_1 * old_first) / (1 - adam.beta_1)
    largest, roundoff = float(np.abs(gradient).max()), float64_adam.ROUNDOFF
    # A gradient is summed over rows and steps: a rounding for each, relative to the largest sum.
    by_order = batch.inputs.size * roundoff
    few = 4 * roundoff
    # It enters the first moment by 1 - beta_1, its square the second by 1 - beta_2.
    atol = (1 - adam.beta_1) * by_order * largest + few * np.abs(old_first).max()
    np.testing.assert_allclose(one[1], first, rtol=few, atol=atol)
    # TensorFlow's operation rounds beta_2 where the kernels, as Keras, round 1 - beta_2.
    share = (1 - adam.beta_2) * 2 * by_order + roundoff
    atol = share * (largest**2 + old_second.max())
    np.testing.assert_allclose(one[2], second, rtol=few, atol=atol)


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
    assert not sums.finite
    assert np.array_equal(session.model.weights[0].numpy(), before)


def test_whatever_is_asked_of_a_session_has_the_table_after_all_steps() -> None:
    settled = session_after(3).model.weights[0].numpy()
    for ask in ("model", "optimizer", "forward"):
        session = session_of_values()
        table = session.model.weights[0]
        for batch in batches(session, 3):
            session.train_step([batch])
        assert not np.array_equal(table.numpy(), settled)  # the table is outside its variable
        getattr(session, ask)
        assert np.array_equal(table.numpy(), settled), ask
