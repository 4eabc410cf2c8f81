"""GRU with `reset_after`, in the order of Keras' kernels: update z, reset r, candidate g.

z, r = σ(x·W + b + h′·U + b′)    g = tanh(x·W_g + b + r ⊙ (h′·U_g + b′))    h = z ⊙ h′ + (1 − z) ⊙ g

Cho et al. 2014, with the reset gate behind the product, as in cuDNN.
"""

from typing import Any

from numba import float32

from rnnbuild.models.kernels.activations import sigmoid, sigmoid_slope, tanh, tanh_slope
from rnnbuild.models.kernels.functions import inner
from rnnbuild.models.kernels.panels import Layout, gates
from rnnbuild.models.kernels.vectors import LANES, every, load, store

KIND = 1
STATES = 1
"""Only h."""
GATES, SLOTS = 3, 4
"""Gates of W and U; numbers saved a unit and step: h′·U_g + b′, then z, r, g. So the gradients with
respect to h′·U are the first three, and those with respect to x·W the last three."""
SPAN = LANES
"""Units of a panel."""
LAYOUT = Layout(SPAN, gates(0, 1, 2), gates(2, 0, 1), (gates(-1, 0, 1, 2), gates(2, 0, 1, -1)))


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
    inside = load(product, 0) + load(bias, 0)
    z = sigmoid(load(gate, SPAN) + load(product, SPAN) + load(bias, SPAN))
    r = sigmoid(load(gate, 2 * SPAN) + load(product, 2 * SPAN) + load(bias, 2 * SPAN))
    g = tanh(load(gate, 3 * SPAN) + load(bias, 3 * SPAN) + r * inside)
    store(gate, 0, inside)
    store(gate, SPAN, z)
    store(gate, 2 * SPAN, r)
    store(gate, 3 * SPAN, g)
    store(after, 0, z * load(before, 0) + (every(float32(1)) - z) * g)


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
    inside, z = load(gate, 0), load(gate, SPAN)
    r, g = load(gate, 2 * SPAN), load(gate, 3 * SPAN)
    dh = load(later, 0) + load(carry, 0)
    dg = dh * (every(float32(1)) - z) * tanh_slope(g)
    store(carry, 0, dh * z)  # h′ is also in h itself, beside U
    store(gate, 0, dg * r)
    store(gate, SPAN, dh * (load(before, 0) - g) * sigmoid_slope(z))
    store(gate, 2 * SPAN, dg * inside * sigmoid_slope(r))
    store(gate, 3 * SPAN, dg)
