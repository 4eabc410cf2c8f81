"""The cells that have kernels, by the Keras class that each computes."""

from typing import NamedTuple

from rnnbuild.models.kernels import gru, lstm, simple_rnn
from rnnbuild.models.kernels.panels import Layout
from rnnbuild.models.kernels.products import product_with


class Sizes(NamedTuple):
    """What kernels are told of a cell: which it is, and the numbers of its panels.

    product, product_back: addresses of the products with a panel, and with a transposed one
    gates:   gates of W and U
    slots:   numbers saved of a unit and step
    span:    units of a panel
    """

    kind: int
    product: int
    product_back: int
    gates: int
    slots: int
    span: int


class Cell(NamedTuple):
    """A cell, the numbers and layout of its panels, and how many arrays its state is."""

    kind: int
    vectors: int
    gates: int
    slots: int
    span: int
    layout: Layout
    states: int

    def sizes(self) -> Sizes:
        return Sizes(
            self.kind,
            product_with(self.vectors),
            product_with(2),
            self.gates,
            self.slots,
            self.span,
        )


KERNELS = {
    "SimpleRNN": Cell(simple_rnn.KIND, 2, 1, 1, simple_rnn.SPAN, simple_rnn.LAYOUT, 1),
    "GRU": Cell(gru.KIND, 3, 3, 4, gru.SPAN, gru.LAYOUT, 1),
    "LSTM": Cell(lstm.KIND, 4, 4, 4, lstm.SPAN, lstm.LAYOUT, 2),
}
