"""A run that was stopped, killed or has ended, continued from its last checkpoint."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.data.examples.splits import HELD_OUT
from rnnbuild.errors import RunError, TrainingError
from rnnbuild.formatting import plural
from rnnbuild.runs.checkpoint_files import checkpoint_paths, steps_of
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import line_texts, read_history, rewrite
from rnnbuild.runs.loss_verdict import loss_verdict
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.runs.record import is_there
from rnnbuild.runs.resumptions import Resumption, append_resumption
from rnnbuild.runs.start_file import start_and_note
from rnnbuild.training.changes import (
    BUDGET,
    RESTORE_BEST,
    Change,
    changes_error,
    config_changes,
    data_changes,
    environment_changes,
    is_free,
    is_of_environment,
)
from rnnbuild.training.loop import is_over
from rnnbuild.training.out_of_fold import folds_of, lacks_folds
from rnnbuild.training.progress.budget import budget_of
from rnnbuild.training.progress.checkpoint import (
    Checkpoint,
    drop_later,
    last_checkpoint,
    restore,
)
from rnnbuild.training.progress.early_stopping import has_stopped_early
from rnnbuild.training.progress.longer import options_for_longer
from rnnbuild.training.progress.observer import Observer
from rnnbuild.training.progress.schedule import depends_on_end
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.environment import environment_of
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.train import Outcome, TrainFolds, record, record_start, train_on
from rnnbuild.visible import command_text, shell_word


@dataclass(frozen=True)
class ResumeRequest:
    """How a run is to go on: its config, perhaps changed since, and the folder of its data."""

    config: Config
    folder: Path
    seconds: float | None = None
    """Limit on the training from now on."""
    accept_changes: bool = False
    command: tuple[str, ...] = ()
    """The command line, as typed."""
    total_seconds: float | None = None
    """Limit on the training in all, what came before included."""
    begin_again: bool = False
    """Where versions, machine or settings changed, the run begins again instead of failing, so that
    its result is that of one machine."""

    def seconds_from(self, state: TrainingState) -> float | None:
        """Limit on the training of a run that is at `state`, from now on."""
        if self.total_seconds is None:
            return self.seconds
        left = max(0.0, self.total_seconds - state.seconds)
        return left if self.seconds is None else min(left, self.seconds)


def resume(
    run: RunDirectory,
    request: ResumeRequest,
    prepared: Prepared,
    observer: Observer,
    folds: TrainFolds | None = None,
) -> Outcome:
    """Continue a run: bit-exact, unless something changed. The caller holds the run's lock.

    A run that was stopped before training began begins. A finished run is left as it is. `folds`
    trains those of a config that has any.
    Raises RunError if something changed that was not accepted, or that nobody can accept, or the
    checkpoint does not fit, and the errors of `train_on`.
    """
    session = session_of(prepared)
    train_folds = folds and partial(folds, request.config)
    if not run.began:
        observer.remarked(f"training had not begun in {run.path}: it begins now")
        record(run, session, request.config, request.folder, request.command)
        state = TrainingState()
        return train_on(session, run, state, observer, request.seconds_from(state), train_folds)
    training = prepared.resolved.config.training
    changes = every_change(run, session, request)
    decisive = [change for change in changes if not is_free(change)]
    if decisive and request.begin_again and all(map(is_of_environment, decisive)):
        observer.remarked(f"{run.path} begins again: {'; '.join(map(str, decisive))}")
        forget_progress(run)
    elif any(each.ruins for each in decisive) or (decisive and not request.accept_changes):
        raise changes_error(run, decisive)
    checkpoint, warnings = last_checkpoint(run)
    for warning in warnings:
        observer.remarked(warning)
    state = checkpoint.state if checkpoint is not None else TrainingState()
    other_weights = any(change.what.strip("`") == RESTORE_BEST for change in changes)
    if is_over(training, state, budget_of(training, state, None)) and not other_weights:
        metrics = read_metrics(run)
        if metrics is not None and not lacks_folds(run):
            observer.remarked(finished_message(run, training, state))
            return Outcome(run, metrics)
    if checkpoint is not None:
        restore_or_refuse(checkpoint, session)
    elif prepared.start is not None:
        before, note = start_and_note(run)
        # The rows that it was trained on may be gone by now: they are not read again.
        if note is not None:
            observer.remarked(note)
        elif before is None or replace(before, warnings=prepared.start.record.warnings) != (
            prepared.start.record
        ):
            observer.remarked(
                f"{prepared.start.record.run}, which {run.path} starts from, has changed since: "
                "its weights are taken as they are now"
            )
        record_start(run, session, prepared.start.record)
    for text in remarks_on_resuming(run, training, state, changes):
        observer.remarked(text)
    rewind(run, state)
    try:
        if changes:
            record(run, session, request.config, request.folder, request.command)
        append_resumption(
            run,
            Resumption(
                steps=state.steps, changes=tuple(map(str, changes)), command=request.command
            ),
        )
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None
    return train_on(session, run, state, observer, request.seconds_from(state), train_folds)


def every_change(run: RunDirectory, session: Session, request: ResumeRequest) -> list[Change]:
    """The changes of config, data and environment, in this order."""
    prepared = session.prepared
    seed = prepared.resolved.config.training.seed
    return [
        *config_changes(run, prepared),
        *data_changes(run, prepared, request.folder),
        *environment_changes(run, environment_of(session.device, seed)),
    ]


def finished_message(run: RunDirectory, training: TrainingConfig, state: TrainingState) -> str:
    """Says that a run has ended, why, and how to train it for longer."""
    said = [f"{run.path} is finished after {plural(state.epoch, 'epoch')} ({state.steps} steps)"]
    if has_stopped_early(training.early_stopping, state):
        said.append("early stopping ended it")
    losses = loss_verdict(read_history(run.history))
    if losses is not None and losses.kind == "overfitted":
        since = f"it overfitted from epoch {losses.since} on"
        said.append(f"{since}, and more epochs would not change that")
    else:
        more = command_text("resume", run.whole.path, *options_for_longer(training, state))
        said.append(f"for more: {more}")
    return "; ".join(said)


def remarks_on_resuming(
    run: RunDirectory, training: TrainingConfig, state: TrainingState, changes: list[Change]
) -> list[str]:
    """Where the run goes on, and how it may differ from one that was never interrupted."""
    place = f"at step {state.steps + 1}, in epoch {state.epoch + 1}"
    folds = folds_of(run)
    if any(fold.began for fold in folds):
        tested = sum(is_there(fold.metrics) for fold in folds)
        model = f"goes on {place}" if state.steps else "begins"
        remarks = [
            f"{run.path} goes on: {tested} of {len(folds)} folds are tested, and those that have "
            f"not finished come first; then its own model {model}"
        ]
    elif state.steps:
        remarks = [f"{run.path} goes on {place}"]
    else:
        remarks = [f"{run.path} has no checkpoint yet: it starts from the beginning"]
    if not state.steps:
        return remarks
    longer = any(change.what.strip("`") in BUDGET for change in changes)
    if longer and depends_on_end(training.schedule):
        remarks.append(
            "the cosine schedule ends with the run, and that end has moved: an uninterrupted run "
            "of this length would have had other learning rates so far "
            "(`training.schedule.decay_steps` fixes the end)"
        )
    if run.metrics.is_file() and state.step:
        remarks.append(
            f"the run had ended within an epoch, at step {state.steps}: its history keeps that "
            "evaluation, which an uninterrupted run would not have made"
        )
    if run.metrics.is_file() and training.restore_best and state.best.steps != state.steps:
        remarks.append(
            "training goes on from the last weights, not from the best ones, which were saved as "
            "the result; the best of all evaluations is chosen again at the end"
        )
    return remarks


def restore_or_refuse(checkpoint: Checkpoint, session: Session) -> None:
    """Load a checkpoint into the session. Raises RunError if it does not fit."""
    try:
        restore(checkpoint, session)
    except ValueError as error:
        raise RunError(
            f"{checkpoint.path} does not fit the changed config: {error}",
            "a changed model or optimizer needs a new run; it may start from this one's weights: "
            f"rnnbuild train CONFIG --from {shell_word(str(checkpoint.path.parents[1]))}",
        ) from None


def forget_progress(run: RunDirectory) -> None:
    """Delete everything that training made of a run, but not the weights of another that it starts
    from. Raises TrainingError."""
    try:
        run.metrics.unlink(missing_ok=True)
        for path in checkpoint_paths(run):
            if steps_of(path):
                path.unlink()
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None


def rewind(run: RunDirectory, state: TrainingState) -> None:
    """Bring the folder back to the state of the checkpoint: what was written after it is removed,
    since it is about to be written again, and what was lost since is restored.

    Raises TrainingError if the folder cannot be written, RunError if the history lacks lines, or
    has a damaged one, that a checkpoint of version 0.1, which has no lines of its own, needs.
    """
    if len(state.history) < state.history_lines:
        if len(read_history(run.history)) < state.history_lines:
            raise RunError(
                f"{run.history} has fewer lines than the last checkpoint needs "
                f"({state.history_lines})",
                "restore the file from a copy, or train a new run: rnnbuild train",
            )
        state.history = line_texts(run.history)[: state.history_lines]
        state.timings = line_texts(run.timings)[: state.history_lines]
    try:
        rewrite(run.history, state.history)
        rewrite(run.timings, state.timings)
        drop_later(run, state.steps)
        for path in (run.metrics, *map(run.answers, HELD_OUT)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None
