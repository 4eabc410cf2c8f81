"""Whether a run memorised its training rows (overfitted), and since when.

A run overfitted from the epoch after its lowest validation loss on, if the validation loss then
rose and stayed higher while the training loss kept falling. The training loss in a history is a
mean over the epoch, with dropout active: it lags behind and is too high, so the trends of the two
are compared, not their values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rnnbuild.formatting import score_text
from rnnbuild.runs.history import HistoryLine

NOTABLE = 0.01
"""A smaller rise, as a share of the lowest validation loss, may be chance."""

HELPS = "What usually helps: more dropout, fewer units or layers, more training data."


@dataclass(frozen=True)
class Overfitting:
    """Losses in the epoch with the lowest validation loss and in the last epoch."""

    since: int
    """The first epoch of overfitting, from 1."""
    lowest_validation: float
    last_validation: float
    train_then: float
    last_train: float


def overfitting_of(history: Sequence[HistoryLine]) -> Overfitting | None:
    """The overfitting in a run's history; None if there is none."""
    epochs = whole_epochs(history)
    if not epochs:
        return None
    best, last = min(epochs, key=lambda epoch: epoch.validation), epochs[-1]
    rose = last.validation > best.validation + NOTABLE * abs(best.validation)
    if not rose or last.train >= best.train:
        return None
    return Overfitting(best.epoch + 1, best.validation, last.validation, best.train, last.train)


class Losses(NamedTuple):
    """Training and validation loss of a whole epoch."""

    epoch: int
    train: float
    validation: float


def whole_epochs(history: Sequence[HistoryLine]) -> list[Losses]:
    """The losses of whole epochs that have both."""
    return [
        Losses(line.epoch, line.train["loss"], loss)
        for line in history
        if line.step is None and (loss := line.scores("validation").get("loss")) is not None
    ]


def remarks_on(history: Sequence[HistoryLine], kept_epoch: int | None) -> list[str]:
    """Sentences that say whether a run overfitted, since when, and what usually helps.

    `kept_epoch` is the epoch whose weights are saved, None if there is none.
    """
    epochs = whole_epochs(history)
    if len(epochs) < 2:
        return []
    overfitting = overfitting_of(history)
    if overfitting is None:
        losses = [epoch.validation for epoch in epochs]
        return [
            f"No overfitting in {len(epochs)} epochs: the validation loss ended at "
            f"{score_text(losses[-1])}, its lowest was {score_text(min(losses))}."
        ]
    before = kept_epoch is not None and kept_epoch < overfitting.since
    lowest = score_text(overfitting.lowest_validation)
    last = score_text(overfitting.last_validation)
    then, now = score_text(overfitting.train_then), score_text(overfitting.last_train)
    return [
        f"Overfitted from epoch {overfitting.since} on: since then the validation loss rose from "
        f"{lowest} to {last}, while the training loss fell from {then} to {now}.",
        *(["The weights that were kept are from before."] if before else []),
        HELPS,
    ]
