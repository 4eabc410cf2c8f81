"""The table of `compare`, with bars, and the notes needed to read it."""

from collections.abc import Sequence
from typing import Any

from rnnbuild.analysis.both_ways import Doubling
from rnnbuild.analysis.comparison import Compared, doubling_among
from rnnbuild.formatting import count_text, percent, signed_text, size_text, value_text
from rnnbuild.wording.pictures import bar
from rnnbuild.wording.table import Column, Row, Table
from rnnbuild.wording.unknown_steps import NOTE, or_needs_steps

BAR = 10
"""Width of the longest bar, in characters."""
FAR = 0.05
"""A model that misses its budget by more than this share is named in the notes."""


def comparison_table(compared: Sequence[Compared], budget: int | None) -> Table:
    """A row for each model; columns for the config's name, if there are several, and each axis."""
    keys = list(dict.fromkeys(key for model in compared for key, _ in model.settings))
    several = len({model.name for model in compared}) > 1 or not keys
    headers = short_headers(keys)
    most = max(model.cost.parameters for model in compared)
    columns = [
        *([Column("name", "config", tone="name")] if several else []),
        *(Column(key, headers[key], setting_text) for key in keys),
        *([Column("units", "units", units_text)] if budget is not None else []),
        Column("parameters", "parameters", align="right"),
        Column("parameters", "", lambda n: bar(n / most, BAR), tone="drawing", spare=True),
        Column("difference", "difference", signed_text, "right"),
        Column("ratio", "of first", ratio_text, "right"),
        Column("multiply_adds", ("multiply", "adds"), or_needs_steps(count_text), "right"),
        Column("training_memory", "memory", or_needs_steps(size_text), "right"),
    ]
    documents = [compared_document(model, budget) for model in compared]
    rows: list[Row] = [{**document, **document["settings"]} for document in documents]
    title = f"{compared[0].name}, varied" if not several else ""
    named_by = len(keys) + several
    return Table(columns, rows, title, named_by, notes=notes(compared, budget), document=documents)


def compared_document(model: Compared, budget: int | None) -> dict[str, Any]:
    """Every figure of a model, raw; memory in bytes."""
    row = {
        "name": model.name,
        "settings": dict(model.settings),
        "units": list(model.units),
        "parameters": model.cost.parameters,
        "trainable": model.cost.trainable,
        "recurrent_parameters": model.cost.recurrent_parameters,
        "difference": model.difference,
        "ratio": model.ratio,
        "multiply_adds": model.cost.multiply_adds,
        "training_memory": model.cost.training_memory,
    }
    return row if budget is None else {**row, "budget": budget}


def short_headers(keys: Sequence[str]) -> dict[str, str]:
    """Headers of keys: the last part of each, or the whole key where last parts are equal."""
    lasts = [key.rpartition(".")[2] for key in keys]
    return {
        key: last if lasts.count(last) == 1 else key for key, last in zip(keys, lasts, strict=True)
    }


def setting_text(value: Any) -> str:
    """A value as written in YAML: `true`, `gru`; for a mapping, its `name`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return str(value.get("name", value))
    return "" if value is None else str(value)


def units_text(units: Sequence[int]) -> str:
    return ", ".join(map(str, units))


def ratio_text(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio >= 0.1 else f"{value_text(ratio)}×"


def notes(compared: Sequence[Compared], budget: int | None) -> list[str]:
    sentences = []
    if any(model.difference for model in compared) and len(compared) > 1:
        sentences.append("Differences are relative to the first model given.")
    if budget is not None:
        sentences += budget_notes(compared, budget)
    elif (doubling := doubling_among(compared)) is not None:
        sentences.append(doubling_note(*doubling))
    if any(model.cost.multiply_adds is None for model in compared):
        sentences.append(NOTE)
    return sentences


def budget_notes(compared: Sequence[Compared], budget: int) -> list[str]:
    """How close the models come to the budget, and which cannot come close."""
    misses = [abs(model.cost.parameters - budget) / budget for model in compared]
    sentences = [
        f"Units are chosen so that each model is as close as possible to {budget:,} parameters, "
        "as in Chung et al. (2014); the largest deviation is "
        f"{percent(max(misses))}. Other layers are unchanged."
    ]
    worst = [model for model, miss in zip(compared, misses, strict=True) if miss > FAR]
    for model in worst[:3]:
        rest = model.cost.parameters - model.cost.recurrent_parameters
        sentences.append(
            f"{label_of(model)} comes no closer than {model.cost.parameters:,} parameters: its "
            f"other layers alone have {rest:,}."
        )
    return sentences


def label_of(model: Compared) -> str:
    """`classic, cell=gru`."""
    settings = [f"{key}={setting_text(value)}" for key, value in model.settings]
    return ", ".join([model.name, *settings])


def doubling_note(cell: str, doubling: Doubling) -> str:
    """Why a bidirectional model does not simply have twice the parameters."""
    widened = (
        f"enlarges the layers after it ({doubling.following_one_way:,} to {doubling.following:,})"
        if doubling.following != doubling.following_one_way
        else "leaves the layers after it unchanged"
    )
    return (
        f"Bidirectional doubles the recurrent layer's parameters ({cell}: "
        f"{doubling.layer_one_way:,} to {doubling.layer:,}) and {widened}, so the total does not "
        f"simply double: {doubling.total_one_way:,} to {doubling.total:,}, "
        f"{doubling.total / doubling.total_one_way:.2f} times."
    )
