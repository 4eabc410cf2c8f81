"""A saved model's forward pass without TensorFlow: by onnxruntime, or by the kernels.

onnxruntime begins at once, and computes a row of text up to four times as fast. The kernels begin
when Numba is loaded and their code read, 0.3 processor seconds later, and compute a thousand rows
1.1 to 2.1 times as fast, on all CPUs at once. So each has the batches that it is faster with.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from numpy.typing import NDArray

from rnnbuild.models.graph.model import sequence_graph
from rnnbuild.models.graph.session import open_session
from rnnbuild.models.stored import StoredLayer, UnknownLayer, check_of_inputs

Forward = Callable[[NDArray[Any]], NDArray[Any]]
SMALL_BATCH = 2048
"""Rows times steps, up to which onnxruntime computes a batch."""
LARGE_MODEL = 1 << 27
"""Bytes of weights, from which the kernels compute everything: they read them where they are, and a
graph is three copies of them."""


def forward_without_framework(layers: Sequence[StoredLayer]) -> Forward:
    """From a batch's inputs to the head's outputs through the layers of a `keras.Sequential`,
    without dropout, for padding on the right.

    Raises UnknownLayer where a layer is left to Keras. What it gives raises RunError for inputs
    that the model was not made for.
    """
    if sum(weight.nbytes for layer in layers for weight in layer.weights.values()) > LARGE_MODEL:
        return in_kernels(layers)
    check, small = check_of_inputs(layers), in_session(sequence_graph(layers))

    @cache
    def large() -> Forward:
        try:
            return in_kernels(layers)
        except UnknownLayer:
            return small

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        rows, steps = check(inputs).shape[:2]
        return (small if rows * steps <= SMALL_BATCH else large())(inputs)

    return forward


def in_session(graph: bytes) -> Forward:
    session = open_session(graph)
    (given,) = session.get_inputs()

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        (outputs,) = session.run(None, {given.name: inputs})
        answers: NDArray[Any] = outputs
        return answers

    return forward


def in_kernels(layers: Sequence[StoredLayer]) -> Forward:
    # Loads Numba.
    from rnnbuild.models.numpy_pass.forward import numpy_pass

    return numpy_pass(layers)
