"""LSTM, in the order of Keras' kernels: input gate i, forget gate f, candidate g, output gate o.

i, f, o = σ(x·W + b + h′·U)    g = tanh(x·W + b + h′·U)    c = f ⊙ c′ + i ⊙ g    h = o ⊙ tanh(c)

Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000.
"""

from typing import Any

from rnnbuild.models.kernels.activations import sigmoid, sigmoid_slope, tanh, tanh_slope
from rnnbuild.models.kernels.functions import inner
from rnnbuild.models.kernels.panels import Layout, gates
from rnnbuild.models.kernels.vectors import LANES, load, store

KIND = 2
STATES = 2
"""h and c."""
GATES, SLOTS = 4, 4
"""Gates of W and U, and numbers saved a unit and step: i, f, g, o."""
SPAN = LANES
"""Units of a panel."""
LAYOUT = Layout(
    SPAN, gates(0, 1, 2, 3), gates(0, 1, 2, 3), (gates(0, 1, 2, 3), gates(-1, -1, -1, -1))
)


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
    i = sigmoid(load(gate, 0) + load(product, 0) + load(bias, 0))
    f = sigmoid(load(gate, SPAN) + load(product, SPAN) + load(bias, SPAN))
    g = tanh(load(gate, 2 * SPAN) + load(product, 2 * SPAN) + load(bias, 2 * SPAN))
    o = sigmoid(load(gate, 3 * SPAN) + load(product, 3 * SPAN) + load(bias, 3 * SPAN))
    c = f * load(memory_before, 0) + i * g
    store(gate, 0, i)
    store(gate, SPAN, f)
    store(gate, 2 * SPAN, g)
    store(gate, 3 * SPAN, o)
    store(memory_after, 0, c)
    store(after, 0, o * tanh(c))


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
    i, f = load(gate, 0), load(gate, SPAN)
    g, o = load(gate, 2 * SPAN), load(gate, 3 * SPAN)
    dh, squashed = load(later, 0), tanh(load(memory_after, 0))  # cheaper again than saved
    dc = load(carry, 0) + dh * o * tanh_slope(squashed)
    store(carry, 0, dc * f)
    store(gate, 0, dc * g * sigmoid_slope(i))
    store(gate, SPAN, dc * load(memory_before, 0) * sigmoid_slope(f))
    store(gate, 2 * SPAN, dc * i * tanh_slope(g))
    store(gate, 3 * SPAN, dh * squashed * sigmoid_slope(o))
