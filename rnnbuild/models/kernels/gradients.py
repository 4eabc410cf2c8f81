"""Gradients with respect to weights and inputs, once those of all steps are there."""

from typing import Any

from rnnbuild.models.kernels.blocks import add_back, load_block
from rnnbuild.models.kernels.functions import clear, greatest, kernel
from rnnbuild.models.kernels.products import K_AT_ONCE, product
from rnnbuild.models.kernels.vectors import BYTES, pointer_of


@kernel
def weight_gradients(
    cell: Any, read: Any, part: Any, saved: Any, by_weights: Any, block: Any
) -> None:
    """Fills the panels from `part.first` to `part.last` of the gradients with respect to weights.

    They are sums over all steps of all rows, in their order: xᵀ·d and h′ᵀ·d. So many steps at once
    that d, which every row of a panel reads, stays in the CPU's cache.

    by_weights: as `Panels`
    block:      (K_AT_ONCE, width), room for x
    """
    _, multiply, _, gates, slots, span = cell
    by_kernel, by_recurrent, by_bias = by_weights
    rows, wide, narrow = read.lengths.size, slots * span, gates * span
    width, units, padded = by_kernel.shape[1], by_recurrent.shape[1], saved.states.shape[2]
    total, gates_panel = part.longest * rows, saved.gates.shape[1] * rows * wide
    for panel in range(part.first, part.last):
        clear(by_bias[panel])
    for start in range(0, total, K_AT_ONCE):
        count = min(K_AT_ONCE, total - start)
        load_block(read, part.saved, rows, start, count, block)
        x = (pointer_of(block), 1, width, count, 1, 0)
        h = (pointer_of(saved.states) + BYTES * start * padded, 1, padded, count, 1, 0)
        for panel in range(part.first, part.last):
            d = pointer_of(saved.gates) + BYTES * (panel * gates_panel + start * wide)
            to_recurrent = pointer_of(by_recurrent) + BYTES * panel * units * narrow
            product(multiply, h, (d, wide), (to_recurrent, narrow), units, start > 0)
            to_kernel = pointer_of(by_kernel) + BYTES * panel * width * narrow
            d_inputs = d + BYTES * (wide - narrow)
            product(multiply, x, (d_inputs, wide), (to_kernel, narrow), width, start > 0)
            bias = by_bias[panel]
            for place in range(start, start + count):
                gate = saved.gates[panel, place // rows, place % rows]
                for j in range(bias.size):
                    bias[j] += gate[j]


@kernel
def input_gradients(
    cell: Any, read: Any, back: Any, part: Any, saved: Any, by_inputs: Any, block: Any
) -> None:
    """Adds the part's rows' gradients with respect to x, d·Wᵀ, to those of `by_inputs`.

    block: (steps at once · rows, width filled up to whole panels)
    """
    _, _, multiply, gates, slots, span = cell
    rows, wide, narrow = part.last - part.first, slots * span, gates * span
    panels, columns, breadth = back.kernel.shape
    steps_at_once, gates_step = block.shape[0] // rows, saved.gates.shape[2] * wide
    gates_panel = saved.gates.shape[1] * gates_step
    at = pointer_of(saved.gates) + BYTES * (part.first * wide + wide - narrow)
    longest = greatest(read.lengths[part.first : part.last])
    for start in range(0, longest, steps_at_once):
        count = min(steps_at_once, longest - start) * rows
        d = (at + BYTES * start * gates_step, wide, 1, narrow, saved.gates.shape[0], gates_panel)
        for panel in range(panels):
            product(
                multiply,
                d,
                (pointer_of(back.kernel) + BYTES * panel * columns * breadth, breadth),
                (pointer_of(block) + BYTES * panel * breadth, block.shape[1]),
                count,
                False,
            )
        add_back(read, part.first, rows, start * rows, count, block, by_inputs)
