"""Which evaluation is the best, and whether to stop waiting for a better one."""

from collections.abc import Mapping

from rnnbuild.config.schema.training import EarlyStoppingConfig
from rnnbuild.metrics.tasks import is_better_evaluation
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.watched import LOSS, Watched


def notice_scores(
    chosen: EarlyStoppingConfig | None,
    watched: Watched,
    scores: Mapping[str, float | None],
    state: TrainingState,
) -> None:
    """Record the scores of an evaluation made after `state.steps` steps.

    The best is the one with the best score, by however little; a gain is more than `min_delta`.
    """
    best, value, loss = state.best, watched.of(scores), scores.get(LOSS)
    name, min_delta = watched.name, chosen.min_delta if chosen else 0.0
    gains = watched.better(value, best.gained, min_delta)
    if is_better_evaluation(
        {LOSS: loss, name: value},
        {LOSS: best.loss, name: best.score},
        name,
        watched.higher_is_better,
    ):
        best.score, best.loss, best.steps, best.epoch = value, loss, state.steps, state.epoch
        gains |= min_delta == 0
    if gains:
        best.gained, best.waited = value, 0
    else:
        best.waited += 1


def has_stopped_early(chosen: EarlyStoppingConfig | None, state: TrainingState) -> bool:
    """Whether `patience` evaluations have passed without gain, so that the run ends."""
    return chosen is not None and state.best.waited >= chosen.patience
