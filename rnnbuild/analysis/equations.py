"""The equations of one step of a recurrent layer, as Keras computes them.

Row vectors are on the left of their matrices: x·W with W of shape (input width, units). A prime
marks the step before: h′ is hₜ₋₁, zero at the first step. ⊙ multiplies number by number. `b` is
the bias of the input; where the recurrent product has a bias of its own, it is `d`.
"""

from typing import NamedTuple

from rnnbuild.analysis.cells import Block, Cell, cell_of
from rnnbuild.config.schema.layers import RecurrentArguments


class Equation(NamedTuple):
    """One line of a layer's arithmetic."""

    text: str
    """`z = sigmoid(x·W_z + h′·U_z + b_z)`"""
    meaning: str = ""
    """What it computes: `update gate`."""


def cell_equations(spec: RecurrentArguments, cell: Cell | None = None) -> tuple[Equation, ...]:
    """One step's equations, in an order in which each can be computed; of `cell` if given."""
    cell = cell or cell_of(spec)
    blocks = [Equation(_block(cell, block, spec), block.meaning) for block in _in_order(cell)]
    updates = [_update(update, spec.activation) for update in cell.updates]
    return (*blocks, *updates)


def applied(activation: str, inner: str) -> str:
    """`tanh(...)`; a linear activation leaves no trace."""
    return inner if activation == "linear" else f"{activation}({inner})"


def weight_names(cell: Cell, letter: str) -> tuple[str, ...]:
    """`W_i, W_f, W_c, W_o` in the order of Keras' columns; plain `W` where there is one block."""
    return tuple(_named(letter, block) for block in cell.blocks)


def _in_order(cell: Cell) -> list[Block]:
    """Gates first: a candidate may need the reset gate."""
    return sorted(cell.blocks, key=lambda block: not block.is_gate)


def _named(letter: str, block: Block) -> str:
    return f"{letter}_{block.subscript}" if block.subscript else letter


def _block(cell: Cell, block: Block, spec: RecurrentArguments) -> str:
    weight, recurrent = _named("W", block), _named("U", block)
    bias, recurrent_bias = _named("b", block), _named("d", block)
    own_bias = spec.use_bias and cell.bias_rows == 2
    state = f"(r ⊙ h′)·{recurrent}" if block.reset == "before" else f"h′·{recurrent}"
    if own_bias:
        state = f"{state} + {recurrent_bias}"
    if block.reset == "after":
        state = f"r ⊙ ({state})"
    terms = [f"x·{weight}", state]
    if spec.use_bias:
        terms.insert(1 if own_bias else 2, bias)
    activation = getattr(spec, block.activation)
    return f"{block.symbol} = {applied(activation, ' + '.join(terms))}"


def _update(update: str, activation: str) -> Equation:
    text = update.replace("{activation}(c)", applied(activation, "c"))
    return Equation(text, "cell state" if text.startswith("c ") else "new state")
