"""Weights that stay in panels from one step of training to the next, moved there by Adam.

Every other way packs them for each batch, and takes their gradients back into Keras' order, where
Adam moves them: for many units and few rows that takes longer than the products themselves.
"""

from functools import partial
from math import prod
from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.adam import Falls, descend, sums_of_squares
from rnnbuild.models.kernels.aligned import empty
from rnnbuild.models.kernels.panels import (
    Layout,
    Panels,
    empty_panels,
    pack_biases,
    pack_matrices,
    unpack_biases,
    unpacked,
)
from rnnbuild.models.kernels.vectors import LANES
from rnnbuild.models.kernels.weights import Weights
from rnnbuild.models.kernels.workspace import Arrays

NUMBERS_OF_TASK = 1 << 17
"""Weights that a thread moves at least: fewer are moved before another thread has woken up."""


class Numbers(NamedTuple):
    """A number for each weight of a direction, all in a row, and parts of them by their shapes.

    row:    (weights,)
    panels: those of W and U; their biases are not part of the row
    bias:   (1 or 2, columns), in Keras' order, since of a GRU's two panels have the sum
    """

    row: Any
    panels: Panels
    bias: Any


class HeldWeights:
    """A direction's W, U and biases, Adam's moments of them, and their gradients.

    Units that fill up a panel have gradients of zero, and so stay zero.
    """

    def __init__(self, layout: Layout, given: Arrays, first: Arrays, second: Arrays) -> None:
        """`given` are W, U and the biases, (1 or 2, columns), in Keras' order; so are the moments,
        `first` and `second`."""
        self._numbers = [numbers_of(layout, arrays) for arrays in (given, first, second, given)]
        weights, _, _, gradients = self._numbers
        pack_biases(layout, weights.bias, weights.panels)
        self.weights = Weights(layout, weights.panels, len(weights.bias))
        self.weights.gradients = gradients.panels
        # Sums of squares of the gradients of each panel of W and of U, filled as these are.
        self._sums = np.zeros((2, len(weights.panels.kernel), LANES), np.float32)

    def sum_squares(self, first: int, last: int) -> None:
        """Takes the sums of squares of the gradients in some panels, once they are there."""
        sums_of_squares(self.weights.gradients[:2], self._sums, first, last)

    def squares(self) -> list[float]:
        """The sums of squares of the gradients of W, of U and of the biases."""
        gradients = self._numbers[-1]
        unpack_biases(self.weights.layout, gradients.panels, gradients.bias)
        bias = gradients.bias.reshape(-1)
        return [*self._sums.sum(axis=(1, 2), dtype=np.float64), np.dot(bias, bias)]

    def move(self, falls: Falls, rate: Any, scale: Any) -> None:
        """A step of Adam, of the gradients times `scale`; see `adam.descend`."""
        rows = [numbers.row for numbers in self._numbers]
        most = min(shards.processors(), rows[0].size // NUMBERS_OF_TASK)
        parts = shards.parts_of(rows[0].size, most)
        shards.run([partial(descend, *rows, falls, rate, scale, part) for part in parts])
        weights = self._numbers[0]
        pack_biases(self.weights.layout, weights.bias, weights.panels)

    def as_given(self) -> list[Arrays]:
        """Weights, first and second moments, each W, U and the biases in Keras' order."""
        layout, rows = self.weights.layout, self.weights.bias_rows
        return [[*unpacked(layout, one.panels, rows)[:2], one.bias] for one in self._numbers[:3]]


def numbers_of(layout: Layout, arrays: Arrays) -> Numbers:
    """W, U and the biases in Keras' order as numbers in a row."""
    kernel, recurrent, bias = arrays
    room = empty_panels(layout, len(kernel), len(recurrent))
    shapes = (room.kernel.shape, room.recurrent.shape, bias.shape)
    ends = np.cumsum([prod(shape) for shape in shapes])
    row = empty((int(ends[-1]),))
    parts = np.split(row, ends[:-1])
    own_kernel, own_recurrent, own_bias = map(np.reshape, parts, shapes)
    panels = Panels(own_kernel, own_recurrent, room.bias)
    pack_matrices(layout, kernel, recurrent, panels)
    own_bias[:] = bias
    return Numbers(row, panels, own_bias)
