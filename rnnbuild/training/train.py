"""A training run, from its start or from where it stopped, to its scores."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rnnbuild import atomic
from rnnbuild.config.schema import Config
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.errors import TrainingError
from rnnbuild.formatting import capitalised
from rnnbuild.models.own_layers import notes_on_loading
from rnnbuild.runs.codec_file import write_codec_text
from rnnbuild.runs.data_file import DataRecord, folder_text, write_data
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.runs.environment_file import write_environment
from rnnbuild.runs.facts_file import write_facts
from rnnbuild.runs.history import HistoryLine, read_history
from rnnbuild.runs.metrics_file import Kept, Metrics, write_metrics
from rnnbuild.runs.start_file import StartRecord, start_and_note, write_start
from rnnbuild.training.loop import run_loop
from rnnbuild.training.out_of_fold import folds_of, score_out_of_fold, scores_of_folds
from rnnbuild.training.progress.budget import budget_of
from rnnbuild.training.progress.checkpoint import checkpoint_at, restore_weights, save_or_raise
from rnnbuild.training.progress.early_stopping import has_stopped_early
from rnnbuild.training.progress.interruption import (
    StopRequest,
    StopRequestedError,
    interruption_of,
    stop_requests,
)
from rnnbuild.training.progress.longer import options_for_longer
from rnnbuild.training.progress.observer import Observer, Together
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.progress.tensorboard import event_files
from rnnbuild.training.scoring import (
    Remark,
    SplitScores,
    attempted,
    evaluation_of,
    record_split,
    score_split,
)
from rnnbuild.training.setup.environment import environment_of
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.recorded_data import data_files
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.setup.watched import Watched
from rnnbuild.training.speed import config_with_speed, prepared_with_speed, time_speeds
from rnnbuild.visible import command_text
from rnnbuild.wording.freezing import remarks_on_thawing
from rnnbuild.wording.run_conclusions import more_epochs_help, remarks_on_losses

TrainFolds = Callable[[Config, RunDirectory, Observer, float | None], float | None]
"""Trains the models that are tested on the folds of a run with this config, before its own; returns
the seconds for that (`folds.py`)."""


@dataclass(frozen=True)
class Outcome:
    """What a finished run leaves: its folder, and the content of its metrics.json."""

    run: RunDirectory
    metrics: Metrics
    longer: tuple[str, ...] | None = None
    """The options of `rnnbuild resume` that train it for longer, where its validation loss still
    fell; None else."""


def train(
    config: Config,
    folder: Path,
    prepared: Prepared,
    new_run: Callable[[], RunDirectory],
    observer: Observer,
    seconds: float | None = None,
    command: tuple[str, ...] = (),
    folds: TrainFolds | None = None,
) -> Outcome:
    """Train a config's model and test it. Its data files are relative to `folder`.

    `seconds` limits the training, in addition to the config; `command` is the command line, and
    `folds` trains those of a config that has any. The run's folder is made by `new_run` once the
    model is built, so a config that cannot be built leaves nothing behind. Raises the errors of
    `session_of`, `run_loop` and `finish`.
    """
    if config.training.speed == "tuned":
        timings = time_speeds(prepared)
        observer.remarked(str(timings))
        # The choice replaces `tuned` in the config, so that resuming and repeating make it again.
        prepared = prepared_with_speed(prepared, timings.speed)
        config = config_with_speed(config, timings.speed)
    session = session_of(prepared)
    run = new_run()
    with locked(run):
        record(run, session, config, folder, command)
        return train_on(
            session, run, TrainingState(), observer, seconds, folds and partial(folds, config)
        )


def train_on(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    observer: Observer,
    seconds: float | None = None,
    train_folds: Callable[[RunDirectory, Observer, float | None], float | None] | None = None,
) -> Outcome:
    """Train from `state` on, then test. The caller holds the run's lock.

    What is optional is tried first, so that it does not fail after the training; folds come next.
    """
    for text in session.prepared.data.try_optional():
        observer.remarked(text)
    if train_folds is not None:
        seconds = train_folds(run, observer, seconds)
    training = session.prepared.resolved.config.training
    budget = budget_of(training, state, seconds)
    with stop_requests() as stop:
        with event_files(run, state, observer) as events:
            run_loop(session, run, state, budget, Together((observer, events)), stop)
        if budget.seconds_left(state) <= 0:
            observer.remarked(
                f"the time is up after {state.steps} steps; "
                f"continue with: {command_text('resume', run.whole.path)}"
            )
        if has_stopped_early(training.early_stopping, state) and not budget.ended(state):
            watched = session.prepared.watching.best
            observer.remarked(
                f"no improvement in {watched.name} for {state.best.waited} evaluations: "
                "training stops early"
            )
        kept = keep_best(session, run, state, observer) if training.restore_best else None
        try:
            return finish(session, run, state, kept, observer, stop)
        except StopRequestedError:
            facts = session.prepared.data.facts
            raise interruption_of(run, facts, stop, float("inf")) from None


def keep_best(
    session: Session, run: RunDirectory, state: TrainingState, observer: Observer
) -> HistoryLine | None:
    """Load the weights of the best evaluation into the model, and return that evaluation.

    None if the last weights stay, because no evaluation has a score or the checkpoint is damaged.
    """
    best, name = state.best, session.prepared.watching.best.name
    if best.score is None:
        return None
    if best.steps != state.steps:
        checkpoint = checkpoint_at(run, best.steps)
        if checkpoint is None:
            observer.remarked(
                f"the checkpoint with the best {name} is damaged: the last weights are kept"
            )
            return None
        restore_weights(checkpoint, session.model)
    return next(line for line in read_history(run.history) if line.steps == best.steps)


def record(
    run: RunDirectory, session: Session, config: Config, folder: Path, command: tuple[str, ...]
) -> None:
    """Write what is needed to reproduce the run, before it starts: first what it begins again from
    if it is stopped meanwhile, and last the file that says that it began.

    Weights of another run that it starts from are its checkpoint at step 0. Raises TrainingError.
    """
    resolved = session.prepared.resolved
    files = data_files(resolved.config, folder)
    notes = tuple(session.prepared.data.notes)
    environment = environment_of(session.device, resolved.config.training.seed, command)
    try:
        write_data(run, DataRecord(folder=folder_text(folder), files=files, notes=notes))
        atomic.write_text(run.config, yaml_text(plain_values(config, defaults=False)))
        write_facts(run, resolved.facts)
        write_codec_text(run, session.prepared.data.codec.to_json())
        write_environment(run, environment)
        if session.prepared.start is not None:
            record_start(run, session, session.prepared.start.record)
        atomic.write_text(run.resolved, yaml_text(plain_values(resolved.config, defaults=True)))
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None


def record_start(run: RunDirectory, session: Session, start: StartRecord) -> None:
    """Write what the run starts from, its weights as the checkpoint at step 0.

    Raises OSError, TrainingError.
    """
    write_start(run, start)
    save_or_raise(run, session, TrainingState())


def finish(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    best: HistoryLine | None,
    observer: Observer,
    stop: StopRequest,
) -> Outcome:
    """Write the model, then score it on the test split beside the trivial answers.

    The scores are written last, behind the answers that they are of: with them the run is finished.
    What of the scores fails takes neither the model nor the other scores with it.

    `best` is the evaluation whose weights the model has, None for the last weights.
    Raises StopRequestedError if it is stopped before its end.
    """
    data, history = session.prepared.data, read_history(run.history)
    failures: list[str] = []

    def remark(text: str) -> None:
        failures.append(text)
        observer.remarked(text)

    with free_space_hint(run):
        save_model(session.model, run.model)
    scored = score_held_out(session, run, observer, stop, remark)
    kept = kept_of(best, session.prepared.watching.best, history)
    evaluation = evaluation_of(data, scored, scores_of_folds(run))
    start, note = start_and_note(run)  # its damage takes no score away
    if note is not None:
        remark(note)
    metrics = Metrics(
        **vars(evaluation),
        epochs=state.epoch,
        steps=state.steps,
        parameters=session.model.count_params(),
        kept=kept,
        remarks=(
            *failures,
            *(() if start is None else (f"{capitalised(text)}." for text in start.warnings)),
            *remarks_on_losses(evaluation, history, kept),
            *remarks_on_thawing(
                session.prepared.resolved.stack,
                state.epoch_of_last_step + 1,
                kept.epoch if kept is not None else None,
            ),
            *notes_on_loading(session.prepared.resolved),
        ),
    )
    with free_space_hint(run):
        write_metrics(run, metrics)
    training, advised = (
        session.prepared.resolved.config.training,
        more_epochs_help(metrics, history),
    )
    return Outcome(run, metrics, options_for_longer(training, state) if advised else None)


def score_held_out(
    session: Session, run: RunDirectory, observer: Observer, stop: StopRequest, remark: Remark
) -> dict[SplitName, SplitScores]:
    """The scores of each split that is to be scored, whose answers the run then contains.

    `remark` is called for what fails.

    Raises StopRequestedError.
    """
    data, folds = session.prepared.data, folds_of(run)
    names = [name for name in session.prepared.scored if len(data.split(name))]

    def score(name: SplitName) -> SplitScores:
        observer.evaluating(name, len(data.split(name)))
        outputs = session.outputs(data.split(name), stop.heed)
        record_split(run, data, name, outputs, remark)
        # Only the split that is reported as the run's result gets details.
        with_details = name == names[-1] and not folds
        return score_split(data, name, outputs, with_details, remark)

    def score_folds() -> SplitScores:
        observer.evaluating("test", data.facts.rows[2])
        return score_out_of_fold(run, data, stop.heed, remark)

    scored = {name: attempted(f"{name} scores", partial(score, name), remark) for name in names}
    if folds:
        scored["test"] = attempted("out-of-fold scores", score_folds, remark)
    return {name: scores for name, scores in scored.items() if scores is not None}


def kept_of(
    best: HistoryLine | None, watched: Watched, history: Sequence[HistoryLine]
) -> Kept | None:
    """The evaluation whose weights are saved: the best, else the last one, if there is any."""
    if best is None:
        if not history:
            return None
        last = history[-1]
        return Kept(epoch=last.epoch, steps=last.steps, step=last.step)
    return Kept(
        epoch=best.epoch,
        steps=best.steps,
        step=best.step,
        metric=watched.name,
        value=watched.of(best.scores("validation")),
    )


@contextmanager
def free_space_hint(run: RunDirectory) -> Iterator[None]:
    """Raises TrainingError for an OSError within."""
    try:
        yield
    except OSError as error:
        raise TrainingError(
            f"{run.path} cannot be written: {error.strerror}",
            f"free some disk space, then continue: {command_text('resume', run.path)}",
        ) from None


def save_model(model: Any, path: Path) -> None:
    """Save the model as a `.keras` file that plain Keras loads, atomically. Raises OSError."""
    beside = path.with_name(f".{path.name}.part.keras")  # Keras wants its ending
    try:
        model.save(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
