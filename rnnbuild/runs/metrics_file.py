"""metrics.json: what a finished run scored, beside the trivial answers, and where it goes wrong."""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.metrics.by_label import LabelScores
from rnnbuild.metrics.by_length import LengthBin
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import Count, Positive, RecordFile
from rnnbuild.tasks.facts import Task

Split = Literal["train", "validation", "test"]
Values = dict[str, float | None]
"""Scores without intervals by metric; None where one is undefined."""
Answer = str | tuple[str, ...] | tuple[float | None, ...] | None
"""A label or a text, several labels, or numbers; None is a label that the training split lacks."""


@dataclass(frozen=True)
class ConfusionCell:
    """How often a label was answered where another, or the same, was correct."""

    target: str | None
    """None for labels that the training split lacks."""
    prediction: str | None
    count: Positive


@dataclass(frozen=True)
class WrongAnswer:
    """An example that was answered wrongly."""

    row: Positive
    """Of the split, from 1."""
    text: str
    badness: float | None
    """By which the worst are chosen (`metrics/mistakes.py`); None where it is not a number."""
    target: Answer
    prediction: Answer


@dataclass(frozen=True)
class WrongToken:
    """A token with a wrong tag; `place` counts from 1 within its sentence."""

    place: Positive
    token: str
    target: str | None
    prediction: str | None


@dataclass(frozen=True)
class WrongTokens:
    """A sentence of which some tokens were tagged wrongly."""

    row: Positive
    text: str
    badness: float | None
    tokens: tuple[WrongToken, ...]


Mistake = WrongAnswer | WrongTokens


@dataclass(frozen=True, kw_only=True)
class Details:
    """What stands behind a split's scores; a kind of answers without such a thing has no key."""

    by_label: dict[str, LabelScores] | None = None
    """Of each label that occurs."""
    confusion: tuple[ConfusionCell, ...] | None = None
    """The most frequent first; cells of 0 are left out."""
    by_entity_type: dict[str, LabelScores] | None = None
    """Where tags mark entities."""
    by_length: tuple[LengthBin, ...] | None = None
    """The shortest first."""
    mistakes: tuple[Mistake, ...]
    """The worst, at most ten."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A model's scores on some splits, each beside the trivial answers to the same rows."""

    task: Task
    main: str
    """The metric by which runs are compared."""
    scores: dict[Split, dict[str, Score]]
    baselines: dict[Split, dict[str, Values]]
    """By the name of the trivial method."""
    details: dict[Split, Details]

    def __post_init__(self) -> None:
        """Raises ValueError where scores lack the main metric."""
        splits = [scores.keys() for scores in self.scores.values()]
        methods = [values.keys() for split in self.baselines.values() for values in split.values()]
        if not all(self.main in metrics for metrics in (*splits, *methods)):
            raise ValueError(f"not all its scores have the main metric, {self.main}")

    @property
    def main_split(self) -> Split | None:
        """The one whose scores speak for the model: test, or else validation."""
        splits: tuple[Split, ...] = ("test", "validation")
        return next((split for split in splits if split in self.scores), None)


@dataclass(frozen=True, kw_only=True)
class Metrics(Evaluation):
    """The evaluation of a finished run on the rows that it did not train on."""

    epochs: Count
    """Whole ones, done."""
    steps: Count
    parameters: Count
    """Weights that are trained and weights that are not."""
    remarks: tuple[str, ...]
    """What the run's user should know, in sentences."""


METRICS = RecordFile(Metrics, "delete it, and `rnnbuild resume` scores the run again")


def read_metrics(run: RunDirectory) -> Metrics | None:
    """None where the run has not finished. Raises RunError where the file is damaged."""
    return METRICS.read(run.metrics) if run.metrics.is_file() else None


def write_metrics(run: RunDirectory, metrics: Metrics) -> None:
    """Raises OSError."""
    METRICS.write(run.metrics, metrics)
