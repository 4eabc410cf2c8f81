"""One description of each recurrent cell; counts, equations and the table of cells follow from it.

Keras multiplies row vectors from the left: `xₜ·W`, with W of shape (input width, blocks · units).
A block is a run of `units` columns of W and U; blocks are in the order of Keras' kernels
(keras/src/layers/rnn/simple_rnn.py, gru.py, lstm.py). A prime marks the step before: h′ is hₜ₋₁.
"""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.config.schema.layers import (
    GRULayer,
    LSTMLayer,
    RecurrentArguments,
    SimpleRNNLayer,
)


@dataclass(frozen=True)
class Block:
    """A gate or a candidate: `symbol = activation(x·W + h′·U + b)`."""

    symbol: str
    subscript: str
    """Names its columns: W_z, U_z, b_z."""
    meaning: str
    activation: Literal["activation", "recurrent_activation"]
    reset: Literal["", "before", "after"] = ""
    """Where the reset gate meets the state: before or after the product with U."""

    @property
    def is_gate(self) -> bool:
        """Gates are between 0 and 1 by their activation and weigh something else."""
        return self.activation == "recurrent_activation"


@dataclass(frozen=True)
class Cell:
    """What a cell computes in one step."""

    title: str
    blocks: tuple[Block, ...]
    states: tuple[str, ...]
    """Carried from step to step; the first is the output."""
    updates: tuple[str, ...] = ()
    """From the blocks to the new states; `{activation}` is the layer's own."""
    products: tuple[str, ...] = ()
    """Values besides blocks and states that a product reads, and so its derivative needs."""
    bias_rows: int = 1
    """Bias vectors of each block."""

    @property
    def gates(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.is_gate)

    @property
    def saved(self) -> tuple[str, ...]:
        """The values of one step, `units` numbers each, that the backward pass reads."""
        symbols = (*(block.symbol for block in self.blocks), *self.products, *self.states)
        return tuple(dict.fromkeys(symbols))


SIMPLE_RNN = Cell(
    title="SimpleRNN",
    blocks=(Block("h", "", "new state", "activation"),),
    states=("h",),
)

GRU_RESET_AFTER = Cell(
    title="GRU",
    blocks=(
        Block("z", "z", "update gate", "recurrent_activation"),
        Block("r", "r", "reset gate", "recurrent_activation"),
        Block("h̃", "h", "candidate", "activation", reset="after"),
    ),
    states=("h",),
    updates=("h = z ⊙ h′ + (1 − z) ⊙ h̃",),
    products=("1 − z", "h′·U_h"),
    bias_rows=2,
)

GRU_RESET_BEFORE = Cell(
    title="GRU, reset_after: false",
    blocks=(
        Block("z", "z", "update gate", "recurrent_activation"),
        Block("r", "r", "reset gate", "recurrent_activation"),
        Block("h̃", "h", "candidate", "activation", reset="before"),
    ),
    states=("h",),
    updates=("h = z ⊙ h′ + (1 − z) ⊙ h̃",),
    products=("1 − z", "r ⊙ h′"),
)

LSTM = Cell(
    title="LSTM",
    blocks=(
        Block("i", "i", "input gate", "recurrent_activation"),
        Block("f", "f", "forget gate", "recurrent_activation"),
        Block("c̃", "c", "candidate", "activation"),
        Block("o", "o", "output gate", "recurrent_activation"),
    ),
    states=("h", "c"),
    updates=("c = f ⊙ c′ + i ⊙ c̃", "h = o ⊙ {activation}(c)"),
    products=("{activation}(c)",),
)

CELLS = (SIMPLE_RNN, GRU_RESET_AFTER, GRU_RESET_BEFORE, LSTM)


def cell_of(spec: RecurrentArguments) -> Cell:
    """The cell that a layer of the config runs."""
    match spec:
        case SimpleRNNLayer():
            return SIMPLE_RNN
        case GRULayer():
            return GRU_RESET_AFTER if spec.reset_after else GRU_RESET_BEFORE
        case LSTMLayer():
            return LSTM
    raise TypeError(f"{type(spec).__name__} has no cell")


def parameters(cell: Cell, width: int, units: int, use_bias: bool = True) -> int:
    """Weights of one direction: per block a (width, units) and a (units, units) matrix, and biases.

    >>> parameters(LSTM, 64, 64)
    33024
    """
    per_block = units * (width + units) + (cell.bias_rows * units if use_bias else 0)
    return len(cell.blocks) * per_block


def multiply_adds(cell: Cell, width: int, units: int) -> int:
    """Multiply-adds of one step in one direction: every number of every matrix is used once."""
    return len(cell.blocks) * units * (width + units)
