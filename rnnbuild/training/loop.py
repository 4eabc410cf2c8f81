"""The training loop, for every task."""

import time
from typing import Any

from rnnbuild.config.facts import Task
from rnnbuild.data.batches import batch_plan, make_batch
from rnnbuild.errors import Interrupted, TrainingError
from rnnbuild.models.framework import tf
from rnnbuild.runs import history
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.checkpoint import save_checkpoint
from rnnbuild.training.evaluation import quick_scores
from rnnbuild.training.interruption import StopRequest
from rnnbuild.training.observer import Observer
from rnnbuild.training.session import Session
from rnnbuild.training.state import TrainingState

CHECKPOINT_SECONDS = 300.0


def run_loop(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    observer: Observer,
    stop: StopRequest,
) -> None:
    """Train from `state` to the end that the config names; `state` moves along.

    A checkpoint is written after every epoch, every CHECKPOINT_SECONDS, and on a stop request.
    Raises Interrupted after such a request, TrainingError where a step is not finite or the disk
    does not take a checkpoint.
    """
    prepared = session.prepared
    training, train = prepared.resolved.config.training, prepared.data.train
    started, saved = time.monotonic() - state.seconds, time.monotonic()
    while state.epoch < training.epochs:
        plan = batch_plan(train.lengths, training.batch_size, training.seed, state.epoch)
        observer.epoch_started(state, len(plan))
        for rows in plan[state.step :]:
            with tf.device(session.device):
                sums = session.train_step(make_batch(train, rows))
            if not sums.finite:
                raise not_finite(state)
            state.add(sums)
            observer.stepped(state, sums, len(rows))
            state.seconds = time.monotonic() - started
            if stop.signal_number is not None or time.monotonic() - saved > CHECKPOINT_SECONDS:
                saved_or_raise(session, run, state)
                saved = time.monotonic()
            if stop.signal_number is not None:
                raise interrupted(run, stop.signal_number)
        end_epoch(session, run, state, observer)
        state.seconds = time.monotonic() - started
        saved_or_raise(session, run, state)
        saved = time.monotonic()
        if stop.signal_number is not None:
            raise interrupted(run, stop.signal_number)


def end_epoch(
    session: Session, run: RunDirectory, state: TrainingState, observer: Observer
) -> None:
    """Validate, and write the epoch's line of the history."""
    data = session.prepared.data
    line: dict[str, Any] = {
        "epoch": state.epoch + 1,
        "steps": state.steps,
        "train": train_scores(state, data.facts.task),
    }
    validation = data.validation
    if len(validation):
        observer.evaluating("validation", len(validation))
        outputs = session.outputs(validation)
        line["validation"] = quick_scores(data.codec, validation, outputs)
    state.end_epoch()
    state.history_lines += 1
    history.append(run.history, line)
    history.append(run.timings, {"epoch": state.epoch, "seconds": round(state.seconds, 3)})
    observer.evaluated(state, line)


def train_scores(state: TrainingState, task: Task) -> dict[str, float]:
    """Means over what the epoch weighed; where answers are labels, how many were right."""
    weight = max(state.weight, 1.0)
    if task == "forecast":
        return {"loss": state.loss / weight}
    return {"loss": state.loss / weight, "accuracy": state.right / weight}


def saved_or_raise(session: Session, run: RunDirectory, state: TrainingState) -> None:
    try:
        save_checkpoint(run, session.model, session.optimizer, state)
    except OSError as error:
        raise TrainingError(
            f"a checkpoint cannot be written to {run.checkpoints}: {error.strerror}",
            f"make room, then continue from the one before: rnnbuild resume {run.path}",
        ) from None


def interrupted(run: RunDirectory, signal_number: int) -> Interrupted:
    return Interrupted(
        f"stopped; nothing is lost: {run.path} holds all that was trained",
        signal_number,
        f"continue with: rnnbuild resume {run.path}",
    )


def not_finite(state: TrainingState) -> TrainingError:
    return TrainingError(
        f"the loss is not finite in step {state.step + 1} of epoch {state.epoch + 1}; "
        "the weights from before that step were kept",
        "lower `training.optimizer.learning_rate`, or set `training.clip_norm: 1.0`",
    )
