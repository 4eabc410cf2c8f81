"""The recurrent cells side by side, each in the place of a model's recurrent layers."""

from collections.abc import Sequence
from dataclasses import dataclass

from rnnbuild.analysis.cells import CELLS, Cell, cell_of, multiply_adds, parameters
from rnnbuild.analysis.cost import ModelCost
from rnnbuild.config.schema.layers import RecurrentArguments


@dataclass(frozen=True)
class Alternative:
    """One cell in all recurrent layers of a model, whose widths stay the same."""

    cell: str
    gates: tuple[str, ...]
    states: tuple[str, ...]
    weight_matrices: int
    """Weight matrices of one direction of one layer: for every block one for the input and one for
    the state."""
    parameters: int
    """Parameters of all recurrent layers."""
    multiply_adds: int | None
    """Multiply-adds of all recurrent layers, for one example; None where its steps are unknown."""
    used: bool
    """Whether a layer of the model has this cell."""


def alternatives(cost: ModelCost) -> tuple[Alternative, ...]:
    """Every cell at the sizes of a model's recurrent layers."""
    layers = [
        (layer.input_shape[0], layer.input_width, layer.spec)
        for layer in cost.layers
        if isinstance(layer.spec, RecurrentArguments)
    ]
    return tuple(_alternative(cell, layers) for cell in CELLS)


def _alternative(
    cell: Cell, layers: Sequence[tuple[int | None, int, RecurrentArguments]]
) -> Alternative:
    total, total_multiply_adds = 0, 0
    for steps, width, spec in layers:
        directions = 2 if spec.bidirectional else 1
        total += directions * parameters(cell, width, spec.units, spec.use_bias)
        total_multiply_adds += directions * (steps or 0) * multiply_adds(cell, width, spec.units)
    return Alternative(
        cell=cell.title,
        gates=tuple(block.symbol for block in cell.gates),
        states=cell.states,
        weight_matrices=2 * len(cell.blocks),
        parameters=total,
        multiply_adds=None if any(steps is None for steps, _, _ in layers) else total_multiply_adds,
        used=any(cell_of(spec) is cell for *_, spec in layers),
    )
