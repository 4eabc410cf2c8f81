"""What a contender is given, and how it is told when to run. Needs NumPy only."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Model:
    cell: str
    """As a config writes it: simple_rnn, gru, lstm."""
    bidirectional: bool
    units: int
    width: int
    """Numbers an embedded token has."""
    vocabulary: int
    labels: int
    per_step: bool
    batch_size: int
    carries_state: bool = False
    """Whether each row goes on where the row before it ends. Their number is then a multiple of the
    batch size."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Sequences end to end with a label each, or one for every step."""

    model: Model
    values: NDArray[np.int32]
    offsets: NDArray[np.int64]
    targets: NDArray[np.int32]
    longest: int
    """Of the whole training split: what plain arrays are padded to."""

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.offsets)

    @property
    def lanes(self) -> NDArray[np.int64]:
        """The rows of each batch, (steps, batch size), where the state is carried from one to the
        next."""
        return np.arange(len(self.lengths)).reshape(self.model.batch_size, -1).T

    def padded(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Inputs (rows, longest), and targets (rows,) or (rows, longest)."""
        rows = len(self.offsets) - 1
        real = np.arange(self.longest) < self.lengths[:, None]
        inputs = np.zeros((rows, self.longest), np.int32)
        inputs[real] = self.values
        if not self.model.per_step:
            return inputs, self.targets
        targets = np.zeros((rows, self.longest), np.int32)
        targets[real] = self.targets
        return inputs, targets


def write(piece: Piece, path: Path) -> None:
    np.savez(
        path,
        values=piece.values,
        offsets=piece.offsets,
        targets=piece.targets,
        model=json.dumps(asdict(piece.model)),
        longest=piece.longest,
    )


def read(path: str) -> Piece:
    with np.load(path) as file:
        model = Model(**json.loads(str(file["model"])))
        return Piece(model, file["values"], file["offsets"], file["targets"], int(file["longest"]))


def serve(epoch: Callable[[], None]) -> None:
    """Run an epoch at once, and another for every line of standard input."""
    for word in chain(("ready",), sys.stdin):
        started = time.perf_counter()
        epoch()
        seconds = time.perf_counter() - started
        print(f"{'ready' if word == 'ready' else 'done'} {seconds:.6f}", flush=True)


def serve_pieces(epoch_of: Callable[[Piece], Callable[[], None]]) -> None:
    """For every line of standard input, a path, prepare that piece and run an epoch of it; for an
    empty line run another of the last one."""
    epoch: Callable[[], None] | None = None
    for line in sys.stdin:
        started = time.perf_counter()
        if path := line.strip():
            epoch = epoch_of(read(path))
        assert epoch is not None
        if not path:
            started = time.perf_counter()
        epoch()
        print(f"{'ready' if path else 'done'} {time.perf_counter() - started:.6f}", flush=True)
