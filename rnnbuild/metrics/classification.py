"""One label a row: accuracy, balanced accuracy, macro F1 and log loss."""

from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.dependence import mean_interval
from rnnbuild.metrics.f1 import f1, macro, recall, split
from rnnbuild.metrics.label_counts import label_counts
from rnnbuild.metrics.metric import Array, Bounds, FloatArray, Metric, ratio, with_ones
from rnnbuild.metrics.shares import mean_share_interval, share_interval
from rnnbuild.metrics.unseen import UNSEEN, check_label_ids, hits
from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import ScoredAs, TaskTraits

# What Keras' losses clip probabilities at: a certain and wrong answer costs 16.1 nats.
SMALLEST_PROBABILITY = 1e-7


@dataclass(frozen=True)
class Classified:
    """Rows with one label each.

    `targets` and `predictions` (rows,) are label numbers; a target of -1 is unseen in train and
    always a miss. `probabilities` (rows, labels) are None where the answers come without.
    Raises ValueError where shapes or numbers do not fit.
    """

    targets: Array
    predictions: Array
    labels: tuple[str, ...]
    probabilities: FloatArray | None = None
    task: TaskTraits = CLASSIFY
    """The task that was asked, which says how its answers are scored."""

    def __post_init__(self) -> None:
        check_label_ids(self.targets, self.labels, "targets")
        check_label_ids(self.predictions, self.labels, "predictions")
        if self.targets.ndim != 1 or self.predictions.shape != self.targets.shape:
            raise ValueError(
                f"targets {self.targets.shape} and predictions {self.predictions.shape} "
                "are one number a row each"
            )
        shape = (len(self.targets), len(self.labels))
        if self.probabilities is not None and self.probabilities.shape != shape:
            raise ValueError(f"probabilities are {self.probabilities.shape} and not {shape}")

    @property
    def scored_as(self) -> ScoredAs:
        return self.task.scored_as(DataFacts(self.task.name, self.labels))

    @classmethod
    def from_probabilities(
        cls,
        targets: Array,
        probabilities: Array,
        labels: tuple[str, ...],
        task: TaskTraits = CLASSIFY,
    ) -> "Classified":
        """Answers with the likeliest label of each row; the first of several equally likely.

        `probabilities` are (rows, labels); or, of two labels, (rows,) or (rows, 1): that of the
        second one, which is then the answer above one half.
        """
        table = np.asarray(probabilities, dtype=np.float64)
        if len(labels) == 2 and table.size == len(table):
            second = table.reshape(-1)
            table = np.stack([1 - second, second], axis=1)
        if table.ndim != 2 or not table.shape[1]:
            raise ValueError(f"probabilities are (rows, labels), and these are {table.shape}")
        answered = ~np.isnan(table).any(axis=1)
        predictions = np.where(answered, table.argmax(axis=1), UNSEEN)
        return cls(np.asarray(targets), predictions, labels, table, task)


def correct_answers(answers: Classified) -> FloatArray:
    """Correct or not, and 1: (rows, 2)."""
    return with_ones(hits(answers.targets, answers.predictions))


def class_counts(answers: Classified) -> Array:
    """Correct, predicted and actual counts by class: (rows, 3 x (labels + 1))."""
    rows = np.arange(len(answers.targets))
    return label_counts(answers.targets, answers.predictions, rows, len(rows), len(answers.labels))


def interval_of_recalls(statistics: Array) -> Bounds:
    """The interval of the mean recall, from the counts of `class_counts`."""
    correct, _, actual = split(statistics.sum(axis=0, dtype=np.float64))
    occurring = actual > 0
    return mean_share_interval(correct[occurring], actual[occurring])


def interval_of_losses(statistics: Array) -> Bounds | str:
    """The interval of the mean loss, from (rows, 2): losses, and 1."""
    return mean_interval(statistics[:, 0])


def target_probabilities(answers: Classified) -> FloatArray:
    """The probability given to the correct label (rows,): 0 for one unseen, or not a number.

    Raises ValueError where the answers have no probabilities.
    """
    if answers.probabilities is None:
        raise ValueError("these answers come without probabilities")
    given = answers.probabilities[np.arange(len(answers.targets)), answers.targets]
    return np.where(answers.targets == UNSEEN, 0.0, np.nan_to_num(given, nan=0.0))


def losses(answers: Classified) -> FloatArray:
    """Negative log likelihood of the correct label in nats: (rows, 2)."""
    likely = np.clip(target_probabilities(answers), SMALLEST_PROBABILITY, 1.0)
    return with_ones(-np.log(likely))


ACCURACY = Metric("accuracy", correct_answers, ratio, interval=share_interval)
# Mean recall over the classes that have targets.
BALANCED_ACCURACY = Metric(
    "balanced_accuracy", class_counts, macro(recall), interval=interval_of_recalls
)
# Mean F1 over the classes that were meant or predicted.
MACRO_F1 = Metric("macro_f1", class_counts, macro(f1))
LOG_LOSS = Metric(
    "log_loss",
    losses,
    ratio,
    higher_is_better=False,
    unit="nats",
    interval=interval_of_losses,
    can_score=lambda answers: answers.probabilities is not None,
)
