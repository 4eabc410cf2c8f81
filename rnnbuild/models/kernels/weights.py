"""A direction's weights in panels, with room for what a backward pass makes of them."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.panels import (
    BackPanels,
    Layout,
    Panels,
    empty_back,
    empty_panels,
    packed,
    transpose,
    unpacked,
)
from rnnbuild.models.kernels.workspace import Arrays


class Weights:
    """W, U and the biases: made anew for each batch, or kept from one batch to the next.

    bias_rows: rows of the biases in Keras' order, 1 or 2
    """

    def __init__(self, layout: Layout, panels: Panels, bias_rows: int) -> None:
        self.layout, self.panels, self.bias_rows = layout, panels, bias_rows
        self.width, self.units = panels.kernel.shape[1], panels.recurrent.shape[1]

    @classmethod
    def of(cls, layout: Layout, kernel: Any, recurrent: Any, bias: Any) -> "Weights":
        """From Keras' order, the biases (1 or 2, columns)."""
        return cls(layout, packed(layout, kernel, recurrent, bias), len(bias))

    @cached_property
    def back(self) -> BackPanels:
        """Room for W and U transposed."""
        return empty_back(self.layout, self.width, self.units)

    @cached_property
    def gradients(self) -> Panels:
        """Room for the gradients with respect to the weights."""
        return empty_panels(self.layout, self.width, self.units)

    def transposing(self, most: int) -> list[Callable[[], None]]:
        """The calls that fill `back`, of each matrix at most so many."""
        return [
            partial(transpose, panels, back, *part)
            for panels, back in zip(self.panels, self.back, strict=False)
            for part in shards.parts_of(len(back), most)
        ]

    def gradients_as_given(self) -> Arrays:
        """Those of W, U and the biases, in Keras' order."""
        return unpacked(self.layout, self.gradients, self.bias_rows)
