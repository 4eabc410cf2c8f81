"""Which evaluation is the best, and whether to stop waiting for a better one."""

from rnnbuild.config.schema.training import EarlyStoppingConfig
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.watched import Watched


def notice_score(
    chosen: EarlyStoppingConfig | None, watched: Watched, value: float | None, state: TrainingState
) -> None:
    """Record the score of an evaluation made after `state.steps` steps."""
    best = state.best
    if watched.better(value, best.score, chosen.min_delta if chosen else 0.0):
        best.score, best.steps, best.epoch, best.waited = value, state.steps, state.epoch, 0
    else:
        best.waited += 1


def has_stopped_early(chosen: EarlyStoppingConfig | None, state: TrainingState) -> bool:
    """Whether `patience` evaluations have passed without improvement, so that the run ends."""
    return chosen is not None and state.best.waited >= chosen.patience
