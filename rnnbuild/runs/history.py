"""A run's history: a line per evaluation, equal for equal runs.

Wall times stand in a file of their own, line for line, since they differ between equal runs.
"""

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild import atomic
from rnnbuild.metrics.tasks import higher_is_better, is_better
from rnnbuild.runs.record import Count, Positive, Record, RecordFile, Seconds, whole_lines


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """An evaluation, at the end of an epoch or within it."""

    epoch: Positive
    """Under way or just ended, from 1."""
    steps: Count
    """Of training, done in all."""
    step: Count | None = None
    """Steps done of the epoch; None at its end."""
    learning_rate: float | None = None
    """Of the last step, where there is a schedule."""
    train: dict[str, float]
    """Means over the epoch so far, with dropout at work: `loss`, and `accuracy` of labels."""
    validation: dict[str, float | None] | None = None
    """`loss` and every metric; a value is None where it is undefined or not finite. No rows held
    out, no scores."""

    def __post_init__(self) -> None:
        """Raises ValueError where the training loss is missing."""
        if "loss" not in self.train:
            raise ValueError("`train` has no `loss`")

    def scores(self, split: str) -> Mapping[str, float | None]:
        """Of `train` or `validation`."""
        return self.train if split == "train" else self.validation or {}


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When the line of the history with the same number was written."""

    epoch: Positive
    seconds: Seconds
    """Of training by then, over all its sittings."""


def without_infinities(document: dict[str, Any]) -> dict[str, Any]:
    """Lines that had no format could have a validation loss that JSON has no word for."""
    validation = document.get("validation")
    if not isinstance(validation, dict):
        return document
    known = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in validation.items()
    }
    return {**document, "validation": known}


HISTORY = RecordFile(
    HistoryLine,
    "restore it from a copy; `rnnbuild resume` restores that of a run that has not finished",
    from_unnumbered=without_infinities,
)
TIMINGS = RecordFile(
    Timing, "restore it from a copy, or delete it: only TensorBoard's curves read it"
)


def read_history(path: Path) -> list[HistoryLine]:
    """Every whole line; none where there is no file yet. Raises RunError where one is damaged."""
    return HISTORY.read_lines(path)


def read_timings(path: Path) -> list[Timing]:
    """Every whole line; none where there is no file yet. Raises RunError where one is damaged."""
    return TIMINGS.read_lines(path)


def append(path: Path, file: RecordFile[Record], record: Record) -> str:
    """Add a line and flush it to the disk. Returns its text, line end and all. Raises OSError."""
    text = file.line(record)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return text


def texts(path: Path) -> list[str]:
    """The text of every whole line, line end and all, sound or not; none where there is no file.

    Raises RunError where the file cannot be read.
    """
    return [line.decode("utf-8", errors="replace") + "\n" for line in whole_lines(path)]


def rewrite(path: Path, texts: Iterable[str]) -> None:
    """Let the file hold these lines and no others. Raises OSError."""
    atomic.write_text(path, "".join(texts))


def best_evaluation(lines: Iterable[HistoryLine | None], metric: str) -> HistoryLine | None:
    """The first of the lines with the best validation score; None where none has one."""
    best: HistoryLine | None = None
    for line in lines:
        score = line.scores("validation").get(metric) if line is not None else None
        known = best.scores("validation").get(metric) if best is not None else None
        if is_better(score, known, higher_is_better(metric)):
            best = line
    return best
