"""SimpleRNN (Elman 1990): h = tanh(x·W + b + h′·U)."""

from typing import Any

from rnnbuild.models.kernels.activations import tanh, tanh_slope
from rnnbuild.models.kernels.functions import inner
from rnnbuild.models.kernels.panels import Layout, gates
from rnnbuild.models.kernels.vectors import LANES, load, store

KIND = 0
STATES = 1
"""Only h."""
GATES, SLOTS = 1, 1
"""One gate, of which the backward pass needs nothing: its slot holds gradients alone."""
SPAN = 2 * LANES
"""Units of a panel: two vectors, since a tile of one adds up slower than it loads."""
LAYOUT = Layout(SPAN, gates(0), gates(0), (gates(0), gates(-1)))


@inner
def forward_step(
    gate: Any,
    product: Any,
    bias: Any,
    before: Any,
    after: Any,
    memory_before: Any,
    memory_after: Any,
) -> None:
    for at in (0, LANES):
        store(after, at, tanh(load(gate, at) + load(product, at) + load(bias, at)))


@inner
def backward_step(
    gate: Any,
    before: Any,
    after: Any,
    memory_before: Any,
    memory_after: Any,
    later: Any,
    carry: Any,
) -> None:
    for at in (0, LANES):
        store(gate, at, load(later, at) * tanh_slope(load(after, at)))
