"""Checkpoints: all that a continued run needs to be the same run, to the bit.

A checkpoint is two files: `<name>.npz` with every array (weights, the optimizer's variables and
the state of each seed generator, all by position), then `<name>.json` with the loop's state and
the archive's SHA-256. The second is written last, so a crash in between leaves no checkpoint
rather than half of one. Arrays are read without pickle: a checkpoint cannot run code.
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
from rnnbuild.runs.directory import RunDirectory, write_json
from rnnbuild.training.state import TrainingState

KEPT = 2
BEST = "best"
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    path: Path
    """Of its JSON file."""
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
    """Write a checkpoint and keep the last two. Raises OSError; older ones then stay."""
    run.checkpoints.mkdir(exist_ok=True)
    _write(run.checkpoints / f"step-{state.steps:09d}", model, optimizer, state)
    for old in _paths(run)[:-KEPT]:
        old.unlink(missing_ok=True)
        old.with_suffix(".npz").unlink(missing_ok=True)


def save_best(run: RunDirectory, model: Any, optimizer: Any, state: TrainingState) -> None:
    """Write the weights with the best score so far. Raises OSError."""
    run.checkpoints.mkdir(exist_ok=True)
    _write(run.checkpoints / BEST, model, optimizer, state)


def _write(path: Path, model: Any, optimizer: Any, state: TrainingState) -> None:
    buffer = io.BytesIO()
    arrays = {name: variable.numpy() for name, variable in variables_of(model, optimizer).items()}
    np.savez(buffer, **arrays)
    content = buffer.getvalue()
    # A checkpoint of this name may stand from before: its JSON must not speak for new arrays.
    path.with_suffix(".json").unlink(missing_ok=True)
    atomic.write_bytes(path.with_suffix(".npz"), content)
    document = {"sha256": hashlib.sha256(content).hexdigest(), "state": state.as_json()}
    write_json(path.with_suffix(".json"), document)


def last_checkpoint(run: RunDirectory) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that is whole, and a warning for each newer one that is not."""
    warnings: list[str] = []
    for path in reversed(_paths(run)):
        checkpoint = read_checkpoint(path)
        if checkpoint is not None:
            return checkpoint, warnings
        warnings.append(f"the checkpoint {path.stem} is damaged; the one before it is used")
    return None, warnings


def best_checkpoint(run: RunDirectory) -> Checkpoint | None:
    """The weights with the best score, if any were kept and are whole."""
    return read_checkpoint(run.checkpoints / f"{BEST}.json")


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint of a JSON file; None where it or its arrays are missing or damaged."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        content = path.with_suffix(".npz").read_bytes()
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return Checkpoint(path, TrainingState(**document["state"]), arrays)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def restore(checkpoint: Checkpoint, model: Any, optimizer: Any) -> None:
    """Put a checkpoint's arrays into a model and its built optimizer.

    Raises ValueError where they belong to another model.
    """
    variables = variables_of(model, optimizer)
    if variables.keys() != checkpoint.arrays.keys():
        raise ValueError(f"{checkpoint.path} belongs to another model")
    for name, variable in variables.items():
        variable.assign(checkpoint.arrays[name])


def restore_weights(checkpoint: Checkpoint, model: Any) -> None:
    """Put only a checkpoint's weights into a model."""
    for number, variable in enumerate(model.weights):
        variable.assign(checkpoint.arrays[f"weight-{number:04d}"])


def _paths(run: RunDirectory) -> list[Path]:
    return sorted(run.checkpoints.glob("step-*.json"))
