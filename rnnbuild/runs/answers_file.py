"""answers-validation.json.gz and answers-test.json.gz: a run's answers to the rows of a split.

With them, reports and comparisons of runs need neither TensorFlow nor the data: the scores can be
computed again from them (`answer_tables.py`), of any choice of the rows.

A file has at most MOST_ROWS rows, and MOST_BYTES before it is compressed. Of more rows it has a
seeded sample, the same for all runs: of two samples the smaller is a part of the larger. Windows of
a series depend on their neighbours, so of these it has the last ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rnnbuild.metrics.tasks import METRICS
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Split
from rnnbuild.runs.record import RecordFile, is_there
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.traits import ScoredAs
from rnnbuild.typed_values import Count, Positive

MOST_ROWS = 50_000
MOST_BYTES = 8 << 20
MOST_NUMBERS = 200_000
"""Targets of a split that are recorded, and as many predictions, where they are numbers."""
FEW_LABELS = 10
"""Up to so many labels, every probability is recorded; otherwise those of target and prediction."""
LONGEST_TEXT = 240
"""Characters of a row's text that are recorded."""

Label = Count | None
"""A label's place in `labels`, from 0; None for one that is not in training, and where the model
gave no number."""
Number = float | None
"""None where it is not finite."""


@dataclass(frozen=True, kw_only=True)
class LabelAnswers:
    """One label a row. All columns are as long as there are rows, here and below."""

    labels: tuple[str, ...]
    """In the order of the model's outputs."""
    targets: tuple[Label, ...]
    predictions: tuple[Label, ...]
    probabilities: tuple[tuple[Number, ...], ...] | None = None
    """With up to FEW_LABELS labels, the model's outputs: a probability for each label or, of two
    labels, that of the second one alone."""
    target_probabilities: tuple[Number, ...] | None = None
    """With more labels, the probability of the target; None where there is none."""
    prediction_probabilities: tuple[Number, ...] | None = None
    """Likewise, that of the prediction."""

    def __post_init__(self) -> None:
        """Raises ValueError where the columns contradict each other, here and below."""
        refuse_unknown_labels(self.labels, [self.targets, self.predictions])
        widths = {len(row) for row in self.probabilities or ()}
        if not widths <= {len(self.labels)} and not (widths == {1} and len(self.labels) == 2):
            raise ValueError(f"`probabilities` are not those of {len(self.labels)} labels")
        if self.probabilities is None and None in (
            self.target_probabilities,
            self.prediction_probabilities,
        ):
            raise ValueError("there are no probabilities")

    @property
    def columns(self) -> tuple[Sequence[object] | None, ...]:
        return (
            *(self.targets, self.predictions, self.probabilities),
            *(self.target_probabilities, self.prediction_probabilities),
        )


@dataclass(frozen=True, kw_only=True)
class LabelSetAnswers:
    """Any number of labels a row: those whose probability is over one half are answered."""

    labels: tuple[str, ...]
    targets: tuple[tuple[Count, ...], ...]
    """The places of each row's labels in `labels`."""
    predictions: tuple[tuple[Count, ...], ...]
    target_probabilities: tuple[tuple[Number, ...], ...]
    """The probability of each of the row's labels, in their order."""
    prediction_probabilities: tuple[tuple[Number, ...], ...]
    """The probability of each predicted label, in their order."""
    unseen: tuple[Count, ...]
    """Labels of each row that are not in training: each is a miss."""

    def __post_init__(self) -> None:
        refuse_unknown_labels(self.labels, [*self.targets, *self.predictions])
        refuse_other_lengths(self.targets, self.target_probabilities)
        refuse_other_lengths(self.predictions, self.prediction_probabilities)

    @property
    def columns(self) -> tuple[Sequence[object] | None, ...]:
        return (
            *(self.targets, self.predictions, self.unseen),
            *(self.target_probabilities, self.prediction_probabilities),
        )


@dataclass(frozen=True, kw_only=True)
class TagAnswers:
    """A tag for each token. Each row has as many tags as the model answered steps."""

    labels: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    """The tokens that were answered; a row without words has none, and one tag all the same."""
    targets: tuple[tuple[Label, ...], ...]
    predictions: tuple[tuple[Count, ...], ...]
    probabilities: tuple[tuple[Number, ...], ...]
    """The probability of each predicted tag, to six digits."""

    def __post_init__(self) -> None:
        refuse_unknown_labels(self.labels, [*self.targets, *self.predictions])
        refuse_other_lengths(self.targets, self.predictions)
        refuse_other_lengths(self.targets, self.probabilities)

    @property
    def columns(self) -> tuple[Sequence[object] | None, ...]:
        return self.tokens, self.targets, self.predictions, self.probabilities


@dataclass(frozen=True, kw_only=True)
class TextAnswers:
    """A text for each row, as its tokens."""

    separator: Literal["", " "]
    """Between two tokens: nothing if they are characters."""
    targets: tuple[tuple[str | None, ...], ...]
    """None for a token that is not in training."""
    predictions: tuple[tuple[str, ...], ...]
    probabilities: tuple[Number, ...]
    """The probability of each answer, to six digits."""

    @property
    def columns(self) -> tuple[Sequence[object] | None, ...]:
        return self.targets, self.predictions, self.probabilities


