"""What a model occupies while it trains: the three quantities, each defined here and nowhere else.

All numbers are float32, 4 bytes.

**Weights**: 4 bytes for every parameter, trainable or not.

**Optimizer state**: the sizes of Keras' `optimizer.variables`. That is one slot of 4 bytes per
*trainable* parameter for each vector that the optimizer keeps (`slots_of`), and its scalars
(`scalar_bytes_of`): the step counter (int64, 8 bytes), the learning rate (4 bytes) and Nadam's
running product (4 bytes). A layer that is never trained has no slots; one that is thawed later has
them from then on.

**Activations**: the bytes that the forward pass of *one example* of `input_length` steps must leave
behind so that the backward pass can compute every gradient without computing a forward value
again. In detail:

- A value counts if TensorFlow's derivative of some operation reads it: a matrix product reads its
  input, an element-wise product both factors, an activation its own output where that determines
  the derivative (`derivative_needs`) and otherwise its input. Sums read nothing.
- A value counts once, however many copies a program makes of it, and in the layer that computes
  it: what a layer is given was counted where it was made. So `concat` costs nothing, and an
  embedding's vectors are counted there because the layer above reads them.
- A recurrent layer counts the same values for each of its steps (`Cell.saved`), its new states
  among them. Keras' cells draw the mask of `dropout` once an example and keep the masked input.
- Dropout between layers keeps one byte for each mask bit it draws.
- Below the lowest layer that is trained there are no derivatives, and nothing is held but what that
  layer reads. A layer that is thawed later counts as trained: figures are those of the last epoch.
  A frozen layer above a trained one counts as if it were trained, though without the gradients of
  its weights it could hold less.
- Not counted: the example itself, the mask of padding (a byte a step), statistics that a whole
  batch shares, what the loss keeps, and memory an operation only uses while it runs.

It is a floor: TensorFlow's loops keep some of these values twice.
"""

from rnnbuild.config.schema.training import Optimizer

FLOAT = 4
"""Bytes of a float32."""

COUNTER, SCALAR = 8, 4
"""Bytes of the optimizer's step counter (int64) and of each other scalar (float32)."""

DERIVATIVE_READS_INPUT = frozenset({"gelu", "hard_silu", "hard_swish", "mish", "silu", "swish"})
"""Activations that fall and rise: one output belongs to two inputs with different gradients."""


def derivative_needs(activation: str) -> str:
    """What the derivative of an activation reads: its `output`, its `input`, or `nothing`."""
    if activation == "linear":
        return "nothing"
    return "input" if activation in DERIVATIVE_READS_INPUT else "output"


def slots_of(optimizer: Optimizer) -> int:
    """Numbers the optimizer keeps per trainable parameter (keras/src/optimizers)."""
    match optimizer.name:
        case "sgd":
            return int(optimizer.momentum != 0)
        case "rmsprop":
            return 1 + int(optimizer.momentum > 0) + int(optimizer.centered)
        case "adam" | "adamw":
            return 2 + int(optimizer.amsgrad)
        case "nadam":
            return 2


def scalar_bytes_of(optimizer: Optimizer) -> int:
    """Bytes of what an optimizer keeps once: counter, learning rate, Nadam's running product."""
    return COUNTER + SCALAR * (2 if optimizer.name == "nadam" else 1)
