"""Checkpoints: all that a continued run needs to be the same run, to the bit.

A checkpoint is one file, renamed into its place once it is whole. Its first line is the SHA-256 of
all that follows; its second says in JSON what is needed without reading the rest; the rest is a
NumPy archive of every array (weights, the optimizer's variables and the state of each seed
generator, all by position) and of the loop's state as JSON, the lines of the history included. It
is read without pickle: a checkpoint cannot run code.

Checkpoints of version 0.1 have no second line, and no lines of the history; they are read too.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild import atomic
from rnnbuild.errors import TrainingError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.state import TrainingState, state_from_json

KEPT = 2
"""So many of the last ones, and the best that each of them knows of."""
FORMAT = 2
HEADER_START = b"{"
"""Of the second line; an archive starts with `PK`."""
STATE = "state"
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A checkpoint as it was read: the training state, and every variable by name."""

    path: Path
    state: TrainingState
    arrays: Arrays


def variables_of(model: Any, optimizer: Any) -> dict[str, Any]:
    """Every variable that training changes, under names that follow from positions alone.

    Keras' own names are global to the process, and `.keras` files leave the seeds out.
    """
    weights = model.weights
    known = {id(variable) for variable in weights}
    seeds = [variable for variable in model.variables if id(variable) not in known]
    groups = {"weight": weights, "seed": seeds, "optimizer": optimizer.variables}
    return {
        f"{group}-{number:04d}": variable
        for group, variables in groups.items()
        for number, variable in enumerate(variables)
    }


def save_checkpoint(run: RunDirectory, model: Any, optimizer: Any, state: TrainingState) -> None:
    """Write a checkpoint, then drop those no longer needed. Raises OSError; older ones then stay.

    What a killed process left half written is swept away too.
    """
    run.checkpoints.mkdir(exist_ok=True)
    arrays = {name: variable.numpy() for name, variable in variables_of(model, optimizer).items()}
    arrays[STATE] = np.frombuffer(json.dumps(state.as_json()).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    header = json.dumps({"format": FORMAT, "best_steps": state.best.steps}).encode()
    content = header + b"\n" + buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic.write_bytes(_path(run, state.steps), digest + b"\n" + content)
    _drop_old(run)


def saved_or_raise(run: RunDirectory, model: Any, optimizer: Any, state: TrainingState) -> None:
    """As `save_checkpoint`. Raises TrainingError where the disk does not take it."""
    try:
        save_checkpoint(run, model, optimizer, state)
    except OSError as error:
        raise TrainingError(
            f"a checkpoint cannot be written to {run.checkpoints}: {error.strerror}",
            f"the last one stays; make room, then go on from it: rnnbuild resume {run.path}",
        ) from None


def _drop_old(run: RunDirectory) -> None:
    last = _paths(run)[-KEPT:]
    needed = {*last, *(_path(run, _best_steps(path)) for path in last)}
    for path in _paths(run):
        if path not in needed:
            path.unlink()
    for path in run.checkpoints.glob(".*.part"):
        path.unlink()


def _best_steps(path: Path) -> int:
    """After how many steps a checkpoint's best evaluation was made; 0 where it is damaged."""
    with path.open("rb") as stream:
        stream.readline()
        if stream.peek(1).startswith(HEADER_START):
            try:
                return int(json.loads(stream.readline())["best_steps"])
            except (ValueError, KeyError, TypeError):
                return 0
    checkpoint = read_checkpoint(path)
    return checkpoint.state.best.steps if checkpoint is not None else 0


def last_checkpoint(run: RunDirectory) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that is whole, and a warning for each newer one that is not."""
    warnings: list[str] = []
    for path in reversed(_paths(run)):
        checkpoint = read_checkpoint(path)
        if checkpoint is not None:
            return checkpoint, warnings
        warnings.append(f"the checkpoint {path} is damaged; the one before it is used")
    return None, warnings


def checkpoint_at(run: RunDirectory, steps: int) -> Checkpoint | None:
    """The checkpoint after so many steps, if it was kept and is whole."""
    return read_checkpoint(_path(run, steps))


def drop_later(run: RunDirectory, steps: int) -> None:
    """Remove what lies after the step that a run goes on from. Raises OSError."""
    for path in _paths(run):
        if path > _path(run, steps):
            path.unlink()


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint of a file; None where it is missing or damaged."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        if content.startswith(HEADER_START):
            _, _, content = content.partition(b"\n")
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        state = state_from_json(json.loads(arrays.pop(STATE).tobytes()))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None
    return Checkpoint(path, state, arrays)


def restore(checkpoint: Checkpoint, model: Any, optimizer: Any) -> None:
    """Put a checkpoint's arrays into a model and its built optimizer.

    Raises ValueError where they belong to another model; nothing is then changed.
    """
    variables = variables_of(model, optimizer)
    if variables.keys() != checkpoint.arrays.keys():
        counts = len(checkpoint.arrays), len(variables)
        raise ValueError("it holds {} arrays, and {} are needed".format(*counts))
    for name, variable in variables.items():
        held, needed = checkpoint.arrays[name].shape, tuple(variable.shape)
        if held != needed:
            raise ValueError(f"`{variable.path}` has shape {needed}, and it holds {held}")
    for name, variable in variables.items():
        variable.assign(checkpoint.arrays[name])


def restore_weights(checkpoint: Checkpoint, model: Any) -> None:
    """Put only a checkpoint's weights into a model."""
    for number, variable in enumerate(model.weights):
        variable.assign(checkpoint.arrays[f"weight-{number:04d}"])


def _path(run: RunDirectory, steps: int) -> Path:
    return run.checkpoints / f"step-{steps:09d}.checkpoint"


def _paths(run: RunDirectory) -> list[Path]:
    return sorted(run.checkpoints.glob("step-*.checkpoint"))
