"""Recurrent layers as ONNX' operators RNN, GRU and LSTM, one for both directions of a layer."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnbuild.analysis.requirements import unmet
from rnnbuild.models.graph.activations import IN_OPERATORS
from rnnbuild.models.graph.flow import Flow
from rnnbuild.models.graph.writer import Writer
from rnnbuild.models.recurrent import RecurrentLayer, recurrent_layer_of, why_not_alike
from rnnbuild.models.stored import (
    CellWeights,
    Floats,
    StoredLayer,
    UnknownLayer,
    cells_of,
    unknown_value,
)


class Operator(NamedTuple):
    """An operator for a cell.

    gates:     the place in Keras of each gate of its weights
    functions: the arguments that its functions are
    states:    what it carries from step to step
    """

    name: str
    gates: tuple[int, ...]
    functions: tuple[str, ...]
    states: tuple[str, ...] = ("h",)


GATES = "recurrent_activation"
OPERATORS: Mapping[str, Operator] = {
    "SimpleRNN": Operator("RNN", (0,), ("activation",)),
    # z, r, candidate, in both.
    "GRU": Operator("GRU", (0, 1, 2), (GATES, "activation")),
    # i, o, f, candidate; Keras has i, f, candidate, o.
    "LSTM": Operator("LSTM", (0, 3, 1, 2), (GATES, "activation", "activation"), ("h", "c")),
}
DIRECTIONS: Mapping[tuple[bool, ...], str] = {
    (False,): "forward",
    (True,): "reverse",
    (False, True): "bidirectional",
}
"""Where an operator reads from, by whether each direction of the layer reads from the end."""
MERGES: Mapping[str, str] = {"sum": "ReduceSum", "ave": "ReduceMean", "mul": "ReduceProd"}
"""The operator over the axis of the directions, but for `concat`."""


def recurrent(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    """Raises UnknownLayer where no operator computes the layer, or not step by step."""
    described = described_as(layer, flow.carried)
    units, sequence = described.directions[0].units, described.return_sequences
    operator = OPERATORS[described.directions[0].kind]
    cells = cells_of(layer, described, flow.width)
    weights = [
        graph.weight(weight, name)
        for name, weight in zip("WRB", operator_weights(operator, cells), strict=True)
    ]
    shape = (1, "batch", units)
    carried = operator.states if flow.carried else ()
    states = [graph.input(f"{graph.layer}/{name}", np.float32, shape) for name in carried]
    last = [f"Y_{name}" for name in carried] or ([] if sequence else ["Y_h"])
    outputs = graph.add_with_outputs(
        operator.name,
        [flow.values, *weights, flow.lengths or "", *states],
        ["Y" if sequence else "", *last],
        hidden_size=units,
        **arguments_of(operator, described),
    )
    if flow.carried:
        for state in outputs[1:]:
            graph.output(state, shape)
    merged = merge(graph, outputs[0] if sequence else outputs[1], described)
    return flow._replace(values=merged, width=described.features, steps=sequence)


def described_as(layer: StoredLayer, carried: bool) -> RecurrentLayer:
    """The layer's description. Raises UnknownLayer as `recurrent`."""
    described = recurrent_layer_of(layer.kind, layer.config)
    if described is None:
        raise UnknownLayer(layer, "is of an unknown class")
    for direction in described.directions:
        given = direction.arguments
        odd = unmet({"stateful": False, "return_state": False}, given)
        for name in (*odd, *OPERATORS[direction.kind].functions):
            if name in odd or given[name] not in IN_OPERATORS:
                raise unknown_value(layer, name, given[name])
    if (why := why_not_alike(described)) is not None:
        raise UnknownLayer(layer, f"has directions that differ in more than theirs ({why})", why)
    back = reading_backwards(described)
    if back == (True,) and described.return_sequences:
        raise UnknownLayer(layer, "gives a sequence that begins at the end", "go_backwards")
    if len(back) == 2 and back != (False, True):
        raise UnknownLayer(layer, "has directions in another order", "go_backwards")
    if carried and any(back):
        argument = "bidirectional" if len(back) == 2 else "go_backwards"
        raise UnknownLayer(layer, "reads the sequence from its end", argument)
    return described


def reading_backwards(described: RecurrentLayer) -> tuple[bool, ...]:
    return tuple(bool(one.arguments["go_backwards"]) for one in described.directions)


def operator_weights(
    operator: Operator, cells: Sequence[CellWeights]
) -> tuple[Floats, Floats, Floats]:
    """W (directions, gates x units, width), R (directions, gates x units, units) and B
    (directions, 2 x gates x units), biases of W before those of R."""
    gates = list(operator.gates)

    def arranged(columns: Floats) -> Floats:
        """(n, gates x units), its gates as the operator has them."""
        apart = columns.reshape(len(columns), len(gates), -1)
        return apart[:, gates].reshape(columns.shape)

    def biases(bias: Floats) -> Floats:
        rows = arranged(np.atleast_2d(bias))
        return np.concatenate([rows[0], rows[1] if len(rows) == 2 else np.zeros_like(rows[0])])

    return (
        np.stack([arranged(cell.kernel).T for cell in cells]),
        np.stack([arranged(cell.recurrent).T for cell in cells]),
        np.stack([biases(cell.bias) for cell in cells]),
    )


def arguments_of(operator: Operator, described: RecurrentLayer) -> dict[str, Any]:
    """The operator's attributes: where it reads from, and the functions of each direction."""
    first = described.directions[0].arguments
    functions = [
        IN_OPERATORS[direction.arguments[name]]
        for direction in described.directions
        for name in operator.functions
    ]
    given: dict[str, Any] = {
        "direction": DIRECTIONS[reading_backwards(described)],
        "activations": [function.name for function in functions],
        "activation_alpha": [one.alpha for one in functions if one.alpha is not None],
        "activation_beta": [one.beta for one in functions if one.beta is not None],
        "linear_before_reset": int(first["reset_after"]) if operator.name == "GRU" else None,
    }
    return {name: value for name, value in given.items() if value not in (None, [])}


def merge(graph: Writer, outputs: str, described: RecurrentLayer) -> str:
    """One output of the directions': (T, directions, B, units) as (T, B, features), or, of the
    last step, (directions, B, units) as (B, features)."""
    axis = int(described.return_sequences)
    if len(described.directions) == 1:
        return graph.add("Squeeze", outputs, graph.axes(axis))
    if described.merge_mode and described.merge_mode in MERGES:
        return graph.add(MERGES[described.merge_mode], outputs, graph.axes(axis), keepdims=0)
    side_by_side = [0, 2, 1, 3] if axis else [1, 0, 2]
    shape = graph.weight(np.array([0] * (axis + 1) + [described.features], np.int64), "shape")
    return graph.add("Reshape", graph.add("Transpose", outputs, perm=side_by_side), shape)
