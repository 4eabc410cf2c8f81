"""What a checkpoint's file contains: its arrays, and the state of training as plain values.

Its first line is the SHA-256 of everything after it; its second is the header
(`checkpoint_files.py`); the rest is a NumPy archive. It is read without pickle: a checkpoint cannot
run code. Checkpoints of version 0.1 have no header.
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
from rnnbuild.runs.checkpoint_files import HEADER_START, Header, header_of

STATE = "state"
"""The name under which the state of training is in the archive."""
WEIGHT = "weight"
"""The group of the model's weights among the arrays."""
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class CheckpointContent:
    """Every variable of a run by its name, and the rest of what training knows."""

    path: Path
    state: dict[str, Any]
    arrays: Arrays

    @property
    def weights(self) -> list[NDArray[Any]]:
        """The model's weights, in the order of Keras' `model.weights`."""
        names = sorted(name for name in self.arrays if name.startswith(f"{WEIGHT}-"))
        return [self.arrays[name] for name in names]


def array_name(group: str, number: int) -> str:
    """`weight-0003`: names follow from positions, since Keras' own depend on the process."""
    return f"{group}-{number:04d}"


def write_content(path: Path, header: Header, state: dict[str, Any], arrays: Arrays) -> None:
    """Write a checkpoint, which is there once it is complete. Raises OSError."""
    buffer = io.BytesIO()
    # mypy takes the names for those of NumPy's own arguments.
    every = {**arrays, STATE: np.frombuffer(json.dumps(state).encode(), np.uint8)}
    np.savez(buffer, **every)  # type: ignore[arg-type]
    content = header.line() + buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic.write_bytes(path, digest + b"\n" + content)


def read_content(path: Path) -> CheckpointContent | None:
    """The content of a file; None if it is missing or damaged."""
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
        state = json.loads(arrays.pop(STATE).tobytes())
    # An array that is not damaged may still claim to be larger than the file, or than the memory.
    except (OSError, ValueError, KeyError, MemoryError, zipfile.BadZipFile):
        return None
    if not isinstance(state, dict) or not isinstance(state.get("best"), dict):
        return None
    return CheckpointContent(path, state, arrays)


def is_stored(content: bytes) -> bool:
    """Whether an archive is as NumPy writes it: without compression, and so no larger unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    stored = all(member.compress_type == zipfile.ZIP_STORED for member in members)
    return stored and sum(member.file_size for member in members) <= len(content)


def best_steps_of(path: Path) -> int:
    """The step of the best evaluation that a checkpoint records; 0 if it is damaged."""
    header = header_of(path)
    if header is not None:
        return header.best_steps
    content = read_content(path)
    return int(content.state["best"].get("steps", 0)) if content is not None else 0
