"""How long a run goes on: epochs, steps or wall time, whichever ends first."""

from dataclasses import dataclass

from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.training.progress.state import TrainingState


@dataclass(frozen=True)
class Budget:
    """How long a run trains: whichever of these ends first."""

    epochs: int
    steps: int | None = None
    seconds: float | None = None
    """Limit on training in all, including what came before the run was resumed."""

    def ended(self, state: TrainingState) -> bool:
        return (
            state.epoch >= self.epochs
            or (self.steps is not None and state.steps >= self.steps)
            or self.seconds_left(state) <= 0
        )

    def seconds_left(self, state: TrainingState) -> float:
        """Never less than 0; infinite where time is not limited."""
        return float("inf") if self.seconds is None else max(0.0, self.seconds - state.seconds)

    def last_step(self, steps_per_epoch: int) -> int:
        """The step at which the run ends by epochs or steps, for schedules that look ahead."""
        whole = self.epochs * steps_per_epoch
        return whole if self.steps is None else min(whole, self.steps)


def budget_of(training: TrainingConfig, state: TrainingState, seconds: float | None) -> Budget:
    """The budget of a config, with a limit of `seconds` from now, in a run that is at `state`."""
    limit = None if seconds is None else state.seconds + seconds
    return Budget(training.epochs, training.steps, limit)
