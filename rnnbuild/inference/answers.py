"""From a model's outputs to answers: the label, or one label a step, with its probability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.facts import Task
from rnnbuild.data.encoded import Encoded
from rnnbuild.inference.outputs import Floats
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.tagging import Tagged

Answers = Classified | Tagged


@dataclass(frozen=True, eq=False)
class Decoded:
    """Label numbers with the probability of each; shaped (rows,) or (total steps,)."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def label_probabilities(outputs: Floats) -> NDArray[np.float64]:
    """Outputs as one probability per label: one sigmoid unit speaks of the second of two."""
    table = outputs.astype(np.float64)
    if table.shape[-1] == 1:
        return np.concatenate([1 - table, table], axis=-1)
    return table


def decoded(outputs: Floats) -> Decoded:
    """The likeliest label of each row or step."""
    table = label_probabilities(outputs)
    labels = table.argmax(axis=-1) if len(table) else np.empty(0, np.int64)
    best = table.max(axis=-1) if len(table) else np.empty(0, np.float64)
    return Decoded(labels, best)


def answers_of(task: Task, labels: tuple[str, ...], encoded: Encoded, outputs: Floats) -> Answers:
    """Outputs beside what was right, as the metrics take them."""
    if task == "tag":
        return Tagged(encoded.targets, decoded(outputs).labels, encoded.offsets, labels)
    return Classified.from_probabilities(encoded.targets, outputs, labels)
