"""The files in a run's checkpoints/: their names, and their second line, which is read alone.

Nothing here needs the arrays behind that line (`training/progress/checkpoint.py`).
"""

import json
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.typed_values import Count, Seconds, UnexpectedValueError, from_plain, to_plain

FORMAT = 2
HEADER_START = b"{"
"""First byte of the second line; where there is none, an archive starts with `PK`."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """What is known of a checkpoint without reading the rest."""

    format: Count = FORMAT
    best_steps: Count
    """The step of the best evaluation so far."""
    epoch: Count | None = None
    """Whole epochs done; this and the next were not written at first."""
    seconds: Seconds | None = None
    """Training time so far."""

    def line(self) -> bytes:
        return json.dumps(to_plain(self)).encode() + b"\n"


def checkpoint_path(run: RunDirectory, steps: int) -> Path:
    """The checkpoint after so many steps."""
    return run.checkpoints / f"step-{steps:09d}.checkpoint"


def checkpoint_paths(run: RunDirectory) -> list[Path]:
    """Every checkpoint, oldest first."""
    return sorted(run.checkpoints.glob("step-*.checkpoint"))


def steps_of(path: Path) -> int:
    """The steps done by a checkpoint, from its name; 0 for another file's."""
    digits = path.stem.removeprefix("step-")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0


def header_of(path: Path) -> Header | None:
    """A checkpoint's second line; None where it has none or cannot be read."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            stream.readline()
            line = stream.readline() if stream.peek(1).startswith(HEADER_START) else b"null"
        header: Header = from_plain(Header, json.loads(line))
    except (OSError, ValueError, RecursionError, UnexpectedValueError):
        return None
    return header
