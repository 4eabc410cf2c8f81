"""Which weights a run keeps, in words."""

from rnnbuild.formatting import score_text
from rnnbuild.runs.metrics_file import Kept, Metrics
from rnnbuild.wording.language_model import token_of
from rnnbuild.wording.metric_names import ANY_TOKEN, metric_name


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
