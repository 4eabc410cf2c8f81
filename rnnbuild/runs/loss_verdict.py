"""What a run's losses amount to, and the evidence for it.

overfitted    the validation loss rose and stayed higher while the training loss fell
diverged      both rose and stayed higher
falling       the validation loss still fell at the end
settled       it ended at its lowest, or is shown to have ended less than a tenth above it
open          none of these is shown

A change counts if the interval of the difference over validation rows excludes 0
(`metrics/loss_parts.py`), if it is twice what the curve itself undid again anywhere, and if it is a
hundredth of the loss at least. One or two high epochs may be a bump, so a rise takes three. Without
such intervals (few rows, runs of older versions) the curve has to say it alone, by more epochs.

A loss that shot up and came half the way down may still stay at a multiple of its lowest. So a
rise counts too if the loss stayed higher in the last half of the epochs since the lowest, six or
more, by twice what was undone within that half; or if it never came back to less than half above
its lowest, however much it trembled up there.

The training loss in a history is a mean over the epoch, with dropout active: it lags behind and is
too high, so the trends of the two are compared, not their values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal, NamedTuple

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
SETTLED = 6
"""Epochs by whose trembling alone a rise is judged that was undone in part before them. In the same
simulations, runs of 12 and more are said to rise in up to 0.3 % more cases."""
LARGE = 0.5
"""A rise, as a share of the lowest validation loss, that no trembling makes if every epoch since,
five or more but the first of them, is that much higher."""
MATTERS = 0.1
"""A rise that is shown to be smaller, as a share of the lowest validation loss, is none."""
LITTLE = 0.1
"""A fall since the first epoch, as a share of its loss, below which a run has barely started."""
LATE = 4
"""The last of so many parts of a run, by epochs, is its end."""

Kind = Literal["overfitted", "diverged", "falling", "settled", "open"]


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
    little: bool = False
    """Of a fall: whether it is little since the first epoch."""
    rate_fell: bool = False
    """Whether a schedule has halved the learning rate, or more, since it was highest."""

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
        first, change = epochs[0].validation, interval(before, end)
        little = first - end.validation < LITTLE * abs(first)
        fell = rate_fell(history)
        return LossVerdict("falling", len(epochs), before, end, change, little, fell)
    change = interval(best, last)
    small = change is not None and change[1] < MATTERS * abs(best.validation)
    kind = "settled" if small or last.validation <= best.validation else "open"
    return LossVerdict(kind, len(epochs), best, last, change)


def has_risen(epochs: Sequence[Losses], lowest: int) -> bool:
    """Whether the validation loss rose from its lowest and stayed higher."""
    until, since = epochs[: lowest + 1], epochs[lowest + 1 :]
    if len(since) < (ALONE if interval(epochs[lowest], epochs[-1]) is None else LASTING):
        return False
    half = since[len(since) // 2 :]
    # Of the last two, the lower one: the last epoch may be a bump by itself.
    return (
        stayed_higher(until, epochs[lowest:], epochs[-2:])
        or (len(half) >= SETTLED and stayed_higher(until, half, half))
        or (len(since) > ALONE and stayed_higher(until, (), since[1:], LARGE))
    )


def stayed_higher(
    until: Sequence[Losses],
    trembling: Sequence[Losses],
    end: Sequence[Losses],
    least: float = NOTABLE,
) -> bool:
    """Whether the lowest of `end` is above the last of `until`, by `least` as a share of it, and by
    more than was undone `until` then and in the epochs `trembling`."""
    best, lowest = until[-1], min(end, key=lambda epoch: epoch.validation)
    rise = lowest.validation - best.validation
    known = interval(best, lowest)
    return (
        rise > least * abs(best.validation)
        and rise > UNDONE * max(undone_rise(until), fall_back(trembling))
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


def rate_fell(history: Sequence[HistoryLine]) -> bool:
    """Whether the last learning rate is half of the highest one or less."""
    rates = [line.learning_rate for line in history if line.learning_rate is not None]
    return bool(rates) and rates[-1] <= max(rates) / 2


def undone_rise(epochs: Sequence[Losses]) -> float:
    """The largest rise of the validation loss above its lowest so far."""
    largest, lowest = 0.0, epochs[0].validation
    for epoch in epochs:
        lowest = min(lowest, epoch.validation)
        largest = max(largest, epoch.validation - lowest)
    return largest


def fall_back(epochs: Sequence[Losses]) -> float:
    """The largest fall of the validation loss below its highest so far."""
    largest, highest = 0.0, -inf
    for epoch in epochs:
        highest = max(highest, epoch.validation)
        largest = max(largest, highest - epoch.validation)
    return largest


def interval(before: Losses, after: Losses) -> Bounds | None:
    """The interval of the change between two epochs; None if it is not known."""
    if before.parts is None or after.parts is None or len(before.parts) != len(after.parts):
        return None
    return interval_of_change(before.parts, after.parts)
