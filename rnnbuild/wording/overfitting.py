"""Whether a run memorised its training rows (overfitted), and since when.

A run has overfitted from the epoch after its lowest validation loss on, if the validation loss
then rose for good while the training loss still fell. The training loss of a history is the mean
over the epoch, with dropout at work: it lags behind and lies above, so the two are compared by
where they go, not by where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NOTABLE = 0.01
"""A smaller rise, as a share of the lowest validation loss, is not told from chance."""

HELPS = (
    "What usually helps: `training.early_stopping`, more dropout, fewer units or layers, "
    "more training data."
)


@dataclass(frozen=True)
class Overfitting:
    """Losses of the epoch with the lowest validation loss, and of the last one."""

    since: int
    """The first epoch that overfitted, from 1."""
    lowest_validation: float
    last_validation: float
    train_then: float
    last_train: float


def overfitting_of(history: Sequence[dict[str, Any]]) -> Overfitting | None:
    """What a run's history shows; None where it shows no overfitting."""
    epochs = whole_epochs(history)
    if not epochs:
        return None
    place = min(range(len(epochs)), key=lambda number: epochs[number]["validation"]["loss"])
    best, last = epochs[place], epochs[-1]
    lowest, final = best["validation"]["loss"], last["validation"]["loss"]
    rose = final > lowest + NOTABLE * abs(lowest)
    if not rose or last["train"]["loss"] >= best["train"]["loss"]:
        return None
    return Overfitting(
        best["epoch"] + 1, lowest, final, best["train"]["loss"], last["train"]["loss"]
    )


def whole_epochs(history: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines that close an epoch and have both losses."""
    return [
        line
        for line in history
        if "step" not in line and line.get("validation", {}).get("loss") is not None
    ]


def remarks_on(history: Sequence[dict[str, Any]]) -> list[str]:
    """Whether a run overfitted, since when, and what usually helps, as a run's last lines."""
    epochs = whole_epochs(history)
    if len(epochs) < 2:
        return []
    overfitting = overfitting_of(history)
    if overfitting is None:
        losses = [line["validation"]["loss"] for line in epochs]
        return [
            f"No overfitting in {len(epochs)} epochs: the validation loss ended at "
            f"{losses[-1]:.4f}, its lowest was {min(losses):.4f}."
        ]
    return [
        f"Overfitted from epoch {overfitting.since} on: since then the validation loss rose from "
        f"{overfitting.lowest_validation:.4f} to {overfitting.last_validation:.4f}, while the "
        f"training loss fell from {overfitting.train_then:.4f} to {overfitting.last_train:.4f}.",
        HELPS,
    ]
