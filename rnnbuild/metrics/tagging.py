"""One label a token: token accuracy and macro F1, resampled by sentence.

The tokens of a sentence depend on each other, so intervals draw whole sentences.
"""

from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.f1 import f1, macro
from rnnbuild.metrics.label_counts import label_counts
from rnnbuild.metrics.metric import Array, FloatArray, Metric, ratio
from rnnbuild.metrics.ragged import check_offsets, row_numbers, row_sums
from rnnbuild.metrics.shares import all_alike
from rnnbuild.metrics.unseen import check_label_ids, hits
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.tag import TAG
from rnnbuild.tasks.traits import ScoredAs, TaskTraits


@dataclass(frozen=True)
class Tagged:
    """Sentences with one label a token, laid end to end.

    `targets` and `predictions` (total,) are label numbers; a target of -1 is unseen in train and
    always a miss. Sentence i has the tokens from offsets[i] to offsets[i + 1]. `labels` may name
    further labels, after those that the model knows. Raises ValueError where shapes or numbers
    do not fit.
    """

    targets: Array
    predictions: Array
    offsets: Array
    labels: tuple[str, ...]
    task: TaskTraits = TAG
    """The task that was asked, which says how its answers are scored."""

    def __post_init__(self) -> None:
        check_label_ids(self.targets, self.labels, "targets")
        check_label_ids(self.predictions, self.labels, "predictions")
        if self.targets.ndim != 1 or self.predictions.shape != self.targets.shape:
            raise ValueError(
                f"targets {self.targets.shape} and predictions {self.predictions.shape} "
                "are one number a token each"
            )
        check_offsets(self.offsets, len(self.targets))

    @property
    def scored_as(self) -> ScoredAs:
        return self.task.scored_as(DataFacts(self.task.name, self.labels))


def correct_tokens(answers: Tagged) -> FloatArray:
    """Correct tokens and all tokens of each sentence: (rows, 2)."""
    correct = row_sums(hits(answers.targets, answers.predictions), answers.offsets)
    return np.stack([correct, np.diff(answers.offsets)], axis=1)


def tag_counts(answers: Tagged) -> Array:
    """Correct, predicted and actual by tag, the last one unseen: (rows, 3 x (labels + 1))."""
    rows = row_numbers(answers.offsets)
    return label_counts(
        answers.targets,
        answers.predictions,
        rows,
        len(answers.offsets) - 1,
        len(answers.labels),
    )


TOKEN_ACCURACY = Metric("token_accuracy", correct_tokens, ratio, interval=all_alike)
# Mean F1 over the tags that were meant or predicted.
MACRO_F1 = Metric("macro_f1", tag_counts, macro(f1))
