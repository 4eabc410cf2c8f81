"""A run that was stopped, killed or has ended, taken up again where its last checkpoint stands."""

from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.errors import RunError, TrainingError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import line_texts, read_history, rewrite
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.runs.resumptions import Resumption, append_resumption
from rnnbuild.training.changes import (
    BUDGET,
    Change,
    config_changes,
    data_changes,
    environment_changes,
    is_free,
    refused,
)
from rnnbuild.training.loop import is_over
from rnnbuild.training.progress.budget import budget_of
from rnnbuild.training.progress.checkpoint import Checkpoint, drop_later, last_checkpoint, restore
from rnnbuild.training.progress.early_stopping import stopped_early
from rnnbuild.training.progress.observer import Observer
from rnnbuild.training.progress.schedule import depends_on_end
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.environment import environment_of
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.train import Outcome, record, train_on


@dataclass(frozen=True)
class Wish:
    """How a run is to go on: its config, perhaps changed since, and where its data lies."""

    config: Config
    folder: Path
    seconds: float | None = None
    """Of training from now on."""
    accept_changes: bool = False
    command: tuple[str, ...] = ()
    """As it was typed."""


def resume(run: RunDirectory, wish: Wish, prepared: Prepared, observer: Observer) -> Outcome:
    """Continue a run to the bit, as far as nothing changed. The caller holds the run's lock.

    A finished run is left as it is. Raises RunError where something changed that was not accepted
    or the checkpoint does not fit, and the errors of `train_on`.
    """
    session = session_of(prepared)
    training = prepared.resolved.config.training
    changes = every_change(run, session, wish)
    decisive = [change for change in changes if not is_free(change)]
    if decisive and not wish.accept_changes:
        raise refused(run, decisive)
    checkpoint, warnings = last_checkpoint(run)
    for warning in warnings:
        observer.remarked(warning)
    state = checkpoint.state if checkpoint is not None else TrainingState()
    if is_over(training, state, budget_of(training, state, None)):
        metrics = read_metrics(run)
        if metrics is not None:
            observer.remarked(finished(run, training, state))
            return Outcome(run, metrics)
    if checkpoint is not None:
        restore_or_refuse(checkpoint, session)
    for text in remarks(run, training, state, changes):
        observer.remarked(text)
    rewind(run, state)
    try:
        if changes:
            record(run, session, wish.config, wish.folder, wish.command)
        told = tuple(map(str, changes))
        resumption = Resumption(steps=state.steps, changes=told, command=wish.command)
        append_resumption(run, resumption)
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None
    return train_on(session, run, state, observer, wish.seconds)


def every_change(run: RunDirectory, session: Session, wish: Wish) -> list[Change]:
    """Of config, data and environment, in this order."""
    prepared = session.prepared
    seed = prepared.resolved.config.training.seed
    return [
        *config_changes(run, prepared),
        *data_changes(run, prepared, wish.folder),
        *environment_changes(run, environment_of(session.device, seed)),
    ]


def finished(run: RunDirectory, training: TrainingConfig, state: TrainingState) -> str:
    """Says that a run has ended, why, and what would make it longer."""
    done = f"{run.path} is finished after {state.epoch} epochs ({state.steps} steps)"
    early = training.early_stopping
    if early is not None and stopped_early(early, state):
        return (
            f"{done}: early stopping ended it, and more epochs would not change that; "
            f"`training.early_stopping.patience` is {early.patience}"
        )
    if training.steps is not None and state.steps >= training.steps:
        return f"{done}; for more: rnnbuild resume {run.path} --steps {2 * state.steps}"
    return f"{done}; for more: rnnbuild resume {run.path} --epochs {2 * state.epoch}"


def remarks(
    run: RunDirectory, training: TrainingConfig, state: TrainingState, changes: list[Change]
) -> list[str]:
    """Where the run goes on, and in what it may differ from one that was never stopped."""
    if not state.steps:
        return [f"{run.path} has no checkpoint yet: it starts at its first step"]
    found = [f"{run.path} goes on at step {state.steps + 1}, in epoch {state.epoch + 1}"]
    longer = any(change.what.strip("`") in BUDGET for change in changes)
    if longer and depends_on_end(training.schedule):
        found.append(
            "the cosine schedule falls towards the end of the run, and that end has moved: one "
            "run of this length would have had other learning rates so far "
            "(`training.schedule.decay_steps` fixes the end)"
        )
    if run.metrics.is_file() and state.step:
        found.append(
            f"the run had ended within an epoch, at step {state.steps}: its history keeps that "
            "evaluation, which one longer run would not have made"
        )
    early = training.early_stopping
    if run.metrics.is_file() and early is not None and early.restore_best:
        found.append(
            "training goes on from the last weights, not from the best that were kept as the "
            "result: so would one longer run, and choose the best of all its evaluations"
        )
    return found


def restore_or_refuse(checkpoint: Checkpoint, session: Session) -> None:
    """Put a checkpoint into the session. Raises RunError where it does not fit."""
    try:
        restore(checkpoint, session.model, session.optimizer)
    except ValueError as error:
        raise RunError(
            f"{checkpoint.path} does not fit the changed config: {error}",
            "changes of the model or the optimizer need a new run: rnnbuild train",
        ) from None


def rewind(run: RunDirectory, state: TrainingState) -> None:
    """Let the folder hold what the checkpoint knows of: what was written after it is about to be
    written again, and what was lost since is restored.

    Raises TrainingError where the disk does not take the change, RunError where a checkpoint of
    version 0.1, which has no lines of its own, finds too few in the folder, or a damaged one.
    """
    if len(state.history) < state.history_lines:
        if len(read_history(run.history)) < state.history_lines:
            raise RunError(f"{run.history} has lost lines that its checkpoint knows of")
        state.history = line_texts(run.history)[: state.history_lines]
        state.timings = line_texts(run.timings)[: state.history_lines]
    try:
        rewrite(run.history, state.history)
        rewrite(run.timings, state.timings)
        drop_later(run, state.steps)
        run.metrics.unlink(missing_ok=True)
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None
