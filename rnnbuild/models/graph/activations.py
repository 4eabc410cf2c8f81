"""Keras' activations, as operators of their own and inside recurrent operators.

Formulas and constants are Keras' (keras/src/activations/activations.py).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnnbuild.models.graph.writer import Writer


class InOperator(NamedTuple):
    """An activation of ONNX' recurrent operators, with its parameters where it has any."""

    name: str
    alpha: float | None = None
    beta: float | None = None


IN_OPERATORS: Mapping[str, InOperator] = {
    "elu": InOperator("Elu", 1.0),
    "hard_sigmoid": InOperator("HardSigmoid", 1 / 6, 0.5),
    "leaky_relu": InOperator("LeakyRelu", 0.2),
    "linear": InOperator("Affine", 1.0, 0.0),
    "relu": InOperator("Relu"),
    "sigmoid": InOperator("Sigmoid"),
    "softplus": InOperator("Softplus"),
    "softsign": InOperator("Softsign"),
    "sparse_sigmoid": InOperator("HardSigmoid", 0.5, 0.5),
    "tanh": InOperator("Tanh"),
}
"""What a recurrent layer's `activation` and `recurrent_activation` may be."""

Activation = Callable[[Writer, str], str]


def operator(name: str, **attributes: Any) -> Activation:
    return lambda graph, x: graph.add(name, x, **attributes)


def times(factor: Activation) -> Activation:
    """x f(x)."""
    return lambda graph, x: graph.add("Mul", x, factor(graph, x))


def clipped(low: float, high: float) -> Activation:
    def between(graph: Writer, x: str) -> str:
        bounds = graph.weight(np.float32(low)), graph.weight(np.float32(high))
        return graph.add("Clip", x, *bounds)

    return between


def gelu(graph: Writer, x: str) -> str:
    """x (1 + erf(x / √2)) / 2."""
    erf = graph.add("Erf", graph.add("Mul", x, graph.weight(np.float32(0.5**0.5))))
    doubled = graph.add("Mul", x, graph.add("Add", erf, graph.weight(np.float32(1))))
    return graph.add("Mul", doubled, graph.weight(np.float32(0.5)))


def log_sigmoid(graph: Writer, x: str) -> str:
    return graph.add("Neg", graph.add("Softplus", graph.add("Neg", x)))


def tanh_shrink(graph: Writer, x: str) -> str:
    return graph.add("Sub", x, graph.add("Tanh", x))


def squareplus(graph: Writer, x: str) -> str:
    """(x + √(x² + 4)) / 2."""
    square = graph.add("Add", graph.add("Mul", x, x), graph.weight(np.float32(4)))
    doubled = graph.add("Add", x, graph.add("Sqrt", square))
    return graph.add("Mul", doubled, graph.weight(np.float32(0.5)))


def sparse_plus(graph: Writer, x: str) -> str:
    """0 below -1, (x + 1)² / 4 up to 1, x above: the middle one clipped, and what exceeds 1."""
    one = graph.weight(np.float32(1))
    half = graph.add("Add", clipped(-1, 1)(graph, x), one)
    quarter = graph.add("Mul", graph.add("Mul", half, half), graph.weight(np.float32(0.25)))
    return graph.add("Add", quarter, graph.add("Relu", graph.add("Sub", x, one)))


SILU = times(operator("Sigmoid"))
ACTIVATIONS: Mapping[str, Activation] = {
    "celu": operator("Celu", alpha=1.0),
    "elu": operator("Elu", alpha=1.0),
    "exponential": operator("Exp"),
    "gelu": gelu,
    "hard_shrink": operator("Shrink", bias=0.0, lambd=0.5),
    "hard_sigmoid": operator("HardSigmoid", alpha=1 / 6, beta=0.5),
    "hard_silu": operator("HardSwish"),
    "hard_swish": operator("HardSwish"),
    "hard_tanh": clipped(-1, 1),
    "leaky_relu": operator("LeakyRelu", alpha=0.2),
    "linear": lambda graph, x: x,
    "log_sigmoid": log_sigmoid,
    "log_softmax": operator("LogSoftmax", axis=-1),
    "mish": operator("Mish"),
    "relu": operator("Relu"),
    "relu6": clipped(0, 6),
    "selu": operator("Selu"),
    "sigmoid": operator("Sigmoid"),
    "silu": SILU,
    "soft_shrink": operator("Shrink", bias=0.5, lambd=0.5),
    "softmax": operator("Softmax", axis=-1),
    "softplus": operator("Softplus"),
    "softsign": operator("Softsign"),
    "sparse_plus": sparse_plus,
    "sparse_sigmoid": operator("HardSigmoid", alpha=0.5, beta=0.5),
    "squareplus": squareplus,
    "swish": SILU,
    "tanh": operator("Tanh"),
    "tanh_shrink": tanh_shrink,
}
"""What a Dense layer's may be: all of the schema's but `sparsemax`, which has to sort."""
