"""The forward pass of a recurrent layer's direction through all steps of some rows."""

from typing import Any

from rnnbuild.models.kernels.blocks import load_block, start_from
from rnnbuild.models.kernels.functions import clear, greatest, inner, kernel, position
from rnnbuild.models.kernels.meeting import meet
from rnnbuild.models.kernels.products import product
from rnnbuild.models.kernels.steps import forward_step
from rnnbuild.models.kernels.vectors import BYTES, pointer_of


@kernel
def forward_steps(
    cell: Any,
    read: Any,
    panels: Any,
    part: Any,
    outputs: Any,
    state: Any,
    saved: Any,
    room: Any,
) -> None:
    """Fills the part's rows of `outputs`, of `state` (with the last one) and of `saved`.

    outputs: h, (B, T, features), zeros before and after each row's length; or (B, 1, features), the
             last h of each row
    """
    kind, multiply, _, gates, slots, span = cell
    lengths, first, own = read.lengths, part.first, part.saved
    rows, units = part.last - first, state.h.shape[1]
    longest = greatest(lengths[first : part.last])
    # Where nothing is saved, states take turns and each block writes over the gates of the last.
    keep = saved.states.shape[0] > part.longest
    has_memory = saved.others.size > 0
    padded, wide, narrow = saved.states.shape[2], slots * span, gates * span
    gates_step, states_step = saved.gates.shape[2] * wide, saved.states.shape[1] * padded
    gates_panel = saved.gates.shape[1] * gates_step
    at_gates = pointer_of(saved.gates) + BYTES * own * wide
    at_states = pointer_of(saved.states) + BYTES * own * padded
    at_others = pointer_of(saved.others) + BYTES * own * padded
    at_product = pointer_of(room.product)
    start_from(state.h, first, rows, saved.states[0][own:])
    if has_memory:
        start_from(state.memory, first, rows, saved.others[0][own:])
    steps_at_once = room.block.shape[0] // rows
    for start in range(0, longest, steps_at_once):
        steps = min(steps_at_once, longest - start)
        base = start if keep else 0
        # x·W of the block's steps, in the place of the gates. Rows of several steps lie together
        # only where the part is the whole batch; others take one step at once.
        load_block(read, first, rows, start * rows, steps * rows, room.block)
        if read.multiplied:
            spread_products(
                room.block, part, gates, slots, span, units, steps * rows, base, saved.gates
            )
        else:
            multiply_block(
                multiply,
                panels.kernel,
                part,
                room.block,
                steps * rows,
                at_gates + BYTES * (base * gates_step + wide - narrow),
                gates_panel,
                wide,
            )
        for step in range(start, start + steps):
            before, after = (step, step + 1) if keep else (step & 1, (step + 1) & 1)
            gate_step = at_gates + BYTES * (step if keep else step - start) * gates_step
            for panel in range(part.panel, part.end):
                if step > 0 or state.is_given:
                    product(
                        multiply,
                        (at_states + BYTES * before * states_step, padded, 1, units, 1, 0),
                        (pointer_of(panels.recurrent) + BYTES * panel * units * narrow, narrow),
                        (at_product, narrow),
                        rows,
                        False,
                    )
                gate = gate_step + BYTES * panel * gates_panel
                bias = pointer_of(panels.bias) + BYTES * panel * wide
                old = BYTES * (before * states_step + panel * span)
                new = BYTES * (after * states_step + panel * span)
                for row in range(rows):
                    if step < lengths[first + row]:
                        at = BYTES * row * padded
                        forward_step(
                            kind,
                            gate + BYTES * row * wide,
                            at_product + BYTES * row * narrow,
                            bias,
                            at_states + old + at,
                            at_states + new + at,
                            at_others + old + at,
                            at_others + new + at,
                        )
            finish_step(read, part, span, step, after, has_memory, outputs, state, saved)
            if part.sharers > 1:
                meet(room.meeting, part.sharers, step)
    if keep:  # no trace of an earlier run in the gradient of U
        for step in range(longest, part.longest):
            for row in range(own, own + rows):
                clear(saved.states[step + 1, row])


@inner
def multiply_block(
    multiply: int,
    kernel: Any,
    part: Any,
    block: Any,
    rows: int,
    at: Any,
    gates_panel: int,
    wide: int,
) -> None:
    """x·W of the block's rows, panel by panel, to where `at` points in the gates."""
    _, width, narrow = kernel.shape
    for panel in range(part.panel, part.end):
        product(
            multiply,
            (pointer_of(block), width, 1, width, 1, 0),
            (pointer_of(kernel) + BYTES * panel * width * narrow, narrow),
            (at + BYTES * panel * gates_panel, wide),
            rows,
            False,
        )


@inner
def spread_products(
    block: Any,
    part: Any,
    gates: int,
    slots: int,
    span: int,
    units: int,
    rows: int,
    base: int,
    saved: Any,
) -> None:
    """Puts x·W, (rows, gates · units), in the place of the gates, panel by panel."""
    together = saved.shape[2]
    for panel in range(part.panel, part.end):
        for row in range(rows):
            for gate in range(gates):
                source, to = gate * units + panel * span, (gate + slots - gates) * span
                target = saved[panel, base + row // together, row % together]
                for j in range(min(span, units - panel * span)):
                    target[to + j] = block[row, source + j]


@inner
def finish_step(
    read: Any,
    part: Any,
    span: int,
    step: int,
    after: int,
    has_memory: bool,
    outputs: Any,
    state: Any,
    saved: Any,
) -> None:
    """What becomes of h: an output, the last state, or zeros where a row has ended."""
    whole = outputs.shape[1] == read.places.shape[1]
    start, end = part.panel * span, min(part.end * span, state.h.shape[1])
    for row in range(part.first, part.last):
        length, place = read.lengths[row], part.saved + row - part.first
        h = saved.states[after, place]
        if step >= length:
            for j in range(start, end):
                h[j] = 0
            continue
        if whole or step == length - 1:
            output = outputs[row, position(step, length, read.backwards) if whole else 0]
            for j in range(start, end):
                output[part.offset + j] = h[j]
        if step == length - 1:
            for j in range(start, end):
                state.h[row, j] = h[j]
            if has_memory:
                for j in range(start, end):
                    state.memory[row, j] = saved.others[after, place, j]
