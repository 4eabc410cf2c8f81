"""How a run that has ended is trained for longer."""

from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.training.progress.early_stopping import has_stopped_early
from rnnbuild.training.progress.state import TrainingState


def options_for_longer(training: TrainingConfig, state: TrainingState) -> tuple[str, ...]:
    """The options of `rnnbuild resume` that raise each limit which ended the run; none where time
    alone did."""
    options = []
    if state.epoch >= training.epochs:
        options.append(f"--epochs {2 * state.epoch}")
    if training.steps is not None and state.steps >= training.steps:
        options.append(f"--steps {2 * state.steps}")
    early = training.early_stopping
    if early is not None and has_stopped_early(early, state):
        patience = max(2 * early.patience, state.best.waited + early.patience)
        options.append(f"--set training.early_stopping.patience={patience}")
    return tuple(options)
