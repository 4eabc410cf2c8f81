"""Checkpoints: everything that a resumed run needs to be the same run, to the bit.

A checkpoint is one file, renamed into place once it is complete. Its first line is the SHA-256 of
everything after it; its second is JSON with what is needed without reading the rest; the rest is a
NumPy archive of every array (weights, the optimizer's variables and the state of each seed
generator, all by position) and of the loop's state as JSON, including the lines of the history. It
is read without pickle: a checkpoint cannot run code.

Checkpoints of version 0.1 have no second line and no lines of the history; they are still read.
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
from rnnbuild.errors import RunError, TrainingError
from rnnbuild.runs.checkpoint_files import (
    HEADER_START,
    Header,
    checkpoint_path,
    checkpoint_paths,
    header_of,
)
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import is_there
from rnnbuild.training.progress.state import TrainingState, state_from_json
from rnnbuild.visible import command_text

KEPT = 2
"""Number of latest checkpoints that are kept, besides the best one that each of them records."""
STATE = "state"
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The content of a checkpoint: the training state, and every variable by name."""

    path: Path
    state: TrainingState
    arrays: Arrays


def variables_of(model: Any, optimizer: Any) -> dict[str, Any]:
    """Every variable that training changes, under names that follow from positions alone.

    Keras' own names depend on what else the process built, and `.keras` files lack the seeds.
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
    """Write a checkpoint, then delete those no longer needed. Raises OSError; older ones then stay.

    Files that a killed process left half written are deleted too.
    """
    run.checkpoints.mkdir(exist_ok=True)
    arrays = {name: variable.numpy() for name, variable in variables_of(model, optimizer).items()}
    arrays[STATE] = np.frombuffer(json.dumps(state.as_json()).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    header = Header(best_steps=state.best.steps, epoch=state.epoch, seconds=state.seconds)
    content = header.line() + buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic.write_bytes(checkpoint_path(run, state.steps), digest + b"\n" + content)
    _drop_old(run)


def save_or_raise(run: RunDirectory, model: Any, optimizer: Any, state: TrainingState) -> None:
    """As `save_checkpoint`, but raises TrainingError if the file cannot be written."""
    try:
        save_checkpoint(run, model, optimizer, state)
    except OSError as error:
        raise TrainingError(
            f"a checkpoint cannot be written to {run.checkpoints}: {error.strerror}",
            "free some disk space, then continue from the last checkpoint: "
            f"{command_text('resume', run.path)}",
        ) from None


def _drop_old(run: RunDirectory) -> None:
    last = checkpoint_paths(run)[-KEPT:]
    needed = {*last, *(checkpoint_path(run, _best_steps(path)) for path in last)}
    for path in checkpoint_paths(run):
        if path not in needed:
            path.unlink()
    for path in run.checkpoints.glob(".*.part"):
        path.unlink()


def _best_steps(path: Path) -> int:
    """The step of the best evaluation that a checkpoint records; 0 if it is damaged."""
    header = header_of(path)
    if header is not None:
        return header.best_steps
    checkpoint = read_checkpoint(path)
    return checkpoint.state.best.steps if checkpoint is not None else 0


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
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        if content.startswith(HEADER_START):
            _, _, content = content.partition(b"\n")
        if not is_stored(content):
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        state = state_from_json(json.loads(arrays.pop(STATE).tobytes()))
    # An array that is not damaged may still claim to be larger than the file, or than the memory.
    except (OSError, ValueError, KeyError, TypeError, MemoryError, zipfile.BadZipFile):
        return None
    return Checkpoint(path, state, arrays)


def is_stored(content: bytes) -> bool:
    """Whether an archive is as NumPy writes it: without compression, and so no larger unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    stored = all(member.compress_type == zipfile.ZIP_STORED for member in members)
    return stored and sum(member.file_size for member in members) <= len(content)


def restore(checkpoint: Checkpoint, model: Any, optimizer: Any) -> None:
    """Load a checkpoint's arrays into a model and its built optimizer.

    Raises ValueError if they belong to another model; nothing is changed then.
    """
    variables = variables_of(model, optimizer)
    if variables.keys() != checkpoint.arrays.keys():
        raise ValueError(f"expected {len(variables)} arrays, got {len(checkpoint.arrays)}")
    for name, variable in variables.items():
        saved, expected = checkpoint.arrays[name].shape, tuple(variable.shape)
        if saved != expected:
            raise ValueError(f"expected shape {expected} for `{variable.path}`, got {saved}")
    for name, variable in variables.items():
        variable.assign(checkpoint.arrays[name])


def restore_weights(checkpoint: Checkpoint, model: Any) -> None:
    """Load only a checkpoint's weights into a model."""
    for number, variable in enumerate(model.weights):
        variable.assign(checkpoint.arrays[f"weight-{number:04d}"])
