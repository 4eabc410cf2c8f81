"""What is kept of a model's outputs where only the likeliest label counts.

A table of every label's probability at every step of a split would not fit into memory where
labels are the words of a language. So outputs are reduced batch by batch to one choice each.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

CHOICE = np.dtype(
    [("label", np.int32), ("probability", np.float32), ("target_probability", np.float32)]
)
"""The likeliest label, its probability, and that of the target.

The last is NaN where there is no target: where it is below 0.
"""

Choices = NDArray[np.void]


def choices_of(outputs: NDArray[Any], targets: NDArray[Any]) -> Choices:
    """The choices, CHOICE (...), from probabilities (..., units) and targets (...).

    The first of equally likely labels is chosen. Targets beyond the steps of the outputs are
    ignored.
    """
    outputs = every_probability(outputs)
    shape = outputs.shape[:-1]
    choices = np.empty(shape, CHOICE)
    if not choices.size:
        return choices
    targets = targets[tuple(slice(size) for size in shape)]
    label = outputs.argmax(axis=-1)
    choices["label"] = label
    choices["probability"] = _probabilities_of(outputs, label)
    choices["target_probability"] = np.where(
        targets >= 0, _probabilities_of(outputs, np.maximum(targets, 0)), np.nan
    )
    return choices


def every_probability(outputs: NDArray[Any]) -> NDArray[Any]:
    """The probability of every label, (..., labels), from probabilities (..., units).

    A single sigmoid unit is that of the second of two labels.
    """
    if outputs.shape[-1] != 1:
        return outputs
    second = outputs.astype(np.float64)
    return np.concatenate([1 - second, second], axis=-1)


def _probabilities_of(outputs: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    probabilities: NDArray[Any] = np.take_along_axis(outputs, labels[..., np.newaxis], axis=-1)
    return probabilities[..., 0]


def target_probabilities(choices: Choices) -> NDArray[np.float32]:
    """The probability of each existing target, (targets,)."""
    probabilities: NDArray[np.float32] = choices["target_probability"]
    return probabilities[~np.isnan(probabilities)]
