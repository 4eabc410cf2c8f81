"""A step of one row's units in a panel, of whichever cell.

Which cell is a number, so that what goes around a step is compiled once for all of them.
"""

from typing import Any

from rnnbuild.models.kernels import gru, lstm, simple_rnn
from rnnbuild.models.kernels.functions import inner


@inner
def forward_step(
    kind: int,
    gate: Any,
    product: Any,
    bias: Any,
    before: Any,
    after: Any,
    memory_before: Any,
    memory_after: Any,
) -> None:
    """One step of one row's units in a panel, by pointers.

    `gate` has x·W and takes the gates, `product` has h′·U, `before` and `after` are h, and
    `memory_…` an LSTM's c.
    """
    if kind == lstm.KIND:
        lstm.forward_step(gate, product, bias, before, after, memory_before, memory_after)
    elif kind == gru.KIND:
        gru.forward_step(gate, product, bias, before, after, memory_before, memory_after)
    else:
        simple_rnn.forward_step(gate, product, bias, before, after, memory_before, memory_after)


@inner
def backward_step(
    kind: int,
    gate: Any,
    before: Any,
    after: Any,
    memory_before: Any,
    memory_after: Any,
    later: Any,
    carry: Any,
) -> None:
    """As `forward_step`, backward: `gate` has the gates and takes the gradients.

    `later` is dL/dh, and `carry` the gradient that reaches a step past U (an LSTM's c, a GRU's z).
    """
    if kind == lstm.KIND:
        lstm.backward_step(gate, before, after, memory_before, memory_after, later, carry)
    elif kind == gru.KIND:
        gru.backward_step(gate, before, after, memory_before, memory_after, later, carry)
    else:
        simple_rnn.backward_step(gate, before, after, memory_before, memory_after, later, carry)
