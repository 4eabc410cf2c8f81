"""Everything up to the first batch: data, vocabulary, model and one step; nothing is written."""

import math
from typing import Any

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.splits import SPLITS
from rnnbuild.errors import TrainingError
from rnnbuild.models.framework import tf
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import session_of
from rnnbuild.wording.metric_names import metric_name


def dry_run_of(prepared: Prepared) -> dict[str, Any]:
    """What a run would do, as plain values. Raises what the first step of a run would."""
    training, train = prepared.resolved.config.training, prepared.data.train
    facts = prepared.resolved.facts
    session = session_of(prepared)
    plan = epoch_plan(train, training, 0)
    batches = [make_batch(train, rows) for rows in plan[0]]
    with tf.device(session.device):
        sums = session.train_step(batches)
    if not sums.finite:
        raise TrainingError("the loss of the first batch is not finite")
    choices = facts.target_vocabulary_size or len(facts.labels)
    return {
        "task": facts.task,
        "rows": dict(zip(SPLITS, facts.rows, strict=True)),
        "vocabulary": facts.vocabulary_size,
        "labels" if facts.target_vocabulary_size is None else "target_vocabulary": choices,
        "longest": facts.longest,
        "parameters": session.model.count_params(),
        "steps_per_epoch": len(plan),
        "epochs": training.epochs,
        "weights_kept": weights_kept(prepared),
        "first_batch": list(batches[0].inputs.shape),
        "first_loss": sums.loss / max(sums.weight, 1.0),
        "loss_of_guessing": math.log(2 if facts.multi_label else choices) if choices else None,
        "device": session.device,
    }


def weights_kept(prepared: Prepared) -> str:
    """Which weights the run would end with: `those with the best validation loss`."""
    if not (prepared.resolved.config.training.restore_best and len(prepared.data.validation)):
        return "the last ones"
    return f"those with the best validation {metric_name(prepared.watching.best.name)}"
