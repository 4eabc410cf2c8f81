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
"""The likeliest label, its probability, and that of the label that was right.

The last is NaN where there is no target: it is below 0, or beyond the steps that were asked for.
"""

Choices = NDArray[np.void]


def choices_of(outputs: NDArray[Any], targets: NDArray[Any]) -> Choices:
    """Probabilities (..., units) and targets (...) to CHOICE (...).

    One sigmoid unit speaks of the second of two labels. Of labels equally likely it is the first.
    Targets may have more steps than the outputs: those beyond are left out.
    """
    if outputs.shape[-1] == 1:
        second = outputs.astype(np.float64)
        outputs = np.concatenate([1 - second, second], axis=-1)
    shape = outputs.shape[:-1]
    found = np.empty(shape, CHOICE)
    if not found.size:
        return found
    targets = targets[tuple(slice(size) for size in shape)]
    label = outputs.argmax(axis=-1)
    found["label"] = label
    found["probability"] = _taken(outputs, label)
    found["target_probability"] = np.where(
        targets >= 0, _taken(outputs, np.maximum(targets, 0)), np.nan
    )
    return found


def _taken(outputs: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    taken: NDArray[Any] = np.take_along_axis(outputs, labels[..., np.newaxis], axis=-1)
    return taken[..., 0]


def given_to_targets(choices: Choices) -> NDArray[np.float32]:
    """The probability of each target that there is, in no particular shape."""
    given: NDArray[np.float32] = choices["target_probability"]
    return given[~np.isnan(given)]
