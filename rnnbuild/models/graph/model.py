"""All layers of a stored model in a row, as an ONNX file."""

from collections.abc import Sequence

import numpy as np

from rnnbuild.models.graph.flow import Flow
from rnnbuild.models.graph.layers import MAKERS
from rnnbuild.models.graph.writer import Writer
from rnnbuild.models.stored import (
    StoredLayer,
    UnknownLayer,
    computing_layers,
    input_size,
    reads_words,
)

LARGEST = 2**31 - 2**20
"""Bytes of weights: a file of 2 GB or more has its weights elsewhere."""


def sequence_graph(layers: Sequence[StoredLayer]) -> bytes:
    """The ONNX file of a model for whole sequences.

    Input: `tokens` int32 (batch, steps), 0 at the padding, which is on the right; or `series`
    float32 (batch, steps, columns). The name is that of the model's input. Output: `output`
    float32, what the model gives: (batch, units), or (batch, steps, units), whose steps at padding
    mean nothing. Raises UnknownLayer, which names the layer and the argument, where ONNX lacks one.
    """
    graph, free = Writer(), ("batch", "steps")
    given = model_input(graph, layers, free)
    words = reads_words(layers)
    flow = walked(graph, layers, graph.add("Transpose", given, perm=[1, 0] if words else [1, 0, 2]))
    if not flow.steps:
        graph.answer(flow.values, ("batch", flow.width))
    else:
        by_rows = graph.add("Transpose", flow.values, perm=[1, 0, 2])
        graph.answer(by_rows, ("batch", "answered_steps", flow.width))
    return graph.to_bytes()


def step_graph(layers: Sequence[StoredLayer]) -> bytes:
    """The ONNX file of a model for one step of a sequence, which continues those before it.

    Inputs: `tokens` int32 (batch,), without padding, or `series` float32 (batch, columns); then the
    states of each recurrent layer, `LAYER/h` and for an LSTM `LAYER/c`, float32 (1, batch, units),
    zeros before the first step. Outputs: `output` float32 (batch, units), what the model gives for
    the steps up to this one; then the states after it, in the order of the inputs. Raises
    UnknownLayer too where a layer needs steps that are still to come, or all of them at once.
    """
    graph = Writer()
    given = model_input(graph, layers, ("batch",))
    step = graph.add("Unsqueeze", given, graph.axes(0))
    flow = walked(graph, layers, step, carried=True)
    values = flow.values
    if flow.steps:
        values = graph.add("Squeeze", values, graph.axes(0))
    graph.answer(values, ("batch", flow.width))
    return graph.to_bytes()


def model_input(graph: Writer, layers: Sequence[StoredLayer], shape: Sequence[str]) -> str:
    """The graph's first input, ids of words or numbers of a series."""
    size = input_size(layers)
    graph.layer = name = layers[0].name
    if reads_words(layers):
        return graph.input(name, np.int32, shape)
    return graph.input(name, np.float32, (*shape, size))


def walked(
    graph: Writer, layers: Sequence[StoredLayer], values: str, carried: bool = False
) -> Flow:
    """What the last layer gives for the inputs (T, B) or (T, B, columns)."""
    flow, size = Flow(values, input_size(layers), carried=carried), 0
    for layer in computing_layers(layers):
        if layer.kind not in MAKERS:
            raise UnknownLayer(layer, "is of an unknown class")
        size += sum(weight.nbytes for weight in layer.weights.values())
        if size > LARGEST:
            raise UnknownLayer(layer, "makes the weights more than the 2 GB that fit in a file")
        graph.layer = layer.name
        flow = MAKERS[layer.kind](graph, layer, flow)
    return flow
