"""A stream's state in a file, to be taken up again: JSON, written whole or not at all."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.inference.stream.stream import NOTHING, Stream, StreamState
from rnnbuild.leftovers import hold
from rnnbuild.runs.record import RecordFile, is_there, refuse_other_than_file
from rnnbuild.typed_values import Count, Sha256

LARGEST = float(np.finfo(np.float32).max)
Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class SavedState:
    """A state, and the weights that it is of."""

    model: Sha256
    steps: Count
    layers: dict[str, Rows]
    """What the model carries, by `LAYER/h` and `LAYER/c`: a row for each sequence side by side."""
    recent: Rows
    """What the next answer looks back to besides: of a series its last values, a row for each step;
    of running text the outputs after its last token."""


STATES = RecordFile(SavedState, "delete it to begin anew, or restore it from a copy")


class StateFile:
    """The state of one stream at a time: two would each replace what the other has read.

    The file is locked as long as this lives, where the system has locks.
    """

    def __init__(self, path: Path, stream: Stream) -> None:
        self._path, self._stream = path, stream
        self._lock: BinaryIO | None = None

    def read(self) -> StreamState:
        """As `read_state`. Raises ArgumentError too where another stream has the file."""
        read_state(self._path, self._stream)  # raises for a pipe, which would be waited for
        if is_there(self._path):
            self._hold()
        return read_state(self._path, self._stream)

    def write(self, state: StreamState) -> None:
        """As `write_state`. Raises ArgumentError too where another stream has the file."""
        if self._lock is None and is_there(self._path):  # begun by another in the meantime
            self._hold()
        write_state(self._path, self._stream, state)
        self._hold()

    def _hold(self) -> None:
        """Lock the file that has the name now; the lock on the one it replaced ends."""
        if os.name != "posix":  # there a file that is open cannot be replaced
            return
        lock = self._path.open("rb")
        if not hold(lock.fileno()):
            lock.close()
            raise ArgumentError(
                f"{self._path} is in use by another stream",
                "name another file: each stream has a state of its own",
            )
        if self._lock is not None:
            self._lock.close()
        self._lock = lock


def read_state(path: Path, stream: Stream) -> StreamState:
    """The state in a file; the initial one where there is no file yet.

    Raises ArgumentError where it cannot be read, RunError where it is damaged or of another model.
    """
    initial = stream.initial
    if not is_there(path):
        return initial
    try:
        refuse_other_than_file(path)
        content = path.read_bytes()
    except OSError as error:
        raise ArgumentError(f"{path} cannot be read: {error.strerror}") from None
    saved = STATES.parse(content, path)
    expected = shapes_of(stream, initial)
    if (found := {name: shape_of(rows) for name, rows in saved.layers.items()}) != expected:
        raise of_another_model(
            path, f"it carries {shapes_text(found)}, and the model {shapes_text(expected)}"
        )
    if saved.model != stream.fingerprint:
        raise of_another_model(path, "the weights differ")
    if shape_of(saved.recent) != stream.reader.recent_shape(saved.steps):
        rows, columns = stream.reader.recent_shape(saved.steps)
        raise RunError(
            f"{path} is damaged: `recent`: expected {rows} steps of {columns} numbers",
            STATES.remedy,
        )
    layers = tuple(np.array([saved.layers[name]]) for name in expected)
    if any(np.abs(carried).max(initial=0) > LARGEST for carried in layers):
        raise RunError(f"{path} is damaged: a number in `layers` is too large", STATES.remedy)
    layers = tuple(carried.astype(np.float32) for carried in layers)
    return StreamState(saved.steps, layers, np.array(saved.recent) if saved.recent else NOTHING)


def write_state(path: Path, stream: Stream, state: StreamState) -> None:
    """Replace the file. Raises ArgumentError where it cannot be written; the old one then stays."""
    layers = dict(zip(stream.model.carried, map(rows_of, state.layers), strict=True))
    recent = tuple(map(tuple, state.recent.tolist()))
    saved = SavedState(model=stream.fingerprint, steps=state.steps, layers=layers, recent=recent)
    try:
        STATES.write(path, saved)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None


def rows_of(carried: NDArray[np.float32]) -> Rows:
    """(1, B, units) as plain rows, exactly."""
    return tuple(map(tuple, carried[0].tolist()))


def shapes_of(stream: Stream, state: StreamState) -> dict[str, tuple[int, int]]:
    """The rows and units of each thing that the model carries."""
    shapes = [one.shape[1:] for one in state.layers]
    return dict(zip(stream.model.carried, shapes, strict=True))


def shape_of(rows: Sequence[Sequence[float]]) -> tuple[int, int]:
    """Rows and units; no units where the rows differ in theirs."""
    units = {len(row) for row in rows}
    return len(rows), units.pop() if len(units) == 1 else 0


def shapes_text(shapes: dict[str, tuple[int, int]]) -> str:
    """`lstm/h of 64 units, lstm/c of 64 units`."""
    return ", ".join(f"{name} of {units} units" for name, (_, units) in shapes.items()) or "nothing"


def of_another_model(path: Path, why: str) -> RunError:
    return RunError(
        f"{path} is the state of another model: {why}",
        "name the run that it belongs to, or another file for this one",
    )
