"""A recurrent layer in equations, arithmetic and words."""

from rnnbuild.analysis.cells import (
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    Cell,
    cell_of,
    parameters,
)
from rnnbuild.analysis.cost import LayerCost
from rnnbuild.analysis.equations import cell_equations, weight_names
from rnnbuild.analysis.explanation import Explanation, product
from rnnbuild.config.schema.layers import GRULayer, LSTMLayer, RecurrentArguments
from rnnbuild.formatting import dimension_text


def recurrent(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, RecurrentArguments)
    cell = cell_of(spec)
    width = cost.input_width
    matrices = f"{spec.units}·({width}+{spec.units})"
    return Explanation(
        equations=cell_equations(spec),
        symbols=symbols(cell, spec, width),
        parameters=arithmetic(cell, spec, width),
        multiply_adds=product(
            dimension_text(cost.input_shape[0]), directions(spec), len(cell.blocks), matrices
        ),
        notes=(*columns(cell, spec, width), *own_notes(spec, width), *dropped(spec)),
    )


def directions(spec: RecurrentArguments) -> int:
    return 2 if spec.bidirectional else 1


def arithmetic(cell: Cell, spec: RecurrentArguments, width: int) -> str:
    """`2·4·(64·(64+64)+64)`: directions, blocks, and of each block its matrices and biases."""
    units = spec.units
    biases = f"+{product(cell.bias_rows, units)}" if spec.use_bias else ""
    block = f"{units}·({width}+{units}){biases}"
    multiples = directions(spec) * len(cell.blocks)
    return block if multiples == 1 else product(directions(spec), len(cell.blocks), f"({block})")


def symbols(cell: Cell, spec: RecurrentArguments, width: int) -> tuple[tuple[str, str], ...]:
    """The input, the states, and the weights of one direction, each with its size."""
    units = spec.units
    each = " each" if len(cell.blocks) > 1 else ""
    symbols = [
        ("x", f"one step of the input: {width} numbers"),
        ("h", f"the state, which is the output: {units} numbers; h′ is the step before's"),
    ]
    if "c" in cell.states:
        symbols.append(("c", f"the cell state, which stays inside: {units} numbers; c′ likewise"))
    symbols.append((named(cell, "W"), f"{width}×{units}{each}, for the input"))
    symbols.append((named(cell, "U"), f"{units}×{units}{each}, for the state"))
    if spec.use_bias:
        symbols.append((named(cell, "b"), f"{units}{each}"))
    if spec.use_bias and cell.bias_rows == 2:
        symbols.append((named(cell, "d"), f"{units}{each}, for the recurrent products"))
    return tuple(symbols)


def named(cell: Cell, letter: str) -> str:
    return ", ".join(weight_names(cell, letter))


def columns(cell: Cell, spec: RecurrentArguments, width: int) -> tuple[str, ...]:
    """How Keras keeps several blocks in one matrix."""
    if len(cell.blocks) == 1:
        return ()
    order = ", ".join(block.subscript for block in cell.blocks)
    wide = len(cell.blocks) * spec.units
    return (
        f"Keras keeps the blocks side by side in the order {order}: kernel {width}×{wide}, "
        f"recurrent_kernel {spec.units}×{wide}.",
    )


def own_notes(spec: RecurrentArguments, width: int) -> tuple[str, ...]:
    """What is peculiar to a cell."""
    if isinstance(spec, GRULayer):
        return gru_notes(spec, width)
    if isinstance(spec, LSTMLayer) and spec.use_bias and spec.unit_forget_bias:
        return (
            "`unit_forget_bias: true`: b_f starts at 1, so that at first nothing is forgotten.",
        )
    return ()


def gru_notes(spec: GRULayer, width: int) -> tuple[str, ...]:
    """Which convention is used for z, and where the reset gate is applied."""
    other = GRU_RESET_BEFORE if spec.reset_after else GRU_RESET_AFTER
    one_way = spec.model_copy(update={"bidirectional": False})
    candidate = cell_equations(one_way, other)[2].text
    count = parameters(other, width, spec.units, spec.use_bias) * directions(spec)
    counted = f"{arithmetic(other, spec, width)} = {count:,}"
    if not spec.use_bias:
        counted = f"{count:,} as well, for want of biases"
    if spec.reset_after:
        reset = (
            "`reset_after: true`, Keras' default and the form of cuDNN: r scales what U_h makes of "
            "the state, "
            + ("so the recurrent products have biases of their own. " if spec.use_bias else "")
            + f"In the textbook form (Cho et al. 2014), `reset_after: false`, r scales the state "
            f"itself: {candidate}, and the parameters are {counted}."
        )
    else:
        reset = (
            "`reset_after: false` is the textbook form (Cho et al. 2014): r scales the state "
            f"before U_h. Keras' default, `reset_after: true`, is the form of cuDNN: {candidate}, "
            f"and the parameters are {counted}."
        )
    return (
        "In Keras z is the share of the old state: h = z ⊙ h′ + (1 − z) ⊙ h̃, so z near 1 keeps "
        "it. Textbooks mostly write the other form, h = (1 − z) ⊙ h′ + z ⊙ h̃. With a sigmoid it "
        "is the same network: z and 1 − z change places where W_z, U_z and the biases of z change "
        "their signs.",
        reset,
    )


def dropped(spec: RecurrentArguments) -> tuple[str, ...]:
    notes = []
    if spec.dropout:
        notes.append(
            f"`dropout: {spec.dropout}`: in training that share of x is dropped, by one mask for "
            "all steps of an example."
        )
    if spec.recurrent_dropout:
        notes.append(
            f"`recurrent_dropout: {spec.recurrent_dropout}`: in training that share of h′ is "
            "dropped on its way into U, by one mask for all steps of an example."
        )
    if spec.go_backwards:
        notes.append("`go_backwards: true`: x is read from its last step to its first.")
    return tuple(notes)
