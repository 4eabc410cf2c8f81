"""An evaluation during training: scores, a line of the history, and what depends on them."""

import time

from rnnbuild.config.schema.training import PlateauSchedule
from rnnbuild.errors import TrainingError
from rnnbuild.formatting import value_text
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HISTORY, TIMINGS, HistoryLine, Timing, append
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.table import TASKS
from rnnbuild.training.progress.early_stopping import notice_scores
from rnnbuild.training.progress.interruption import StopRequest, StopRequestedError
from rnnbuild.training.progress.observer import Observer
from rnnbuild.training.progress.schedule import notice_plateau
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.scoring import loss_parts, quick_scores
from rnnbuild.training.setup.session import Session
from rnnbuild.visible import command_text


def validate(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    steps_in_epoch: int,
    observer: Observer,
    stop: StopRequest,
    started: float,
) -> None:
    """Score the validation split; after an epoch's last step, end the epoch.

    `started` is when training would have begun by `time.monotonic`, had it not been interrupted.
    A stop request leaves the evaluation unfinished and due. Raises TrainingError if the line cannot
    be written.
    """
    data = session.prepared.data
    scheduled = session.prepared.resolved.config.training.schedule is not None
    scores: dict[str, float | None] | None = None
    parts: tuple[float, ...] | None = None
    if len(data.validation):
        observer.evaluating("validation", len(data.validation))
        try:
            outputs = session.outputs(data.validation, stop.heed)
        except StopRequestedError:
            return
        scores = quick_scores(data.codec, data.validation, outputs)
        parts = loss_parts(data.codec, data.validation, outputs)
    state.seconds = time.monotonic() - started
    line = HistoryLine(
        epoch=state.epoch + 1,
        steps=state.steps,
        step=state.step if state.step < steps_in_epoch else None,
        learning_rate=session.learning_rate if scheduled else None,
        train=train_scores(state, data.facts),
        validation=scores,
        validation_parts=parts,
    )
    if state.step == steps_in_epoch:
        state.end_epoch()
    state.evaluation_due = False
    if scores is not None:
        notice(session, state, scores, observer)
    timing = Timing(epoch=line.epoch, seconds=round(state.seconds, 3))
    state.history_lines += 1
    try:
        state.history.append(append(run.history, HISTORY, line))
        state.timings.append(append(run.timings, TIMINGS, timing))
    except OSError as error:
        raise TrainingError(
            f"{run.history} cannot be written: {error.strerror}",
            "free some disk space, then continue from the last checkpoint: "
            f"{command_text('resume', run.path)}",
        ) from None
    observer.evaluated(state, line)


def notice(
    session: Session, state: TrainingState, scores: dict[str, float | None], observer: Observer
) -> None:
    """Pass an evaluation to early stopping and to a plateau schedule."""
    training, watching = session.prepared.resolved.config.training, session.prepared.watching
    notice_scores(training.early_stopping, watching.best, scores, state)
    schedule, plateau = training.schedule, watching.plateau
    if isinstance(schedule, PlateauSchedule) and plateau is not None:
        before = state.plateau.factor
        if notice_plateau(schedule, plateau, plateau.of(scores), state):
            base = training.optimizer.learning_rate
            rate = max(base * state.plateau.factor, schedule.min_lr)
            if rate < base * before:
                observer.remarked(
                    f"no improvement in {plateau.name}: the learning rate is now "
                    f"{value_text(float(rate))}"
                )


def train_scores(state: TrainingState, facts: DataFacts) -> dict[str, float]:
    """Means over the weights of the epoch so far; the accuracy only where answers are labels."""
    weight = max(state.weight, 1.0)
    if TASKS[facts.task].squared_error or facts.multi_label:
        return {"loss": state.loss / weight}
    return {"loss": state.loss / weight, "accuracy": state.right / weight}
