"""Learning rates are those of Keras' own schedules and callbacks of the same name."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.training import (
    ConstantSchedule,
    CosineSchedule,
    PlateauSchedule,
    StepSchedule,
)
from rnnbuild.models.framework import keras
from rnnbuild.training.progress.schedule import depends_on_end, notice_plateau, scheduled_rate
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.watched import Watched

BASE = 0.02


@pytest.mark.parametrize(("warmup", "alpha"), [(0, 0.0), (5, 0.0), (5, 0.1)])
def test_cosine_is_keras_cosine_decay(warmup: int, alpha: float) -> None:
    schedule = CosineSchedule(name="cosine", decay_steps=20, alpha=alpha, warmup_steps=warmup)
    authority = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else BASE,
        20,
        alpha=alpha,
        warmup_target=BASE if warmup else None,
        warmup_steps=warmup,
    )
    for step in range(30):
        expected = float(authority(step))
        assert scheduled_rate(schedule, BASE, step, 1000) == pytest.approx(expected, abs=1e-8)


def test_cosine_without_decay_steps_falls_to_alpha_as_the_run_ends() -> None:
    schedule = CosineSchedule(name="cosine", alpha=0.25, warmup_steps=4)
    assert scheduled_rate(schedule, BASE, 4, 24) == BASE
    assert scheduled_rate(schedule, BASE, 14, 24) == pytest.approx(BASE * (1 + 0.25) / 2)
    assert scheduled_rate(schedule, BASE, 24, 24) == pytest.approx(BASE * 0.25)
    assert depends_on_end(schedule)
    assert not depends_on_end(CosineSchedule(name="cosine", decay_steps=9))


def test_step_is_keras_exponential_decay_in_stairs() -> None:
    schedule = StepSchedule(name="step", decay_steps=7, decay_rate=0.3)
    authority = keras.optimizers.schedules.ExponentialDecay(BASE, 7, 0.3, staircase=True)
    for step in range(30):
        assert scheduled_rate(schedule, BASE, step, 30) == pytest.approx(float(authority(step)))


def test_a_warm_up_is_a_straight_line_to_the_full_rate() -> None:
    schedule = ConstantSchedule(name="constant", warmup_steps=4)
    rates = [scheduled_rate(schedule, BASE, step, 10) for step in range(6)]
    np.testing.assert_allclose(rates, np.array([0, 0.25, 0.5, 0.75, 1, 1]) * BASE)


def test_without_a_schedule_the_rate_stays() -> None:
    assert {scheduled_rate(None, BASE, step, 10) for step in range(20)} == {BASE}


def keras_rates(schedule: PlateauSchedule, losses: list[float]) -> list[float]:
    """The rate after each evaluation, by Keras' own callback."""
    rate = keras.Variable(BASE)
    optimizer = SimpleNamespace(learning_rate=rate)

    class Model:
        @property
        def optimizer(self) -> Any:
            return optimizer

    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss",
        mode="min",
        factor=schedule.factor,
        patience=schedule.patience,
        min_delta=schedule.min_delta,
        cooldown=schedule.cooldown,
        min_lr=schedule.min_lr,
    )
    callback.set_model(Model())
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(np.asarray(optimizer.learning_rate)))
    return rates


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([1.0, 0.9, 0.8, 0.7, 0.65, 0.6]), min_size=1, max_size=14),
    st.integers(1, 3),
    st.integers(0, 2),
    st.sampled_from([0.0, BASE / 5]),
    st.sampled_from([0.0, 0.07]),
)
def test_plateau_is_keras_reduce_lr_on_plateau(
    losses: list[float], patience: int, cooldown: int, min_lr: float, min_delta: float
) -> None:
    schedule = PlateauSchedule(
        name="plateau",
        factor=0.5,
        patience=patience,
        cooldown=cooldown,
        min_lr=min_lr,
        min_delta=min_delta,
    )
    state, watched = TrainingState(), Watched("loss", higher_is_better=False)
    rates = []
    for loss in losses:
        notice_plateau(schedule, watched, loss, state)
        rates.append(scheduled_rate(schedule, BASE, 100, 1000, state.plateau.factor))
    expected = keras_rates(schedule, losses)
    assert rates == pytest.approx(expected, rel=1e-5)
