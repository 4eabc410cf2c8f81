"""Checkpoints: everything that a resumed run needs to be the same run, to the bit.

A checkpoint is one file (`runs/checkpoint_content.py`). It contains every array (weights, the
optimizer's variables, the state of each seed generator and that which layers carry, all by
position) and the loop's state, including the lines of the history.

Checkpoints of version 0.1 have no lines of the history; they are still read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild.errors import RunError, TrainingError
from rnnbuild.runs.checkpoint_content import (
    WEIGHT,
    Arrays,
    array_name,
    best_steps_of,
    read_content,
    write_content,
)
from rnnbuild.runs.checkpoint_files import Header, checkpoint_path, checkpoint_paths
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import is_there
from rnnbuild.training.progress.state import TrainingState, state_from_json
from rnnbuild.training.setup.session import Session
from rnnbuild.visible import command_text

CARRIED = "carried"
"""The group of the states that layers carry from step to step."""
KEPT = 2
"""Number of latest checkpoints that are kept, besides the best one that each of them records, and
the one at step 0 of a run that starts from another's weights: that one may be gone."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The content of a checkpoint: the training state, and every variable by name."""

    path: Path
    state: TrainingState
    arrays: Arrays


def variables_of(session: Session) -> dict[str, Any]:
    """Every variable that training changes, under names that follow from positions alone.

    Keras' own names depend on what else the process built, and `.keras` files lack the seeds.
    """
    weights = session.model.weights
    known = {id(variable) for variable in weights}
    groups = {
        WEIGHT: weights,
        "seed": [variable for variable in session.model.variables if id(variable) not in known],
        "optimizer": session.optimizer.variables,
        CARRIED: [state.variable for state in session.carried.values()],
    }
    return {
        array_name(group, number): variable
        for group, variables in groups.items()
        for number, variable in enumerate(variables)
    }


def save_checkpoint(run: RunDirectory, session: Session, state: TrainingState) -> None:
    """Write a checkpoint, then delete those no longer needed. Raises OSError; older ones then stay.

    Files that a killed process left half written are deleted too.
    """
    run.checkpoints.mkdir(exist_ok=True)
    arrays = {name: variable.numpy() for name, variable in variables_of(session).items()}
    header = Header(best_steps=state.best.steps, epoch=state.epoch, seconds=state.seconds)
    write_content(checkpoint_path(run, state.steps), header, state.as_json(), arrays)
    _drop_old(run)


def save_or_raise(run: RunDirectory, session: Session, state: TrainingState) -> None:
    """As `save_checkpoint`, but raises TrainingError if the file cannot be written."""
    try:
        save_checkpoint(run, session, state)
    except OSError as error:
        raise TrainingError(
            f"a checkpoint cannot be written to {run.checkpoints}: {error.strerror}",
            "free some disk space, then continue from the last checkpoint: "
            f"{command_text('resume', run.path)}",
        ) from None


def _drop_old(run: RunDirectory) -> None:
    last = checkpoint_paths(run)[-KEPT:]
    steps = {0, *map(best_steps_of, last)}
    needed = {*last, *(checkpoint_path(run, number) for number in steps)}
    for path in checkpoint_paths(run):
        if path not in needed:
            path.unlink()
    for path in run.checkpoints.glob(".*.part"):
        path.unlink()


def last_checkpoint(run: RunDirectory) -> tuple[Checkpoint | None, list[str]]:
    """The newest undamaged checkpoint, and a warning for each newer one that is damaged; None if
    there is none yet.

    Raises RunError if all are damaged, or none is left of a run that has finished.
    """
    warnings: list[str] = []
    for path in reversed(checkpoint_paths(run)):
        checkpoint = read_checkpoint(path)
        if checkpoint is not None:
            return checkpoint, warnings
        warnings.append(f"the checkpoint {path} is damaged; the one before it is used")
    if warnings:
        raise RunError(
            f"every checkpoint in {run.checkpoints} is damaged",
            f"restore one from a copy, or delete that folder and {run.metrics.name}: "
            "`rnnbuild resume` then trains the run from its beginning",
        )
    if is_there(run.metrics) or (is_there(run.checkpoints) and not run.checkpoints.is_dir()):
        raise RunError(
            f"{run.checkpoints} contains no checkpoint, so that {run.path} cannot be continued",
            f"restore it from a copy, or delete {run.metrics.name}: `rnnbuild resume` then trains "
            "the run from its beginning",
        )
    return None, warnings


def checkpoint_at(run: RunDirectory, steps: int) -> Checkpoint | None:
    """The checkpoint after `steps` steps; None if it was not kept or is damaged."""
    return read_checkpoint(checkpoint_path(run, steps))


def drop_later(run: RunDirectory, steps: int) -> None:
    """Delete the checkpoints after the step that a run goes on from. Raises OSError."""
    for path in checkpoint_paths(run):
        if path > checkpoint_path(run, steps):
            path.unlink()


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint in a file; None if it is missing or damaged."""
    content = read_content(path)
    if content is None:
        return None
    try:
        return Checkpoint(path, state_from_json(content.state), content.arrays)
    except (KeyError, TypeError):
        return None


def restore(checkpoint: Checkpoint, session: Session) -> None:
    """Load a checkpoint's arrays into a session's variables.

    Raises ValueError if they belong to another model; no weight is changed then.
    """
    # The optimizer is that of the layers which the last step trained.
    session.thaw(checkpoint.state.epoch_of_last_step)
    variables = variables_of(session)
    if variables.keys() != checkpoint.arrays.keys():
        raise ValueError(f"expected {len(variables)} arrays, got {len(checkpoint.arrays)}")
    for name, variable in list(variables.items()):
        saved, expected = checkpoint.arrays[name].shape, tuple(variable.shape)
        if saved == expected:
            continue
        if not name.startswith(CARRIED):
            raise ValueError(f"expected shape {expected} for `{variable.path}`, got {saved}")
        # Another batch size deals the rows otherwise, so that they go on from other rows than the
        # saved ones: as at the start of an epoch, from none.
        del variables[name]
    for name, variable in variables.items():
        variable.assign(checkpoint.arrays[name])


def restore_weights(checkpoint: Checkpoint, model: Any) -> None:
    """Load only a checkpoint's weights into a model."""
    for number, variable in enumerate(model.weights):
        variable.assign(checkpoint.arrays[array_name(WEIGHT, number)])
