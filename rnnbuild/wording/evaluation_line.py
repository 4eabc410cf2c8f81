"""The line of text for an evaluation during training."""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnbuild.formatting import score_text
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.metrics_file import Kept, Metrics
from rnnbuild.wording.language_model import token_of
from rnnbuild.wording.metric_names import ANY_TOKEN, followed, metric_name, metric_of_training


@dataclass(frozen=True)
class Goal:
    """When training ends, at whichever limit comes first, and the metrics to show."""

    main: str
    epochs: int
    steps: int | None = None
    seconds: float | None = None
    """From the start of the display."""
    watched: str | None = None
    """The score that decides which evaluation is the best; None if it is the main metric."""
    token: str = ANY_TOKEN
    """What a language model's tokens are."""


def line_text(line: HistoryLine, goal: Goal, best: bool) -> str:
    """`epoch 2/5  loss 0.5120  validation loss 0.6010, accuracy 0.7800 best`.

    Without validation rows it has the training scores instead. An evaluation within an epoch also
    has its step.
    """
    width = len(str(goal.epochs))
    where = f"epoch {line.epoch:>{width}}/{goal.epochs}"
    if line.step is not None:
        where += f" step {line.step}"
    train, validation = line.train, line.validation
    names = followed(goal.main, goal.watched or goal.main, token=goal.token)
    if validation is None:
        named = {name: metric_of_training(name, goal.main) for name in train}
        names = {name: names.get(name, metric_name(named[name], goal.token)) for name in train}
        return f"{where}  {scores_text(train, names)}"
    loss = f"{names['loss']} {score_text(train['loss'])}"
    if names["loss"] != "loss":
        names["loss"] = ""  # a longer name is not repeated
    scores = scores_text(validation, names)
    held_out = f"  validation {scores}" if scores else ""
    return f"{where}  {loss}{held_out}{' best' if best else ''}"


def scores_text(scores: Mapping[str, float | None], names: Mapping[str, str]) -> str:
    """`loss 0.6010, accuracy 0.7800`, of the scores that have a value."""
    return ", ".join(
        f"{shown} {score_text(value)}".lstrip()
        for name, shown in names.items()
        if (value := scores.get(name)) is not None
    )


def kept_texts(metrics: Metrics) -> list[str]:
    """`kept the weights of epoch 3 of 12: validation accuracy 0.7667`.

    Nothing for a run of version 0.1, which did not record it.
    """
    kept = metrics.kept
    if kept is None:
        return []
    where = place_text(kept, max(kept.epoch, metrics.epochs))
    if kept.metric is None:
        return [f"kept the last weights, of {where}"]
    token = token_of(metrics, "validation")
    return [f"kept the weights of {where}: {kept_score_text(kept, token)}"]


def unfinished_text(run: str, running: bool, kept: Kept, epochs: int) -> str:
    """Which weights answer for a run that has not finished; it was to have `epochs`.

    `runs/a-1 has not finished: it answers with its best weights so far, of epoch 3 of 12:
    validation accuracy 0.7667`.
    """
    what = f"{run} {'is still being trained' if running else 'has not finished'}: it answers with"
    where = place_text(kept, epochs)
    if kept.metric is None:
        return f"{what} its last weights so far, of {where}"
    return f"{what} its best weights so far, of {where}: {kept_score_text(kept)}"


def place_text(kept: Kept, epochs: int) -> str:
    """`epoch 3 of 12, step 40`; no step at the epoch's end."""
    step = "" if kept.step is None else f", step {kept.step}"
    return f"epoch {kept.epoch} of {epochs}{step}"


def kept_score_text(kept: Kept, token: str = ANY_TOKEN) -> str:
    """`validation accuracy 0.7667`."""
    return f"validation {metric_name(kept.metric or '', token)} {score_text(kept.value)}"
