"""A recurrent layer of Keras, or a Bidirectional of two, as a layer of the config."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rnnbuild.adoption.arguments import Findings, section_values, shown
from rnnbuild.adoption.chain import ForeignLayer
from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.schema.layers import RECURRENT_LAYERS

CELL_NAMES: Mapping[str, str] = {
    LAYER_CLASSES[section].name: cell for cell, section in RECURRENT_LAYERS.items()
}
"""The `cell` of a config by the class of Keras."""
MERGES = ("concat", "sum", "mul", "ave")
OF_A_DIRECTION = frozenset({"name", "go_backwards", "seed", "dtype", "trainable"})
"""Arguments in which the two directions may differ."""


def recurrent_values(layer: ForeignLayer, findings: Findings) -> tuple[dict[str, Any], bool]:
    """The keys of a recurrent layer, and whether it answers at every step."""
    if layer.kind != "Bidirectional":
        return cell_values(layer, findings, {}), layer.arguments.get("return_sequences") is True
    forward, backward = (direction_of(layer, key) for key in ("layer", "backward_layer"))
    if forward is None or backward is None:
        findings.problems.append(
            layer.problem("does not have a SimpleRNN, GRU or LSTM of Keras in each direction")
        )
        return {}, True
    refuse_unlike(layer, forward, backward, findings)
    read_backwards = Findings()
    cell_values(backward, read_backwards, {})
    findings.problems += read_backwards.problems
    merge_mode = layer.arguments.get("merge_mode")
    both: dict[str, Any] = {"bidirectional": True}
    if merge_mode not in MERGES:
        what = f"has `merge_mode: {shown(merge_mode)}`, which a config cannot say"
        findings.problems.append(layer.problem(what, f"it can say {', '.join(MERGES)}"))
    elif merge_mode != "concat":
        both["merge_mode"] = merge_mode
    if layer.arguments.get("trainable") is False:
        forward = replace(forward, arguments={**forward.arguments, "trainable": False})
    values = cell_values(forward, findings, both)
    return values, forward.arguments.get("return_sequences") is True


def cell_values(layer: ForeignLayer, findings: Findings, both: Mapping[str, Any]) -> dict[str, Any]:
    cell = CELL_NAMES[layer.kind]
    handled = ("return_sequences",)
    return section_values(layer, RECURRENT_LAYERS[cell], findings, handled, {"cell": cell, **both})


def direction_of(layer: ForeignLayer, key: str) -> ForeignLayer | None:
    """One of the layers of a Bidirectional; None where it is of no class that has a cell."""
    inner = layer.arguments.get(key)
    arguments = inner.get("config") if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or not isinstance(arguments, dict):
        return None
    kind = str(inner.get("class_name"))
    if kind not in CELL_NAMES or inner.get("registered_name") not in (None, kind):
        return None
    return ForeignLayer(kind, f"{layer.name}/{arguments.get('name', key)}", arguments)


def refuse_unlike(
    layer: ForeignLayer, forward: ForeignLayer, backward: ForeignLayer, findings: Findings
) -> None:
    """Problems where the two directions are not one layer, read both ways."""
    one, other = forward.arguments, backward.arguments
    hint = "leave `backward_layer` out: Keras then makes it like the other"
    if forward.kind != backward.kind:
        what = f"has a {forward.kind} in one direction and a {backward.kind} in the other"
        findings.problems.append(layer.problem(f"{what}, which a config cannot say", hint))
        return
    if bool(one.get("go_backwards")) == bool(other.get("go_backwards")):
        findings.problems.append(layer.problem("reads the same way in both directions", hint))
    for key in sorted((one.keys() | other.keys()) - OF_A_DIRECTION):
        first, second = one.get(key), other.get(key)
        if isinstance(first, dict) and isinstance(second, dict):
            first, second = (each.get("class_name") for each in (first, second))
        if first != second:
            what = (
                f"has `{key}: {shown(one.get(key))}` in one direction and `{shown(other.get(key))}`"
                " in the other, which a config cannot say"
            )
            findings.problems.append(layer.problem(what, hint))
