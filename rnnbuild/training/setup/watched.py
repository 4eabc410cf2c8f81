"""The score of each evaluation that early stopping, a plateau schedule or the choice of the best
evaluation watches."""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnbuild.config.schema.training import PlateauSchedule
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.errors import ConfigError, Problem, did_you_mean
from rnnbuild.metrics.tasks import is_better, main_metric, metrics_of

LOSS = "loss"


@dataclass(frozen=True)
class Watched:
    """`name` is `loss` or one of the task's metrics, computed on the validation split."""

    name: str
    higher_is_better: bool

    def of(self, scores: Mapping[str, float | None]) -> float | None:
        """Its value among the scores of an evaluation; None if it is undefined or not finite."""
        value = scores.get(self.name)
        return value if value is not None and abs(value) < float("inf") else None

    def better(self, value: float | None, best: float | None, min_delta: float = 0.0) -> bool:
        """Whether a value improves on `best` by more than `min_delta`; the first one does."""
        return is_better(value, best, self.higher_is_better, min_delta)


@dataclass(frozen=True)
class Watching:
    """The scores that a run watches."""

    best: Watched
    """Determines the best evaluation, and with it early stopping."""
    plateau: Watched | None = None
    """Determines when a plateau schedule lowers the learning rate."""


def watching_of(resolved: ResolvedConfig) -> Watching:
    """The scores that a config watches.

    Raises ConfigError if the task has no such metric, or there are no validation rows.
    """
    training = resolved.config.training
    early, schedule = training.early_stopping, training.schedule
    if training.evaluate_every is not None:
        need_validation(resolved, "training", "evaluate_every")
    if early is not None:
        need_validation(resolved, "training", "early_stopping")
    if not training.restore_best and not resolved.config.accepts_idle:
        need_validation(resolved, "training", "restore_best")
    metric = early.metric if early is not None else None
    best = watched_score(resolved, metric, "training", "early_stopping", "metric")
    if not isinstance(schedule, PlateauSchedule):
        return Watching(best)
    need_validation(resolved, "training", "schedule")
    return Watching(
        best, watched_score(resolved, schedule.metric, "training", "schedule", "metric")
    )


def watched_score(resolved: ResolvedConfig, name: str | None, *path: str) -> Watched:
    """The score that a config names at `path`, or the task's main metric.

    Raises ConfigError if the task has no such metric.
    """
    if name == LOSS:
        return Watched(LOSS, higher_is_better=False)
    metrics = metrics_of(resolved.facts)
    directions = {metric.name: metric.higher_is_better for metric in metrics}
    name = name or main_metric(resolved.facts).name
    if f"standardised_{name}" in directions:
        # Of columns in several units there are RMSE, MAE and MSE over all only so.
        name = f"standardised_{name}"
    if name not in directions:
        known = [LOSS, *directions]
        raise ConfigError(
            Problem(
                f"`{name}` is not a metric of this task{did_you_mean(name, known)}",
                resolved.config.place(*path),
                f"its metrics are: {', '.join(known)}",
            )
        )
    return Watched(name, directions[name])


def need_validation(resolved: ResolvedConfig, *path: str) -> None:
    """Raise ConfigError if there are no validation rows for what a config names at `path`."""
    if not resolved.facts.rows[1]:
        raise ConfigError(
            Problem(
                f"`{path[-1]}` needs validation rows, but the data has none",
                resolved.config.place(*path),
                "hold some out: `data.split: {validation: 0.1}`, or name a `data.validation` file",
            )
        )
