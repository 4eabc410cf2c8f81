"""The backward pass of a recurrent layer's direction through all steps of some rows."""

from typing import Any

from rnnbuild.models.kernels.blocks import start_from
from rnnbuild.models.kernels.functions import clear, kernel, position
from rnnbuild.models.kernels.meeting import meet
from rnnbuild.models.kernels.products import product
from rnnbuild.models.kernels.steps import backward_step
from rnnbuild.models.kernels.vectors import BYTES, pointer_of


@kernel
def backward_steps(
    cell: Any,
    read: Any,
    back: Any,
    part: Any,
    by_outputs: Any,
    by_state: Any,
    saved: Any,
    room: Any,
) -> None:
    """Writes the gradients of one part's rows with respect to h′·U and x·W over `saved.gates`
    (Werbos 1990, backpropagation through time).

    by_outputs: the gradient with respect to the outputs, of their shape
    by_state:   as `State`; the gradient with respect to the last c on entry, and with respect to
                the initial state on return
    """
    kind, _, multiply, gates, slots, span = cell
    lengths, first = read.lengths, part.first
    rows, units, count = part.last - first, by_state.h.shape[1], saved.gates.shape[0]
    whole = by_outputs.shape[1] == read.places.shape[1]
    padded, wide, narrow = saved.states.shape[2], slots * span, gates * span
    gates_step, states_step = saved.gates.shape[2] * wide, saved.states.shape[1] * padded
    gates_panel = saved.gates.shape[1] * gates_step
    at_gates = pointer_of(saved.gates) + BYTES * first * wide
    at_states = pointer_of(saved.states) + BYTES * first * padded
    at_others = pointer_of(saved.others) + BYTES * first * padded
    at_later, later_row = pointer_of(room.later), room.later.shape[1]
    at_carry = pointer_of(room.carry)
    _, columns, breadth = back.recurrent.shape
    # The units of the panels of this call, and the panels of Uᵀ that dL/dh of these units is of.
    unit, last_unit = part.panel * span, min(part.end * span, units)
    back_panel, back_end = unit // breadth, (last_unit + breadth - 1) // breadth
    if saved.others.size > 0:
        start_from(by_state.memory, first, rows, room.carry)
    for step in range(part.longest - 1, -1, -1):
        active = 0
        for row in range(rows):
            length = lengths[first + row]
            if step >= length:
                for panel in range(part.panel, part.end):
                    clear(saved.gates[panel, step, first + row])
                continue
            active += 1
            if whole or step == length - 1:
                at = position(step, length, read.backwards) if whole else 0
                source, later = by_outputs[first + row, at], room.later[row]
                for j in range(unit, last_unit):
                    later[j] += source[part.offset + j]
            for panel in range(part.panel, part.end):
                old = BYTES * (step * states_step + row * padded + panel * span)
                new = old + BYTES * states_step
                backward_step(
                    kind,
                    at_gates + BYTES * (panel * gates_panel + step * gates_step + row * wide),
                    at_states + old,
                    at_states + new,
                    at_others + old,
                    at_others + new,
                    at_later + BYTES * (row * later_row + panel * span),
                    at_carry + BYTES * (row * padded + panel * span),
                )
        if part.sharers > 1:
            meet(room.meeting, part.sharers, part.longest - 1 - step)
        if active > 0 and (step > 0 or by_state.is_given):
            # dL/dh of the step before, through U: the gates of all panels in a row times Uᵀ.
            d = (at_gates + BYTES * step * gates_step, wide, 1, narrow, count, gates_panel)
            for panel in range(back_panel, back_end):
                product(
                    multiply,
                    d,
                    (pointer_of(back.recurrent) + BYTES * panel * columns * breadth, breadth),
                    (at_later + BYTES * panel * breadth, later_row),
                    rows,
                    False,
                )
    for row in range(rows):
        for j in range(unit, last_unit):
            by_state.memory[first + row, j] = room.carry[row, j]
        for j in range(unit, last_unit):  # `memory` is h itself where there is no c
            by_state.h[first + row, j] += room.later[row, j]
