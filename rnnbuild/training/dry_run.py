"""Everything up to the first batch: data, vocabulary, model and one step; nothing is written."""

import math
from typing import Any

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.splits import SPLITS
from rnnbuild.data.kind.codec import token_noun
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
    # A language model chooses among the units of its last layer, which are no labels.
    guesses = session.model.output_shape[-1] if train.carries_state else choices
    return {
        "task": facts.task,
        **rows_of(prepared),
        "vocabulary": facts.vocabulary_size,
        "labels" if facts.target_vocabulary_size is None else "target_vocabulary": choices,
        "longest": facts.longest,
        "parameters": session.model.count_params(),
        "steps_per_epoch": len(plan),
        "epochs": training.epochs,
        "weights_kept": weights_kept(prepared),
        "first_batch": list(batches[0].inputs.shape),
        "first_loss": sums.loss / max(sums.weight, 1.0),
        "loss_of_guessing": math.log(2 if facts.multi_label else guesses) if guesses else None,
        "device": session.device,
    }


def rows_of(prepared: Prepared) -> dict[str, Any]:
    """Examples by split; of running text windows to train on, and passages that are held out."""
    counts = dict(zip(SPLITS, prepared.resolved.facts.rows, strict=True))
    if not prepared.data.train.carries_state:
        return {"rows": counts}
    return {"windows": counts.pop("train"), "passages": counts}


def weights_kept(prepared: Prepared) -> str:
    """Which weights the run would end with: `those with the best validation loss`."""
    if not (prepared.resolved.config.training.restore_best and len(prepared.data.validation)):
        return "the last ones"
    name = metric_name(prepared.watching.best.name, token_noun(prepared.data.codec))
    return f"those with the best validation {name}"
