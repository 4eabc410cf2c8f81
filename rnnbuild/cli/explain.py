"""`rnnbuild explain`."""

from typing import TYPE_CHECKING, Any

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
    from rnnbuild.analysis.explanation import Explanation
    from rnnbuild.cli.output.tables import Table

    Explained = tuple[tuple[LayerCost, Explanation], ...]

app = typer.Typer()


@app.command()
def explain(
    config: ConfigArgument,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Each layer's equations and the arithmetic of its count; the cells side by side."""
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.analysis.explanations import explanations
    from rnnbuild.cli.loading import resolved_config
    from rnnbuild.cli.output.explained_text import print_explained
    from rnnbuild.cli.output.tables import print_json, print_table

    resolved = resolved_config(config, settings, data_dir)
    cost, explained = cost_of(resolved), explanations(resolved)
    match form:
        case Format.json:
            print_json(explained_document(resolved.config.name, cost, explained))
        case Format.csv:
            print_table(explained_rows(explained), form)
        case Format.table | Format.markdown:
            print_explained(resolved, cost, explained, form)
            print_table(cells_table(cost), form)


def layer_row(layer: "LayerCost", explanation: "Explanation") -> dict[str, Any]:
    from rnnbuild.analysis.both_ways import waits_for_the_end
    from rnnbuild.cli.output.kinds import kind_of

    return {
        "layer": layer.name,
        "kind": kind_of(layer.spec),
        "input_shape": layer.input_shape,
        "output_shape": layer.output_shape,
        "equations": [equation._asdict() for equation in explanation.equations],
        "symbols": dict(explanation.symbols),
        "parameters": layer.parameters,
        "parameters_arithmetic": explanation.parameters,
        "multiply_adds": layer.multiply_adds,
        "multiply_adds_arithmetic": explanation.multiply_adds,
        "needs_whole_sequence": waits_for_the_end(layer.spec),
        "notes": list(explanation.notes),
    }


def explained_document(name: str, cost: "ModelCost", explained: "Explained") -> dict[str, Any]:
    return {
        "name": name,
        "parameters": cost.parameters,
        "multiply_adds": cost.multiply_adds,
        "layers": [layer_row(*pair) for pair in explained],
        "cells": cells_table(cost).rows,
    }


def explained_rows(explained: "Explained") -> "Table":
    """One row a layer, its equations in one field."""
    from rnnbuild.cli.output.tables import Column, Table

    rows = [layer_row(*pair) for pair in explained]
    for row in rows:
        row["equations"] = "; ".join(equation["text"] for equation in row["equations"])
    keys = (
        *("layer", "kind", "input_shape", "output_shape", "equations"),
        *("parameters_arithmetic", "parameters", "multiply_adds_arithmetic", "multiply_adds"),
        "needs_whole_sequence",
    )
    return Table([Column(key, key) for key in keys], rows)


def cells_table(cost: "ModelCost") -> "Table":
    """Each cell in the place of the model's recurrent layers."""
    from dataclasses import asdict

    from rnnbuild.analysis.alternatives import alternatives
    from rnnbuild.cli.output.figures import count
    from rnnbuild.cli.output.tables import Column, Table

    def symbols(names: Any) -> str:
        return f"{len(names)}: {', '.join(names)}" if names else "none"

    columns = [
        Column("cell", "cell", no_wrap=True),
        Column("gates", "gates", symbols),
        Column("states", "states", symbols),
        Column("weight_matrices", "weight\nmatrices", justify="right"),
        Column("parameters", "parameters", justify="right"),
        Column("multiply_adds", "multiply\nadds", count, "right"),
        Column("used", "", lambda used: "◀" if used else "", "center"),
    ]
    layers = sum(layer.recurrent for layer in cost.layers)
    title = "Each cell in place of the recurrent layer" + ("s" if layers > 1 else "")
    rows = [asdict(alternative) for alternative in alternatives(cost)]
    notes = ["A weight matrix is W or U of one block, in one direction."]
    return Table(columns, rows, title, notes=notes)
