"""The learning rate of each step.

Formulas and arguments are those of Keras' CosineDecay, ExponentialDecay (with `staircase`) and
ReduceLROnPlateau. A warm-up may precede any of them: linearly from 0 to the full rate.
"""

import math

from rnnbuild.config.schema.training import (
    CosineSchedule,
    PlateauSchedule,
    Schedule,
    StepSchedule,
    TrainingConfig,
)
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.watched import Watched


def learning_rate_at(training: TrainingConfig, state: TrainingState, last_step: int) -> float:
    """The rate of the step that follows `state`, in a run that ends at `last_step`."""
    base = training.optimizer.learning_rate
    return scheduled_rate(training.schedule, base, state.steps, last_step, state.plateau.factor)


def scheduled_rate(
    schedule: Schedule | None, base: float, step: int, last_step: int, plateau_factor: float = 1.0
) -> float:
    """The rate of step number `step`, from 0, in a run that ends at `last_step`.

    `plateau_factor` is what `base` has been multiplied by at plateaus so far.
    """
    if schedule is None:
        return base
    if step < schedule.warmup_steps:
        return base * step / schedule.warmup_steps
    since = step - schedule.warmup_steps
    match schedule:
        case CosineSchedule(decay_steps=decay_steps, alpha=alpha):
            whole = decay_steps or max(1, last_step - schedule.warmup_steps)
            wave = 0.5 * (1 + math.cos(math.pi * min(since, whole) / whole))
            return base * ((1 - alpha) * wave + alpha)
        case StepSchedule(decay_steps=steps, decay_rate=rate):
            return float(base * rate ** (since // steps))
        case PlateauSchedule(min_lr=least):
            return max(base * plateau_factor, min(least, base))
    return base


def depends_on_end(schedule: Schedule | None) -> bool:
    """Whether a longer run has other learning rates from its first steps on."""
    return isinstance(schedule, CosineSchedule) and schedule.decay_steps is None


def notice_plateau(
    schedule: PlateauSchedule, watched: Watched, value: float | None, state: TrainingState
) -> bool:
    """Record the value of an evaluation; returns whether the learning rate falls after it."""
    plateau = state.plateau
    if plateau.cooldown > 0:
        plateau.cooldown -= 1
        plateau.waited = 0
    if watched.better(value, plateau.best, schedule.min_delta):
        plateau.best, plateau.waited = value, 0
    elif plateau.cooldown == 0:
        plateau.waited += 1
        if plateau.waited >= schedule.patience:
            plateau.factor *= schedule.factor
            plateau.cooldown, plateau.waited = schedule.cooldown, 0
            return True
    return False
