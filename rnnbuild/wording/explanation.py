"""The words of `explain`: equations, the arithmetic of each count, the cells side by side."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rnnbuild.analysis.alternatives import alternatives
from rnnbuild.analysis.both_ways import waits_for_the_end
from rnnbuild.analysis.cost import LayerCost, ModelCost
from rnnbuild.analysis.explanation import Explanation
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.formatting import count_text, length_text, shape_text
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.layer_names import kind_text
from rnnbuild.wording.table import Column, Table
from rnnbuild.wording.unknown_steps import NOTE, or_needs_steps

Explained = Sequence[tuple[LayerCost, Explanation]]


def headline(resolved: ResolvedConfig, cost: ModelCost) -> str:
    counted = f"{resolved.config.name}: {cost.parameters:,} parameters"
    if cost.multiply_adds is None:
        return counted
    return (
        f"{counted}, {cost.multiply_adds:,} multiply-adds for {length_text(resolved.input_length)}"
    )


def layer_title(layer: LayerCost) -> str:
    """`Bidirectional(SimpleRNN), 50×10 → 10`"""
    shapes = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
    return f"{kind_text(layer.spec)}, {shapes}"


def arithmetic(layer: LayerCost, explanation: Explanation) -> list[tuple[str, str]]:
    """`parameters  2·(5·(10+5)+5) = 160`"""
    return [
        ("parameters", equation_text(explanation.parameters, layer.parameters)),
        ("multiply-adds", equation_text(explanation.multiply_adds, layer.multiply_adds)),
    ]


def equation_text(text: str, value: int | None) -> str:
    """A count with its arithmetic; one of them alone where the other says nothing more."""
    if value is None:
        return text
    return f"{value:,}" if text == str(value) else f"{text} = {value:,}"


def streaming_verdict(cost: ModelCost) -> str:
    """Whether the model can answer while its input is still arriving."""
    waiting = [f"`{layer.name}`" for layer in cost.layers if waits_for_the_end(layer.spec)]
    if not waiting:
        return (
            "Live streams: every layer reads forward, so the model can answer after each step "
            "as it arrives."
        )
    needs = "needs" if len(waiting) == 1 else "need"
    return (
        f"Live streams: {' and '.join(waiting)} {needs} the whole sequence first, so the model "
        "cannot answer before its end."
    )


def closing_sentences(resolved: ResolvedConfig, cost: ModelCost) -> list[str]:
    """What holds for the model as a whole."""
    sentences = [streaming_verdict(cost), *([NOTE] if resolved.input_length is None else [])]
    if TASKS[resolved.task].target != "next token":
        return sentences
    window = length_text(resolved.input_length)
    return [
        *sentences,
        "Next tokens: y is the probability of every token that may come next. A token to which it "
        "gave p costs −ln p nats, and training lowers their mean.",
        f"Windows: training reads the text {window} at a time. Each window begins with the state "
        "in which the one before it ended, but the gradient goes back to the window's own "
        "beginning alone: truncated backpropagation through time (Williams and Peng 1990). So the "
        f"state may reach back further than the {window} through which it was learned.",
    ]


def explained_row(layer: LayerCost, explanation: Explanation) -> dict[str, Any]:
    return {
        "layer": layer.name,
        "kind": kind_text(layer.spec),
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


def explained_document(name: str, cost: ModelCost, explained: Explained) -> dict[str, Any]:
    return {
        "name": name,
        "parameters": cost.parameters,
        "multiply_adds": cost.multiply_adds,
        "layers": [explained_row(*pair) for pair in explained],
        "cells": cells_table(cost).rows,
    }


def explained_table(explained: Explained) -> Table:
    """A row for each layer, its equations in one field, for CSV."""
    rows = [explained_row(*pair) for pair in explained]
    for row in rows:
        row["equations"] = "; ".join(equation["text"] for equation in row["equations"])
    keys = (
        *("layer", "kind", "input_shape", "output_shape", "equations"),
        *("parameters_arithmetic", "parameters", "multiply_adds_arithmetic", "multiply_adds"),
        "needs_whole_sequence",
    )
    return Table([Column(key, key) for key in keys], rows)


def cells_table(cost: ModelCost) -> Table:
    """The cost of each cell in place of the model's recurrent layers."""
    columns = [
        Column("cell", "cell"),
        Column("gates", "gates", symbols_text),
        Column("states", "states", symbols_text),
        Column("weight_matrices", ("weight", "matrices"), align="right"),
        Column("parameters", "parameters", align="right"),
        Column("multiply_adds", ("multiply", "adds"), or_needs_steps(count_text), "right"),
        Column("used", "", lambda used: "◀" if used else "", "center"),
    ]
    layers = sum(layer.recurrent for layer in cost.layers)
    title = "Each cell in place of the recurrent layer" + ("s" if layers > 1 else "")
    rows = [asdict(alternative) for alternative in alternatives(cost)]
    notes = ["A weight matrix is W or U of one block, in one direction."]
    return Table(columns, rows, title, notes=notes)


def symbols_text(names: Sequence[str]) -> str:
    """`2: z, r`, or `none`."""
    return f"{len(names)}: {', '.join(names)}" if names else "none"
