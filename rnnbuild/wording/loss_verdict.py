"""What a run's losses amount to, and the evidence for it.

overfitted    the validation loss rose and stayed higher while the training loss fell
diverged      both rose and stayed higher
falling       the validation loss still fell at the end
settled       none of these is shown

A change counts if the interval of the difference over validation rows excludes 0
(`metrics/loss_parts.py`), if it is twice what the curve itself undid again anywhere, and if it is a
hundredth of the loss at least. One or two high epochs may be a bump, so a rise takes three. Without
such intervals (few rows, runs of older versions) the curve has to say it alone, by more epochs.

The training loss in a history is a mean over the epoch, with dropout active: it lags behind and is
too high, so the trends of the two are compared, not their values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rnnbuild.formatting import difference_text, score_text
from rnnbuild.metrics.loss_parts import interval_of_change
from rnnbuild.metrics.metric import Bounds
from rnnbuild.runs.history import HistoryLine

NOTABLE = 0.01
"""A smaller change, as a share of the lowest validation loss, is of no use to anybody."""
LASTING, ALONE = 3, 4
"""Epochs that a rise has to last, and epochs that any change has to without intervals over rows."""
UNDONE = 2
"""How many times the largest change that the curve undid again. In simulations, flat curves that
tremble no more than their rows leave open are said to rise in up to 2 %. Of those that tremble by
far more, 4 %, it is up to 14 % of runs with 4 to 8 epochs, and 1 % of those with 12."""
LATE = 4
"""The last of so many parts of a run, by epochs, is its end."""

Kind = Literal["overfitted", "diverged", "falling", "settled"]
HELPS = "What usually helps: dropout, fewer units or layers, more training data."
HELPS_DIVERGED = (
    "What usually helps: a lower `training.optimizer.learning_rate`, or `training.clip_norm`."
)
MORE_EPOCHS = "More epochs help as long as it does."
BARELY = "More epochs come first, or a higher `training.optimizer.learning_rate`."
STARTS = (
    *("Overfitted from", "Diverged from", "The validation loss was still", "No overfitting in"),
    *("The run has barely started", "The weights that were kept", "What usually helps: "),
    *(MORE_EPOCHS, BARELY),
)
"""How sentences begin that are on losses, those of older versions too."""


class Losses(NamedTuple):
    """Training and validation loss of a whole epoch."""

    epoch: int
    train: float
    validation: float
    parts: tuple[float, ...] | None = None
    """Mean losses of parts of the validation rows."""


@dataclass(frozen=True)
class LossVerdict:
    """What the losses of `epochs` whole epochs amount to."""

    kind: Kind
    epochs: int
    before: Losses
    """The epoch with the lowest validation loss; of a fall, the lowest before the run's end."""
    last: Losses
    """The last epoch; of a fall, the lowest at the run's end."""
    interval: Bounds | None = None
    """The 95 % interval of the change of the validation loss between them."""

    @property
    def since(self) -> int:
        """The first epoch of the change."""
        return self.before.epoch + 1


def whole_epochs(history: Sequence[HistoryLine]) -> list[Losses]:
    """The losses of whole epochs that have both."""
    return [
        Losses(line.epoch, line.train["loss"], loss, line.validation_parts)
        for line in history
        if line.step is None and (loss := line.scores("validation").get("loss")) is not None
    ]


