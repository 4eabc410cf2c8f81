"""What a run's losses amount to, in sentences with their numbers, and what usually helps."""

from collections.abc import Sequence

from rnnbuild.formatting import difference_text, score_text
from rnnbuild.metrics.metric import Bounds
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.loss_verdict import LossVerdict, whole_epochs

HELPS = "What usually helps: dropout, fewer units or layers, more training data."
HELPS_DIVERGED = (
    "What usually helps: a lower `training.optimizer.learning_rate`, or `training.clip_norm`."
)
MORE_EPOCHS = "More epochs help as long as it does."
FIRST = "More epochs come first"
BARELY = f"{FIRST}, or a higher `training.optimizer.learning_rate`."
STARTS = (
    *("Overfitted from", "Diverged from", "The validation loss was still", "No overfitting in"),
    *("The run has barely started", "The weights that were kept", "What usually helps: "),
    *("Whether it overfitted is not shown", MORE_EPOCHS, FIRST),
)
"""How sentences begin that are on losses, those of older versions too."""


def sentences(
    verdict: LossVerdict,
    kept_epoch: int | None,
    beats_weakest: bool | None,
    flawless: bool = False,
    rows: str | None = None,
) -> list[str]:
    """The verdict with its numbers, and what usually helps.

    `kept_epoch` is the epoch whose weights are saved, None if there is none; `beats_weakest` says
    whether the model answers validation rows better than the weakest trivial method, if known;
    `flawless`, whether it makes no mistake on them, so that more epochs change no answer; `rows`,
    how many they are, such as `100 validation examples`.
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
            if beats_weakest is False and verdict.little and not flawless:
                said = f"The run has barely started: its {falling}"
                # A rate that a schedule has lowered says nothing of a higher one.
                return [said, f"{FIRST}." if verdict.rate_fell else BARELY]
            return [f"The {falling}", *([] if flawless else [MORE_EPOCHS])]
    if last.validation <= before.validation:
        at = f"its lowest, {score_text(last.validation)}"
    else:
        at = (
            f"{score_text(last.validation)}, its lowest was {score_text(before.validation)}"
            f"{interval_of_change_text(verdict.interval)}"
        )
    ended = f"the validation loss ended at {at}"
    if verdict.kind == "settled":
        return [f"No overfitting in {verdict.epochs} epochs: {ended}."]
    if verdict.interval is not None and verdict.interval[0] > 0:
        return [
            f"Whether it overfitted is not shown: {ended}; the epochs are too few or too uneven."
        ]
    return [f"Whether it overfitted is not shown: {ended}{f', over {rows}' if rows else ''}."]


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
