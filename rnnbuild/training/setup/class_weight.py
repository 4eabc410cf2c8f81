"""The weight of each label in the loss."""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.examples.encoded import Encoded, label_counts
from rnnbuild.errors import ConfigError, Problem, did_you_mean
from rnnbuild.tasks.table import TASKS

PATH = ("training", "class_weight")


def class_weights_of(resolved: ResolvedConfig, train: Encoded) -> NDArray[np.float32] | None:
    """One weight for each label in id order, or None if all count the same.

    `balanced` is scikit-learn's: examples (or tokens) / (labels * the label's own count), so that
    every label counts as much as any other and the mean weight of an example is 1.
    Raises ConfigError as `refuse_class_weights` does.
    """
    chosen, facts = resolved.config.training.class_weight, resolved.facts
    if chosen is None:
        return None
    refuse_class_weights(resolved)
    if chosen == "balanced":
        counts = label_counts(train, len(facts.labels))
        # Labels known from another run may lack examples here.
        occurring = np.count_nonzero(counts)
        weights: NDArray[np.float64] = counts.sum() / (occurring * np.maximum(counts, 1))
        return weights.astype(np.float32)
    return np.array([chosen.get(label, 1.0) for label in facts.labels], np.float32)


def refuse_class_weights(resolved: ResolvedConfig) -> None:
    """Raise ConfigError for a label that the data lacks, and if rows have not one label each."""
    chosen, facts = resolved.config.training.class_weight, resolved.facts
    if chosen is None:
        return
    if not TASKS[facts.task].has_labels or facts.multi_label:
        raise ConfigError(
            Problem(
                "`class_weight` needs examples or tokens with one label each",
                resolved.config.place(*PATH),
                "remove it",
            )
        )
    problems = [
        Problem(
            f"the training data has no label `{label}`{did_you_mean(label, facts.labels)}",
            resolved.config.place(*PATH, label),
        )
        for label in (() if chosen == "balanced" else chosen)
        if label not in facts.labels
    ]
    if problems:
        raise ConfigError(problems)
