"""The table of `summary`: a model's layers and what each costs."""

from collections.abc import Sequence
from typing import Any

from rnnbuild.analysis.cost import LayerCost, ModelCost
from rnnbuild.analysis.cudnn import notes_on_cudnn
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.formatting import count_text, length_text, percent, shape_text, size_text, value_text
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.freezing import notes_on_thawing
from rnnbuild.wording.layer_names import direction, kind_text
from rnnbuild.wording.table import Column, Table
from rnnbuild.wording.unknown_steps import NOTE, or_needs_steps


def summary_table(
    resolved: ResolvedConfig, cost: ModelCost, notes_on_loading: Sequence[str] = ()
) -> Table:
    """The layers, one row each, with their totals; `resolved` and `cost` describe one model.

    `notes_on_loading` say what plain Keras needs to load the model.
    """
    columns = [
        Column("layer", "layer", tone="name"),
        Column("kind", "kind", spare=True),
        Column("input_shape", "input", shape_text, "right"),
        Column("output_shape", "output", shape_text, "right"),
        Column("parameters", "parameters", align="right"),
        Column("share", "share", percent, "right"),
        Column("multiply_adds", ("multiply", "adds"), or_needs_steps(count_text), "right"),
        Column("training_memory", "memory", or_needs_steps(size_text), "right"),
    ]
    totals = {
        "layer": "total",
        "input_shape": cost.layers[0].input_shape,
        "output_shape": cost.layers[-1].output_shape,
        "parameters": cost.parameters,
        "share": 1.0,
        "multiply_adds": cost.multiply_adds,
        "training_memory": cost.training_memory,
    }
    return Table(
        columns,
        [layer_row(layer, cost) for layer in cost.layers],
        title=f"{resolved.config.name} ({resolved.task})",
        totals=totals,
        notes=summary_notes(resolved, cost, notes_on_loading),
        document=summary_document(resolved, cost),
    )


def layer_row(layer: LayerCost, cost: ModelCost) -> dict[str, Any]:
    """Every figure of a layer, raw; memory in bytes."""
    return {
        "layer": layer.name,
        "kind": kind_text(layer.spec),
        "direction": direction(layer.spec),
        "input_shape": layer.input_shape,
        "output_shape": layer.output_shape,
        "parameters": layer.parameters,
        "trainable": layer.trainable,
        "non_trainable": layer.non_trainable,
        "share": layer.parameters / cost.parameters if cost.parameters else 0.0,
        "multiply_adds": layer.multiply_adds,
        "weights_bytes": layer.weights,
        "optimizer_state_bytes": layer.optimizer_state,
        "activations_bytes": layer.activations,
        "training_memory": layer.training_memory(cost.batch_size),
    }


def summary_notes(
    resolved: ResolvedConfig, cost: ModelCost, notes_on_loading: Sequence[str]
) -> list[str]:
    """What the figures refer to: which steps, which memory."""
    backward = [layer.name for layer in cost.layers if direction(layer.spec) == "backward"]
    optimizer = resolved.config.training.optimizer.name
    trainable = (
        "all trainable"
        if not cost.non_trainable
        else f"{value_text(cost.trainable)} trainable, {value_text(cost.non_trainable)} not"
    )
    example = "window" if TASKS[resolved.task].target == "next token" else "example"
    activations = (
        f"and {cost.batch_size} times"
        if cost.activations is None
        else f"{cost.batch_size} × {size_text(cost.activations)} of"
    )
    return [
        f"{value_text(cost.parameters)} parameters, {trainable}. Shapes and multiply-adds are for "
        f"one {example} of {length_text(resolved.input_length)}.",
        *([NOTE] if resolved.input_length is None else []),
        f"Training memory with batches of {cost.batch_size}: {size_text(cost.weights)} of weights, "
        f"{size_text(cost.optimizer_state)} of {optimizer}'s state, {activations} "
        f"{'the ' if cost.activations is None else ''}activations saved for the backward pass.",
        *(f"`{name}` reads its input from the end." for name in backward),
        *notes_on_thawing(resolved.stack),
        *notes_on_loading,
        *notes_on_cudnn(resolved),
    ]


def summary_document(resolved: ResolvedConfig, cost: ModelCost) -> dict[str, Any]:
    """The summary for JSON, every figure raw; memory in bytes."""
    return {
        "name": resolved.config.name,
        "task": resolved.task,
        "input_length": resolved.input_length,
        "batch_size": cost.batch_size,
        "parameters": cost.parameters,
        "trainable": cost.trainable,
        "non_trainable": cost.non_trainable,
        "multiply_adds": cost.multiply_adds,
        "weights_bytes": cost.weights,
        "optimizer_state_bytes": cost.optimizer_state,
        "activations_bytes": cost.activations,
        "training_memory": cost.training_memory,
        "layers": [layer_row(layer, cost) for layer in cost.layers],
    }
