"""metrics.json: the scores of a finished run, those of trivial answers, and its mistakes."""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.metrics.by_column import ColumnScores
from rnnbuild.metrics.by_kind import KindScores
from rnnbuild.metrics.by_label import LabelScores
from rnnbuild.metrics.by_length import LengthBin
from rnnbuild.metrics.by_position import PositionBin
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import RecordFile, is_there
from rnnbuild.tasks.facts import Task
from rnnbuild.typed_values import Count, Positive

Split = Literal["train", "validation", "test"]
Values = dict[str, float | None]
"""Scores by metric, without intervals; None where undefined."""
Answer = str | tuple[str, ...] | tuple[float | None, ...] | None
"""A label or text, several labels, or numbers; None is a label that is not in training."""


@dataclass(frozen=True)
class ConfusionCell:
    """How often one label was predicted for another, or correctly for itself."""

    target: str | None
    """None for a label that is not in training."""
    prediction: str | None
    count: Positive


@dataclass(frozen=True)
class WrongAnswer:
    """An example with a wrong answer."""

    row: Positive
    """Its row in the split, from 1."""
    text: str
    badness: float | None
    """How bad it is (`metrics/mistakes.py`), to choose the worst; None where not finite."""
    target: Answer
    prediction: Answer
    source: str | None = None
    """`file:line` where the row begins, the file relative to the data's folder."""


@dataclass(frozen=True)
class WrongToken:
    """A token with a wrong tag; `place` is its position in the sentence, from 1."""

    place: Positive
    token: str
    target: str | None
    prediction: str | None


@dataclass(frozen=True)
class WrongTokens:
    """A sentence in which some tokens have wrong tags."""

    row: Positive
    text: str
    badness: float | None
    tokens: tuple[WrongToken, ...]
    source: str | None = None


@dataclass(frozen=True)
class SurprisingToken:
    """A token of a passage that the model did not expect."""

    place: Positive
    """Its place in the passage, from 1."""
    token: str
    nats: float | None
    """What it cost; None where not finite, here and below."""
    expected: str
    """The likeliest token in its place."""
    probability: float | None
    """Of the likeliest token."""


@dataclass(frozen=True)
class SurprisingPassage:
    """A passage of a text whose tokens were not expected."""

    row: Positive
    """Its row in the split, from 1."""
    text: str
    badness: float | None
    """Nats a token."""
    pieces: tuple[str, ...]
    """What each token adds to the text, which is all of them in a row."""
    nats: tuple[float | None, ...]
    """What each token cost."""
    surprises: tuple[SurprisingToken, ...]
    """The tokens that cost most, the worst first."""
    source: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where columns have other lengths than the rest."""
        if len(self.nats) != len(self.pieces):
            raise ValueError("`nats` and `pieces` are not equally long")
        if any(each.place > len(self.pieces) for each in self.surprises):
            raise ValueError("`surprises` has a place beyond the passage's end")


Mistake = WrongAnswer | WrongTokens | SurprisingPassage


@dataclass(frozen=True, kw_only=True)
class Details:
    """Details behind a split's scores; those that do not apply to the task are None."""

    by_label: dict[str, LabelScores] | None = None
    """Scores of each label that occurs."""
    confusion: tuple[ConfusionCell, ...] | None = None
    """Most frequent first, without zero cells."""
    by_entity_type: dict[str, LabelScores] | None = None
    """Scores of each entity type, if tags mark entities."""
    by_length: tuple[LengthBin, ...] | None = None
    """Shortest first."""
    by_column: dict[str, ColumnScores] | None = None
    """Scores of each column of a forecast, if these have units of their own."""
    by_position: tuple[PositionBin, ...] | None = None
    """What tokens cost by the number of those read before, fewest first, of a language model."""
    by_kind: tuple[KindScores, ...] | None = None
    """What tokens cost by their kind, of a language model."""
    gains: dict[str, Score] | None = None
    """How much better a language model is than each trivial method, by the main metric."""
    mistakes: tuple[Mistake, ...]
    """The ten worst at most."""


@dataclass(frozen=True, kw_only=True)
class TextSize:
    """How much running text was scored."""

    tokens: Count
    characters: Count
    token: str = "token"
    """What a token is called: `character`, `byte`; of words, punctuation and line ends `token`."""


@dataclass(frozen=True, kw_only=True)
class FoldScores:
    """What the model that is tested on one fold scores."""

    rows: Positive
    scores: Values


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A model's scores on some splits, and those of trivial answers to the same rows."""

    task: Task
    main: str
    """The metric by which runs are compared."""
    scores: dict[Split, dict[str, Score]]
    baselines: dict[Split, dict[str, Values]]
    """By split, then by the name of the trivial method."""
    details: dict[Split, Details]
    text: dict[Split, TextSize] | None = None
    """By split, of a language model."""
    folds: tuple[FoldScores, ...] | None = None
    """Where the test scores are out of fold, those of each fold; None else."""

    def __post_init__(self) -> None:
        """Raises ValueError where scores lack the main metric."""
        splits = [scores.keys() for scores in self.scores.values()]
        methods = [values.keys() for split in self.baselines.values() for values in split.values()]
        if not all(self.main in metrics for metrics in (*splits, *methods)):
            raise ValueError(f"not all scores have the main metric, {self.main}")

    @property
    def main_split(self) -> Split | None:
        """The split that represents the model: test, else validation."""
        splits: tuple[Split, ...] = ("test", "validation")
        return next((split for split in splits if split in self.scores), None)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The evaluation whose weights are those of the saved model."""

    epoch: Positive
    """The epoch in progress or just ended, from 1."""
    steps: Count
    """Training steps done by then."""
    step: Count | None = None
    """Steps done in the epoch; None at its end."""
    metric: str | None = None
    """The validation score by which it is the best; None where the last weights were kept."""
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Metrics(Evaluation):
    """The evaluation of a finished run on validation and test rows."""

    epochs: Count
    """Completed epochs."""
    steps: Count
    parameters: Count
    """Number of weights, trainable or not."""
    kept: Kept | None = None
    """None in runs of version 0.1, which kept the best weights only with early stopping."""
    remarks: tuple[str, ...]
    """Sentences for the user of the run."""


METRICS = RecordFile(Metrics, "delete it, and `rnnbuild resume` scores the run again", format=2)


def read_metrics(run: RunDirectory) -> Metrics | None:
    """A run's metrics; None if it has not finished. Raises RunError where the file is damaged."""
    return METRICS.read(run.metrics) if is_there(run.metrics) else None


def write_metrics(run: RunDirectory, metrics: Metrics) -> None:
    """Write the file. Raises OSError."""
    METRICS.write(run.metrics, metrics)