def loss_verdict(history: Sequence[HistoryLine]) -> LossVerdict | None:
    """The verdict on a run's history; None with fewer than two epochs that have both losses."""
    epochs = whole_epochs(history)
    if len(epochs) < 2:
        return None
    lowest = min(range(len(epochs)), key=lambda number: epochs[number].validation)
    best, last = epochs[lowest], epochs[-1]
    if has_risen(epochs, lowest):
        kind: Kind = "overfitted" if last.train < best.train else "diverged"
        return LossVerdict(kind, len(epochs), best, last, interval(best, last))
    late = max(1, len(epochs) // LATE)
    before = min(epochs[:-late], key=lambda epoch: epoch.validation)
    end = min(epochs[-late:], key=lambda epoch: epoch.validation)
    if has_fallen(epochs, before, end):
        return LossVerdict("falling", len(epochs), before, end, interval(before, end))
    return LossVerdict("settled", len(epochs), best, last)


def has_risen(epochs: Sequence[Losses], lowest: int) -> bool:
    """Whether the validation loss rose from its lowest and stayed higher."""
    best, after = epochs[lowest], epochs[lowest + 1 :]
    if len(after) < LASTING:
        return False
    # Of the last two, the lower one: the last epoch may be a bump by itself.
    end = min(after[-2:], key=lambda epoch: epoch.validation)
    rise = end.validation - best.validation
    known = interval(best, end)
    if known is None and len(after) < ALONE:
        return False
    return (
        rise > NOTABLE * abs(best.validation)
        and rise > UNDONE * max(undone_rise(epochs[: lowest + 1]), fall_back(epochs[lowest:]))
        and (known is None or known[0] > 0)
    )


def has_fallen(epochs: Sequence[Losses], before: Losses, end: Losses) -> bool:
    """Whether the validation loss is lower at the end than ever before."""
    fall = before.validation - end.validation
    known = interval(before, end)
    if known is None and len(epochs) < ALONE:
        return False
    return (
        fall > NOTABLE * abs(before.validation)
        and fall > UNDONE * undone_rise(epochs)
        and (known is None or known[1] < 0)
    )


def undone_rise(epochs: Sequence[Losses]) -> float:
    """The largest rise of the validation loss above its lowest so far."""
    largest, lowest = 0.0, epochs[0].validation
    for epoch in epochs:
        lowest = min(lowest, epoch.validation)
        largest = max(largest, epoch.validation - lowest)
    return largest


def fall_back(epochs: Sequence[Losses]) -> float:
    """The largest fall of the validation loss below its highest so far."""
    largest, highest = 0.0, epochs[0].validation
    for epoch in epochs:
        highest = max(highest, epoch.validation)
        largest = max(largest, highest - epoch.validation)
    return largest


def interval(before: Losses, after: Losses) -> Bounds | None:
    """The interval of the change between two epochs; None if it is not known."""
    if before.parts is None or after.parts is None or len(before.parts) != len(after.parts):
        return None
    return interval_of_change(before.parts, after.parts)


def sentences(
    verdict: LossVerdict,
    kept_epoch: int | None,
    beats_weakest: bool | None,
    flawless: bool = False,
) -> list[str]:
    """The verdict with its numbers, and what usually helps.

    `kept_epoch` is the epoch whose weights are saved, None if there is none; `beats_weakest` says
    whether the model answers validation rows better than the weakest trivial method, if known;
    `flawless`, whether it makes no mistake on them, so that more epochs change no answer.
    """
    before, last = verdict.before, verdict.last
    losses = f"from {score_text(before.validation)} to {score_text(last.validation)}"
    changed = f"{losses}{interval_of_change_text(verdict.interval)}"
    train = f"from {score_text(before.train)} to {score_text(last.train)}"
    kept = kept_epoch is not None and kept_epoch < verdict.since
    earlier = ["The weights that were kept are from before."] if kept else []
    start = f"from epoch {verdict.since} on: since then the validation loss rose {changed},"
    match verdict.kind:
        case "overfitted":
            said = f"Overfitted {start} while the training loss fell {train}."
            return [said, *earlier, HELPS]
        case "diverged":
            said = f"Diverged {start} and the training loss {train}."
            return [said, *earlier, HELPS_DIVERGED]
        case "falling":
            falling = (
                f"validation loss was still falling in epoch {last.epoch} of {verdict.epochs}: "
                f"{losses} since epoch {before.epoch}"
                f"{interval_of_change_text(verdict.interval)}."
            )
            if beats_weakest is False and not flawless:
                said = f"The run has barely started: its {falling}"
                return [said, BARELY]
            return [f"The {falling}", *([] if flawless else [MORE_EPOCHS])]
    return [
        f"No overfitting in {verdict.epochs} epochs: the validation loss ended at "
        f"{score_text(last.validation)}, its lowest was {score_text(before.validation)}."
    ]


def too_few_epochs(history: Sequence[HistoryLine]) -> list[str]:
    """Why there is no verdict on a run with a validation loss; nothing without one."""
    if all(line.scores("validation").get("loss") is None for line in history):
        return []
    number = len(whole_epochs(history))
    return [
        f"The run has {number or 'no'} whole epoch, too few to say whether it overfits or would "
        "learn more."
    ]


def interval_of_change_text(bounds: Bounds | None) -> str:
    """` (95 % interval of the difference +0.06 to +0.10)`; nothing without one."""
    if bounds is None:
        return ""
    low, high = map(difference_text, bounds)
    return f" (95 % interval of the difference {low} to {high})"
