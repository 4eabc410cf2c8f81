"""Several labels at once: micro F1, macro F1 and subset accuracy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rnnbuild.metrics.f1 import f1, macro, micro
from rnnbuild.metrics.metric import Array, FloatArray, Metric, ratio, with_ones
from rnnbuild.metrics.shares import share_interval
from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import ScoredAs, TaskTraits


@dataclass(frozen=True)
class MultiLabelled:
    """Rows with any number of labels each.

    `targets` (rows, labels) are 0 or 1, `probabilities` (rows, labels) are answered yes above
    one half. `unseen` (rows,) counts the labels of a row that train lacks: each is a miss.
    Raises ValueError where shapes do not fit.
    """

    targets: Array
    probabilities: Array
    labels: tuple[str, ...]
    unseen: Array | None = None
    task: TaskTraits = CLASSIFY
    """The task that was asked, which says how its answers are scored."""

    def __post_init__(self) -> None:
        shape = (len(self.targets), len(self.labels))
        for name, array in (("targets", self.targets), ("probabilities", self.probabilities)):
            if array.shape != shape:
                raise ValueError(f"{name} are {array.shape} and not {shape}")
        if self.unseen is not None and self.unseen.shape != shape[:1]:
            raise ValueError(f"unseen labels are {self.unseen.shape} and not {shape[:1]}")

    @property
    def scored_as(self) -> ScoredAs:
        return self.task.scored_as(DataFacts(self.task.name, self.labels, multi_label=True))

    @property
    def actual(self) -> npt.NDArray[np.bool_]:
        """The labels that each row has."""
        return np.asarray(self.targets > 0.5)

    @property
    def predicted(self) -> npt.NDArray[np.bool_]:
        """The labels answered yes."""
        return np.asarray(self.probabilities > 0.5)

    @property
    def missing(self) -> Array:
        """How many labels of each row train lacks: (rows,)."""
        return np.zeros(len(self.targets), np.int64) if self.unseen is None else self.unseen


def label_set_counts(answers: MultiLabelled) -> Array:
    """Correct, predicted and actual by label, the last one unseen: (rows, 3 x (labels + 1))."""
    counts = np.zeros((len(answers.targets), 3, len(answers.labels) + 1), dtype=np.int32)
    counts[:, 0, :-1] = answers.actual & answers.predicted
    counts[:, 1, :-1] = answers.predicted
    counts[:, 2, :-1] = answers.actual
    counts[:, 2, -1] = answers.missing
    return counts.reshape(len(counts), -1)


def correct_sets(answers: MultiLabelled) -> FloatArray:
    """Correct in every label or not, and 1: (rows, 2)."""
    same = (answers.actual == answers.predicted).all(axis=1)
    return with_ones(same & (answers.missing == 0))


MICRO_F1 = Metric("micro_f1", label_set_counts, micro(f1))
# Mean F1 over the labels that were meant or predicted.
MACRO_F1 = Metric("macro_f1", label_set_counts, macro(f1))
SUBSET_ACCURACY = Metric("subset_accuracy", correct_sets, ratio, interval=share_interval)
