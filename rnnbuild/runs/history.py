"""A run's history: a line for each evaluation, equal for equal runs.

Wall times are in a separate file, line for line, since they differ between equal runs.
"""

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild import atomic
from rnnbuild.metrics.tasks import higher_is_better, is_better_evaluation
from rnnbuild.runs.record import Record, RecordFile, is_there, refuse_other_than_file, whole_lines
from rnnbuild.typed_values import Count, Positive, Seconds


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """An evaluation, at the end of an epoch or within it."""

    epoch: Positive
    """The epoch in progress or just ended, from 1."""
    steps: Count
    """Training steps done in total."""
    step: Count | None = None
    """Steps done in the epoch; None at its end."""
    learning_rate: float | None = None
    """Learning rate of the last step, if there is a schedule."""
    train: dict[str, float]
    """Means over the epoch so far, with dropout active: `loss`, and `accuracy` for labels."""
    validation: dict[str, float | None] | None = None
    """`loss` and every metric; a value is None where it is undefined or not finite. None without
    validation rows."""
    validation_parts: tuple[float, ...] | None = None
    """Mean losses of parts of the validation rows (`metrics/loss_parts.py`); None where these are
    few, or losses not finite, and in runs of older versions."""

    def __post_init__(self) -> None:
        """Raises ValueError where the training loss is missing."""
        if "loss" not in self.train:
            raise ValueError("`train` has no `loss`")

    def scores(self, split: str) -> Mapping[str, float | None]:
        """Scores of `train` or `validation`."""
        return self.train if split == "train" else self.validation or {}


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When the history line with the same number was written."""

    epoch: Positive
    seconds: Seconds
    """Training time up to then, over all sessions of the run."""


def without_infinities(document: dict[str, Any]) -> dict[str, Any]:
    """Files without a format may have an infinite or NaN validation loss: here it is None."""
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
    "restore it from a copy; for an unfinished run, `rnnbuild resume` restores it",
    from_unnumbered=without_infinities,
)
TIMINGS = RecordFile(
    Timing, "restore it from a copy, or delete it: it is only used for TensorBoard"
)


def read_history(path: Path) -> list[HistoryLine]:
    """Every whole line; none where there is no file yet. Raises RunError where one is damaged."""
    return HISTORY.read_lines(path)


def read_timings(path: Path) -> list[Timing]:
    """Every whole line; none where there is no file yet. Raises RunError where one is damaged."""
    return TIMINGS.read_lines(path)


def append(path: Path, file: RecordFile[Record], record: Record) -> str:
    """Append a line and flush it to disk. Returns its text with the line end. Raises OSError."""
    text = file.line(record)
    if is_there(path):
        refuse_other_than_file(path)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return text


def line_texts(path: Path) -> list[str]:
    """The text of every whole line with its line end, valid or not; none where there is no file.

    Raises RunError where the file cannot be read.
    """
    return [line.decode("utf-8", errors="replace") + "\n" for line in whole_lines(path)]


def rewrite(path: Path, texts: Iterable[str]) -> None:
    """Replace the file's lines with these, atomically. Raises OSError."""
    atomic.write_text(path, "".join(texts))


def best_evaluation(lines: Iterable[HistoryLine], metric: str) -> HistoryLine | None:
    """The first of the lines with the best validation score, by the loss where scores are equal;
    None where none has one."""
    best: HistoryLine | None = None
    for line in lines:
        known = best.scores("validation") if best is not None else {}
        scores = line.scores("validation")
        if is_better_evaluation(scores, known, metric, higher_is_better(metric)):
            best = line
    return best