@dataclass(frozen=True, kw_only=True)
class PassageAnswers:
    """Sums over the tokens of each passage of a text, each of which was to be predicted."""

    nats: tuple[Number, ...]
    """What they cost."""
    tokens: tuple[Count, ...]
    characters: tuple[Count, ...]
    correct: tuple[Count, ...]
    """Tokens that were the likeliest."""

    @property
    def columns(self) -> tuple[Sequence[object] | None, ...]:
        return self.nats, self.tokens, self.characters, self.correct


@dataclass(frozen=True, kw_only=True)
class NumberAnswers:
    """Numbers for each row; of a series, step by step and in each step each column in turn."""

    names: tuple[str, ...]
    """The columns of the series that are forecast; none where sequences are given one by one."""
    outputs: Positive
    """How many numbers an answer has."""
    targets: tuple[tuple[Number, ...], ...]
    """The first numbers of each row, as many as there is room for, to seven digits."""
    predictions: tuple[tuple[Number, ...], ...]
    """The same numbers, as the model answered."""
    errors: dict[str, tuple[Number, ...]]
    """Sums of each row's errors, over all its numbers, by the function in `metrics/forecasting.py`
    that computes them: `squared_errors`."""
    dates: tuple[str, ...] | None = None
    """The date of the first step that is forecast, or its number in the series."""

    def __post_init__(self) -> None:
        refuse_other_lengths(self.targets, self.predictions)
        if len(set(map(len, self.targets))) > 1:
            raise ValueError("rows of `targets` are not equally long")

    @property
    def columns(self) -> tuple[Sequence[object] | None, ...]:
        return self.targets, self.predictions, *self.errors.values(), self.dates


def refuse_unknown_labels(labels: Sequence[str], ids: Sequence[Sequence[Label]]) -> None:
    """Raises ValueError for the number of a label that there is not."""
    highest = max((label for row in ids for label in row if label is not None), default=-1)
    if highest >= len(labels):
        raise ValueError(f"there is no label {highest}: there are {len(labels)}")


def refuse_other_lengths(
    rows: Sequence[Sequence[object]], others: Sequence[Sequence[object]]
) -> None:
    """Raises ValueError where a row of one is longer than that of the other."""
    if list(map(len, rows)) != list(map(len, others)):
        raise ValueError("rows of two columns are not equally long")


RecordedAnswers = (
    LabelAnswers | LabelSetAnswers | TagAnswers | TextAnswers | PassageAnswers | NumberAnswers
)


@dataclass(frozen=True, kw_only=True)
class SplitAnswers:
    """A model's answers to the rows of a split, or to a sample of them."""

    task: Task
    scored_as: ScoredAs
    split: Split
    count: Count
    """Rows of the split."""
    rows: tuple[Positive, ...] | None = None
    """The rows that are here, from 1 and in their order; None for all."""
    digests: tuple[str, ...]
    """Of each row's input and target as they were read: rows of two runs with equal ones are the
    same."""
    texts: tuple[str, ...]
    """The rows as a person reads them, cut to LONGEST_TEXT characters."""
    lengths: tuple[Positive, ...]
    """Steps of each row that the model reads."""
    answers: RecordedAnswers

    def __post_init__(self) -> None:
        """Raises ValueError where columns have other lengths than the rest."""
        rows = len(self.digests)
        columns = (self.texts, self.lengths, self.rows, *self.answers.columns)
        if any(column is not None and len(column) != rows for column in columns):
            raise ValueError(f"a column does not have {rows} rows, as `digests` has")
        if isinstance(self.answers, NumberAnswers):
            names = {metric.statistics.__name__ for metric in METRICS[self.scored_as]}
            if not self.answers.errors or not names.issuperset(self.answers.errors):
                raise ValueError(f"`errors` are not those of {self.scored_as}")
        if self.rows is None and rows != self.count:
            raise ValueError(f"there are {rows} rows of {self.count}, and nothing says which")

    @property
    def row_numbers(self) -> Sequence[int]:
        """The rows that are here, from 1."""
        return range(1, self.count + 1) if self.rows is None else self.rows


ANSWERS = RecordFile(
    SplitAnswers, "delete it, and `rnnbuild evaluate` writes it again", compressed=True
)


def read_answers(run: RunDirectory, split: Split) -> SplitAnswers | None:
    """A run's answers to a split; None where they are not recorded, as by older versions.

    Raises RunError where the file is damaged.
    """
    path = run.answers(split)
    return ANSWERS.read(path) if is_there(path) else None


def uncompressed_size(answers: SplitAnswers) -> int:
    """Bytes of the file before it is compressed."""
    return len(ANSWERS.line(answers).encode("utf-8"))


def write_answers(run: RunDirectory, answers: SplitAnswers) -> None:
    """Write the file. Raises OSError."""
    ANSWERS.write(run.answers(answers.split), answers)
