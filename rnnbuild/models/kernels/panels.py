"""Weights in panels, as kernels multiply by them, and gradients back in Keras' order.

Keras has the columns of one gate side by side, then those of the next. A panel has the columns of
all gates for a few units, as many as fill a vector register (or two): the sums of a tile are then
all that a step of these units needs. Units are filled up with zeros to whole panels, and stay zero:
σ(0) · tanh(0) = 0, in all cells.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels.aligned import empty
from rnnbuild.models.kernels.functions import kernel
from rnnbuild.models.kernels.vectors import LANES, copy_vectors, pointer_of

BACK_WIDTH = 2 * LANES
"""Columns of a panel of transposed weights, which have no gates."""


class Layout(NamedTuple):
    """Where a cell's panels have what Keras' weights have.

    span:       units of a panel
    inputs:     the gates of a panel of W, as Keras counts them
    recurrents: those of a panel of U
    biases:     for each number that is saved of a unit and step, a slot, the gate whose b is added
                there, and the one whose b′ is; -1 for none
    """

    span: int
    inputs: Any
    recurrents: Any
    biases: tuple[Any, Any]

    @property
    def slots(self) -> int:
        return len(self.biases[0])


def gates(*numbers: int) -> Any:
    """An order of gates, as kernels take it."""
    return np.array(numbers, np.int64)


class Panels(NamedTuple):
    """A direction's weights, or the gradients with respect to them.

    kernel, recurrent: (panels, width or units, gates · span)
    bias:              (panels, slots · span)
    """

    kernel: Any
    recurrent: Any
    bias: Any


class BackPanels(NamedTuple):
    """W and U transposed, (panels of BACK_WIDTH, panels · gates · span, BACK_WIDTH)."""

    kernel: Any
    recurrent: Any


def panels_of(units: int, span: int) -> int:
    """How many panels of `span` units there are."""
    return -(-units // span)


def empty_panels(layout: Layout, width: int, units: int) -> Panels:
    """Room for a direction's weights."""
    span, count = layout.span, panels_of(units, layout.span)
    columns = len(layout.inputs) * span
    return Panels(
        empty((count, width, columns)),
        empty((count, units, columns)),
        empty((count, layout.slots * span)),
    )


def packed(layout: Layout, kernel: Any, recurrent: Any, bias: Any) -> Panels:
    """W, (width, gates · units), U and the biases, (1 or 2, gates · units), in panels."""
    panels = empty_panels(layout, len(kernel), len(recurrent))
    pack_matrices(layout, kernel, recurrent, panels)
    pack_biases(layout, bias, panels)
    return panels


def pack_matrices(layout: Layout, kernel: Any, recurrent: Any, panels: Panels) -> None:
    """Fills the panels of W and U."""
    units = len(recurrent)
    pack(kernel, layout.inputs, layout.span, units, panels.kernel)
    pack(recurrent, layout.recurrents, layout.span, units, panels.recurrent)


def pack_biases(layout: Layout, bias: Any, panels: Panels) -> None:
    """Fills the panels' biases: b, and b′ added where the same gate has one."""
    span, units = layout.span, panels.recurrent.shape[1]
    pack(bias[:1], layout.biases[0], span, units, panels.bias[:, None])
    if len(bias) > 1:
        own = np.empty_like(panels.bias)
        pack(bias[1:], layout.biases[1], span, units, own[:, None])
        panels.bias[:] += own


def empty_back(layout: Layout, width: int, units: int) -> BackPanels:
    """Room for a direction's weights, transposed."""
    columns = panels_of(units, layout.span) * len(layout.inputs) * layout.span
    return BackPanels(
        empty((panels_of(width, BACK_WIDTH), columns, BACK_WIDTH)),
        empty((panels_of(units, BACK_WIDTH), columns, BACK_WIDTH)),
    )


def unpacked(layout: Layout, panels: Panels, bias_rows: int) -> list[Any]:
    """W, U and the biases of which these are the panels."""
    span, units, columns = layout.span, panels.recurrent.shape[1], len(layout.inputs)
    kernel = empty((panels.kernel.shape[1], columns * units))
    recurrent, bias = empty((units, columns * units)), empty((bias_rows, columns * units))
    unpack(panels.kernel, layout.inputs, span, units, kernel)
    unpack(panels.recurrent, layout.recurrents, span, units, recurrent)
    unpack_biases(layout, panels, bias)
    return [kernel, recurrent, bias]


def unpack_biases(layout: Layout, panels: Panels, bias: Any) -> None:
    """Fills the biases, (1 or 2, columns), each with what the panels have of their sum: of a
    gradient, that is the gradient of each term."""
    span, units = layout.span, panels.recurrent.shape[1]
    for row in range(len(bias)):
        unpack(panels.bias[:, None], layout.biases[row], span, units, bias[row : row + 1])


# Loops go along the rows of what Keras has, since rows of some thousand columns lie on pages of
# their own: a loop that took one number of each would find neither pages nor lines in the caches.


@kernel
def pack(matrix: Any, order: Any, span: int, units: int, panels: Any) -> None:
    """A matrix, (k, gates · units), as (panels, k, gates · span); zeros where `order` is -1."""
    count, depth, columns = panels.shape
    at_matrix, at_panels = pointer_of(matrix), pointer_of(panels)
    for k in range(depth):
        for panel in range(count):
            for place in range(order.size):
                inside = min(span, units - panel * span) if order[place] >= 0 else 0
                source = k * matrix.shape[1] + order[place] * units + panel * span
                target = (panel * depth + k) * columns + place * span
                copy_vectors(at_matrix, source, at_panels, target, inside)
                for j in range(inside, span):
                    panels[panel, k, place * span + j] = 0


@kernel
def transpose(panels: Any, back: Any, first: int, last: int) -> None:
    """Fills the panels from `first` to `last` of `back`, (panels of k, panels · columns, width),
    with the rows of `panels`, (panels, k, columns), as columns; zeros beyond the last."""
    count, depth, columns = panels.shape
    width = back.shape[2]
    for group in range(first, last):
        rows = min(width, depth - group * width)
        for panel in range(count):
            # A block of `width` rows, which the nearest cache holds twice.
            source = panels[panel, group * width : group * width + rows]
            target = back[group, panel * columns : (panel + 1) * columns]
            for column in range(columns):
                for row in range(rows):
                    target[column, row] = source[row, column]
                for row in range(rows, width):
                    target[column, row] = 0


@kernel
def unpack(panels: Any, order: Any, span: int, units: int, matrix: Any) -> None:
    """Fills the matrix, (k, gates · units), whose panels these are, but for gates -1 in `order`."""
    count, depth, columns = panels.shape
    at_matrix, at_panels = pointer_of(matrix), pointer_of(panels)
    for k in range(depth):
        for panel in range(count):
            for place in range(order.size):
                inside = min(span, units - panel * span) if order[place] >= 0 else 0
                source = (panel * depth + k) * columns + place * span
                target = k * matrix.shape[1] + order[place] * units + panel * span
                copy_vectors(at_panels, source, at_matrix, target, inside)
