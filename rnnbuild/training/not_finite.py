"""A step whose loss or gradient is not finite: where it went wrong and what usually helps."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnbuild.data.examples.batches import RowNumbers, make_batch
from rnnbuild.errors import TrainingError
from rnnbuild.formatting import measured_text
from rnnbuild.models.framework import tf
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.session import Session
from rnnbuild.training.steps.step import StepSums
from rnnbuild.visible import command_text

ROWS_SHOWN = 8


def not_finite_error(
    session: Session,
    run: RunDirectory,
    state: TrainingState,
    step_rows: Sequence[RowNumbers],
    sums: StepSums,
) -> TrainingError:
    """The error that ends a run at the step after `state`; that step changed no weights."""
    training = session.prepared.resolved.config.training
    rows = np.concatenate(step_rows)
    shown = ", ".join(map(str, rows[:ROWS_SHOWN]))
    more = f" and {len(rows) - ROWS_SHOWN} more" if len(rows) > ROWS_SHOWN else ""
    facts = [
        f"the loss or its gradient is not finite in step {state.step + 1} of epoch "
        f"{state.epoch + 1}",
        f"on the training rows {shown}{more} (counted from 0)",
        f"the first value that is not finite is in {origin(session, step_rows, sums)}",
        largest_gradient(session.model, sums),
    ]
    change = "--set training.clip_norm=1.0"
    advice = "bound the gradient with `training.clip_norm: 1.0`, or lower the learning rate"
    if training.clip_norm is not None:
        lower = training.optimizer.learning_rate / 10
        change = f"--set training.optimizer.learning_rate={lower:g}"
        advice = f"lower `training.optimizer.learning_rate`, as to {lower:g}"
    again = "then train again"
    if any(run.checkpoints.glob("step-*")):
        again = (
            "continue from the last checkpoint: "
            f"{command_text('resume', run.path, change, '--accept-changes')}"
        )
    return TrainingError("; ".join(facts), f"{advice}; {again}")


def origin(session: Session, step_rows: Sequence[RowNumbers], sums: StepSums) -> str:
    """The first layer whose output is not finite, or else the last one whose gradient is not.

    Gradients flow backwards: the last layer's is computed first.
    """
    model = session.model
    with tf.device(session.device):
        for rows in step_rows:
            name = first_layer_not_finite(
                model, make_batch(session.prepared.data.train, rows).inputs
            )
            if name is not None:
                return f"the output of layer `{name}`"
    broken = np.flatnonzero(~np.isfinite(sums.gradient_norms))
    if not len(broken):
        return "the loss, after the last layer"
    return f"the gradient of {weight_name(model, int(broken[-1]))}"


def first_layer_not_finite(model: Any, inputs: Any) -> str | None:
    """The name of the layer, found by calling the layers of a Sequential one after another."""
    values = tf.convert_to_tensor(inputs)
    for layer in model.layers:
        values = layer(values)
        if not bool(tf.reduce_all(tf.math.is_finite(values))):
            return str(layer.name)
    return None


def largest_gradient(model: Any, sums: StepSums) -> str:
    """A sentence about the largest finite gradient and its weight."""
    norms = sums.gradient_norms.astype(np.float64)
    if not np.isfinite(norms).any():
        return "no weight has a finite gradient"
    largest = int(np.where(np.isfinite(norms), norms, -1.0).argmax())
    return (
        f"the largest finite gradient is that of {weight_name(model, largest)}, with norm "
        f"{measured_text(float(norms[largest]))}"
    )


def weight_name(model: Any, number: int) -> str:
    """A trainable weight's name, with that of its layer: `gru/gru_cell/kernel`."""
    return f"`{model.trainable_variables[number].path.removeprefix(model.name + '/')}`"
