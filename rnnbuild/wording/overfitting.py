"""Whether a run memorised its training rows (overfitted), and since when.

A run has overfitted from the epoch after its lowest validation loss on, if the validation loss
then rose for good while the training loss still fell. The training loss of a history is the mean
over the epoch, with dropout at work: it lags behind and lies above, so the two are compared by
where they go, not by where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rnnbuild.runs.history import HistoryLine

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


def overfitting_of(history: Sequence[HistoryLine]) -> Overfitting | None:
    """What a run's history shows; None where it shows no overfitting."""
    epochs = whole_epochs(history)
    if not epochs:
        return None
    best, last = min(epochs, key=lambda epoch: epoch.validation), epochs[-1]
    rose = last.validation > best.validation + NOTABLE * abs(best.validation)
    if not rose or last.train >= best.train:
        return None
    return Overfitting(best.epoch + 1, best.validation, last.validation, best.train, last.train)


class Losses(NamedTuple):
    """Both losses of a whole epoch."""

    epoch: int
    train: float
    validation: float


def whole_epochs(history: Sequence[HistoryLine]) -> list[Losses]:
    """Those with both losses."""
    return [
        Losses(line.epoch, line.train["loss"], loss)
        for line in history
        if line.step is None and (loss := line.scores("validation").get("loss")) is not None
    ]


def remarks_on(history: Sequence[HistoryLine]) -> list[str]:
    """Whether a run overfitted, since when, and what usually helps, as a run's last lines."""
    epochs = whole_epochs(history)
    if len(epochs) < 2:
        return []
    overfitting = overfitting_of(history)
    if overfitting is None:
        losses = [epoch.validation for epoch in epochs]
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
