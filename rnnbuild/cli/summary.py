"""`rnnbuild summary`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnbuild.cli.options import (
    ConfigArgument,
    DataDirOption,
    Format,
    FormatOption,
    SetOption,
)

if TYPE_CHECKING:
    from rnnbuild.analysis.cost import LayerCost, ModelCost
    from rnnbuild.cli.output.tables import Table
    from rnnbuild.config.stack import ResolvedConfig

app = typer.Typer()


@app.command()
def summary(
    config: ConfigArgument,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    keras: Annotated[
        bool,
        typer.Option("--keras", help="Build it, print Keras' own summary too and compare both."),
    ] = False,
    form: FormatOption = Format.table,
) -> None:
    """A model's layers: shapes, parameters, multiply-adds and memory, without building it."""
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.cli.loading import resolved_config
    from rnnbuild.cli.output.tables import print_table

    resolved = resolved_config(config, settings, data_dir)
    cost = cost_of(resolved)
    table = summary_table(resolved, cost)
    document = summary_document(resolved, cost)
    if not keras:
        print_table(table, form, document)
        return

    from rnnbuild.cli.frameworks import load_frameworks

    load_frameworks()
    from rnnbuild.models.agreement import disagreements, keras_summary
    from rnnbuild.models.build import build_model

    model = build_model(resolved)
    differences = disagreements(model, cost)
    document["keras"] = {
        "parameters": model.count_params(),
        "agrees": not differences,
        "differences": differences,
    }
    print_table(table, form, document)
    report_agreement(keras_summary(model), differences, form)


def report_agreement(keras_text: str, differences: list[str], form: Format) -> None:
    """Keras' own summary below ours, and whether both say the same. Raises where they do not."""
    from rnnbuild.errors import Problem, RnnbuildError

    if form is Format.table:
        print(f"\n{keras_text}")
    elif form is Format.markdown:
        print(f"\n```text\n{keras_text}\n```")
    if differences:
        raise RnnbuildError(
            [Problem(f"Keras counts differently: {difference}") for difference in differences]
        )
    if form in (Format.table, Format.markdown):
        print("\nKeras agrees on every layer's parameters and output shape.")


def summary_table(resolved: "ResolvedConfig", cost: "ModelCost") -> "Table":
    """The layers, one row each, with their totals; `resolved` and `cost` describe one model."""
    from rnnbuild.cli.output.figures import count, data_size, shape
    from rnnbuild.cli.output.tables import Column, Table, plain
    from rnnbuild.percent import percent

    rows = [layer_row(layer, cost) for layer in cost.layers]
    columns = [
        Column("layer", "layer", style="bold"),
        Column("kind", "kind", wide_only=True),
        Column("input_shape", "input", shape, "right"),
        Column("output_shape", "output", shape, "right"),
        Column("parameters", "parameters", plain, "right"),
        Column("share", "share", percent, "right", no_wrap=True, spare=True),
        Column("multiply_adds", "multiply\nadds", count, "right", no_wrap=True),
        Column("training_memory", "memory", data_size, "right", no_wrap=True),
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
    title = f"{resolved.config.name} ({resolved.task})"
    return Table(columns, rows, title, totals, summary_notes(resolved, cost))


def layer_row(layer: "LayerCost", cost: "ModelCost") -> dict[str, Any]:
    from rnnbuild.cli.output.kinds import direction_of, kind_of

    return {
        "layer": layer.name,
        "kind": kind_of(layer.spec),
        "direction": direction_of(layer.spec),
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


def summary_notes(resolved: "ResolvedConfig", cost: "ModelCost") -> list[str]:
    """What the figures are of: which steps, which memory."""
    from rnnbuild.analysis.cudnn import notes_on_cudnn
    from rnnbuild.cli.output.figures import data_size, plural
    from rnnbuild.cli.output.kinds import direction_of
    from rnnbuild.cli.output.tables import plain
    from rnnbuild.models.own_layers import notes_on_loading

    backward = [layer.name for layer in cost.layers if direction_of(layer.spec) == "backward"]
    optimizer = resolved.config.training.optimizer.name
    trained = (
        "all of them trained"
        if not cost.non_trainable
        else f"{plain(cost.trainable)} trained, {plain(cost.non_trainable)} not"
    )
    return [
        f"{plain(cost.parameters)} parameters, {trained}. Shapes and multiply-adds are of one "
        f"example of {plural(resolved.input_length, 'step')}.",
        f"Memory while training in batches of {cost.batch_size}: {data_size(cost.weights)} of "
        f"weights, {data_size(cost.optimizer_state)} of {optimizer}'s state, {cost.batch_size} × "
        f"{data_size(cost.activations)} of activations held for the backward pass.",
        *(f"`{name}` reads its input from the end." for name in backward),
        *notes_on_loading(resolved),
        *notes_on_cudnn(resolved),
    ]


def summary_document(resolved: "ResolvedConfig", cost: "ModelCost") -> dict[str, Any]:
    """The same as JSON, every figure raw; memory in bytes."""
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
