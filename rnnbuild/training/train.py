"""A training run from its start, or from where it stopped, to its scores."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rnnbuild import atomic
from rnnbuild.config.schema import Config
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.fingerprint import fingerprints_of
from rnnbuild.errors import TrainingError
from rnnbuild.inference.details import Details
from rnnbuild.metrics.tasks import main_metric
from rnnbuild.models.own_layers import notes_on_loading
from rnnbuild.runs.directory import RunDirectory, locked, write_json
from rnnbuild.runs.history import lines
from rnnbuild.training.budget import budget_of
from rnnbuild.training.checkpoint import checkpoint_at, restore_weights
from rnnbuild.training.early_stopping import stopped_early
from rnnbuild.training.environment import environment
from rnnbuild.training.evaluation import compared, detailed
from rnnbuild.training.interruption import (
    StopRequest,
    StopRequestedError,
    interrupted,
    stop_requests,
)
from rnnbuild.training.loop import run_loop
from rnnbuild.training.observer import Observer, Together
from rnnbuild.training.prepare import Prepared
from rnnbuild.training.pretrained import vectors_file
from rnnbuild.training.session import Session, session_of
from rnnbuild.training.speed import stating, tuned, with_speed
from rnnbuild.training.state import TrainingState
from rnnbuild.training.tensorboard import event_files
from rnnbuild.wording.overfitting import remarks_on

HELD_OUT: tuple[SplitName, ...] = ("validation", "test")


@dataclass(frozen=True)
class Outcome:
    """What a finished run leaves: its folder, and what stands in its metrics.json."""

    run: RunDirectory
    metrics: dict[str, Any]


def train(
    config: Config,
    folder: Path,
    prepared: Prepared,
    new_run: Callable[[], RunDirectory],
    observer: Observer,
    seconds: float | None = None,
) -> Outcome:
    """Train a config's model and test it. `folder` is what its data files are relative to.

    `seconds` limits the training, besides what the config says. The run's folder is made by
    `new_run` once the model is built, so a request that cannot be met leaves nothing behind.
    Raises the errors of `session_of`, `run_loop` and `finish`.
    """
    if config.training.speed == "tuned":
        found = tuned(prepared)
        observer.remarked(str(found))
        # The choice takes the place of `tuned`, so that resuming and repeating make it again.
        prepared, config = with_speed(prepared, found.speed), stating(config, found.speed)
    session = session_of(prepared)
    run = new_run()
    with locked(run):
        record(run, session, config, folder)
        return trained(session, run, TrainingState(), observer, seconds)


def trained(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    observer: Observer,
    seconds: float | None = None,
) -> Outcome:
    """Train on from `state`, then test. The caller holds the run's lock."""
    training = session.prepared.resolved.config.training
    budget = budget_of(training, state, seconds)
    with stop_requests() as stop:
        with event_files(run, state, observer) as events:
            run_loop(session, run, state, budget, Together((observer, events)), stop)
        if budget.seconds_left(state) <= 0:
            observer.remarked(
                f"the time is up after {state.steps} steps; go on with: rnnbuild resume {run.path}"
            )
        if stopped_early(training.early_stopping, state):
            observer.remarked(
                f"no gain in {session.watching.best.name} for {state.best.waited} evaluations: "
                "training ends early"
            )
        if training.early_stopping is not None and training.early_stopping.restore_best:
            restore_best(session, run, state, observer)
        try:
            return finish(session, run, state, observer, stop)
        except StopRequestedError:
            raise interrupted(run, stop, float("inf")) from None


def restore_best(
    session: Session, run: RunDirectory, state: TrainingState, observer: Observer
) -> None:
    """Put the weights of the best evaluation into the model."""
    best, name = state.best, session.watching.best.name
    if best.score is None or best.steps == state.steps:
        return
    checkpoint = checkpoint_at(run, best.steps)
    if checkpoint is None:
        observer.remarked(
            f"the checkpoint with the best {name} is damaged: the last weights are kept"
        )
        return
    restore_weights(checkpoint, session.model)
    observer.remarked(f"the weights after step {best.steps} are restored: {name} {best.score:.4f}")


def record(run: RunDirectory, session: Session, config: Config, folder: Path) -> None:
    """Write what reproduces the run before it starts."""
    resolved = session.prepared.resolved
    seed = resolved.config.training.seed
    files = fingerprints_of(resolved.config.data, folder, vectors_file(resolved.config, folder))
    data = {"folder": str(folder.resolve()), "files": [asdict(file) for file in files]}
    try:
        atomic.write_text(run.config, yaml_text(plain_values(config, defaults=False)))
        write_json(run.facts, asdict(resolved.facts))
        atomic.write_text(run.codec, session.prepared.data.codec.to_json())
        write_json(run.data, data)
        write_json(run.environment, environment(session.device, seed))
        atomic.write_text(run.resolved, yaml_text(plain_values(resolved.config, defaults=True)))
    except OSError as error:
        raise TrainingError(f"{run.path} cannot be written: {error.strerror}") from None


def finish(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    observer: Observer,
    stop: StopRequest,
) -> Outcome:
    """Score the test split beside the trivial answers, and write the model and the scores.

    Raises StopRequestedError where it is stopped before its end.
    """
    data = session.prepared.data
    facts = data.facts
    scores, baselines = {}, {}
    details: dict[SplitName, Details] = {}
    for name in HELD_OUT:
        encoded = data.split(name)
        if len(encoded):
            observer.evaluating(name, len(encoded))
            outputs = session.outputs(encoded, stop.heed)
            scores[name], baselines[name] = compared(data, name, outputs)
            # Details take as long as scores: only the split that speaks for the run has them.
            if name == "test" or not len(data.test):
                details[name] = detailed(data, name, outputs)
    metrics = {
        "task": facts.task,
        "main": main_metric(facts).name,
        "epochs": state.epoch,
        "steps": state.steps,
        "parameters": session.model.count_params(),
        "scores": scores,
        "baselines": baselines,
        "details": details,
        "remarks": [
            *remarks_on(lines(run.history)),
            *notes_on_loading(session.prepared.resolved),
        ],
    }
    try:
        save_model(session.model, run.model)
        write_json(run.metrics, metrics)
    except OSError as error:
        raise TrainingError(
            f"{run.path} cannot be written: {error.strerror}",
            f"make room, then: rnnbuild resume {run.path}",
        ) from None
    return Outcome(run, metrics)


def save_model(model: Any, path: Path) -> None:
    """The model for plain Keras, whole or not at all. Raises OSError."""
    beside = path.with_name(f".part.{path.name}")
    try:
        model.save(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
