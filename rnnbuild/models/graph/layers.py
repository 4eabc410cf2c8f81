"""Every kind of layer but the recurrent ones, as it computes outside training."""

from collections.abc import Callable, Mapping

import numpy as np
from onnx import TensorProto

from rnnbuild.models.graph.activations import ACTIVATIONS
from rnnbuild.models.graph.flow import Flow
from rnnbuild.models.graph.recurrent import OPERATORS, recurrent
from rnnbuild.models.graph.writer import Writer
from rnnbuild.models.stored import (
    StoredLayer,
    UnknownLayer,
    factor_and_shift,
    scale_and_center,
    unknown_value,
    vectors_of,
)


def embedding(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    vectors, ids = vectors_of(layer), flow.values
    values = graph.add("Gather", graph.weight(vectors, "vectors"), ids)
    flow = flow._replace(values=values, width=vectors.shape[1])
    if flow.carried:  # each step is real
        return flow
    real = graph.add("Not", graph.add("Equal", ids, graph.weight(np.int32(0))))
    counts = graph.add("Cast", real, to=int(TensorProto.INT32))
    lengths = graph.add("ReduceSum", counts, graph.axes(0), keepdims=0)
    return flow._replace(real=real, lengths=lengths)


def dense(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    name, units = layer.config["activation"], layer.config["units"]
    if name not in ACTIVATIONS:
        raise unknown_value(layer, "activation", name)
    kernel = graph.weight(layer.weight("vars/0", flow.width, units), "W")
    values = graph.add("MatMul", flow.values, kernel)
    if layer.config["use_bias"]:
        values = graph.add("Add", values, graph.weight(layer.weight("vars/1", units), "b"))
    return flow._replace(values=ACTIVATIONS[name](graph, values), width=units)


def layer_normalization(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    scale, center = scale_and_center(layer, flow.width)
    weights = graph.weight(scale, "gamma"), graph.weight(center, "beta")
    epsilon = float(layer.config["epsilon"])
    values = graph.add("LayerNormalization", flow.values, *weights, axis=-1, epsilon=epsilon)
    return flow._replace(values=values)


def batch_normalization(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    factor, shift = factor_and_shift(layer, flow.width)
    scaled = graph.add("Mul", flow.values, graph.weight(factor, "factor"))
    return flow._replace(values=graph.add("Add", scaled, graph.weight(shift, "shift")))


def repeat_vector(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    refuse_step_by_step(layer, flow)
    shape = graph.weight(np.array([layer.config["n"], 1, 1], np.int64), "shape")
    return Flow(graph.add("Expand", flow.values, shape), flow.width)


def mean_pooling(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    refuse_step_by_step(layer, flow)
    if flow.lengths is None:
        return ended(graph, "ReduceMean", flow.values, flow)
    total = ended(graph, "ReduceSum", where_real(graph, flow, flow.values, 0), flow)
    counts = graph.add("Cast", flow.lengths, to=int(TensorProto.FLOAT))
    column = graph.add("Unsqueeze", counts, graph.axes(1))
    return total._replace(values=graph.add("Div", total.values, column))


def max_pooling(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    refuse_step_by_step(layer, flow)
    return ended(graph, "ReduceMax", where_real(graph, flow, flow.values, -np.inf), flow)


def attention_pooling(graph: Writer, layer: StoredLayer, flow: Flow) -> Flow:
    refuse_step_by_step(layer, flow)
    width = flow.width
    kernel = graph.weight(layer.weight("vars/0", width, width), "W")
    bias, context = layer.weight("vars/1", width), layer.weight("vars/2", width, 1)
    summed = graph.add("Add", graph.add("MatMul", flow.values, kernel), graph.weight(bias, "b"))
    agreement = graph.add("MatMul", graph.add("Tanh", summed), graph.weight(context, "c"))
    weights = graph.add("Softmax", where_real(graph, flow, agreement, -np.inf), axis=0)
    return ended(graph, "ReduceSum", graph.add("Mul", weights, flow.values), flow)


def refuse_step_by_step(layer: StoredLayer, flow: Flow) -> None:
    if flow.carried:
        raise UnknownLayer(layer, "needs the whole sequence")


def where_real(graph: Writer, flow: Flow, values: str, padding: float) -> str:
    """The values (T, B, any), and one number in place of those at padding."""
    if flow.real is None:
        return values
    real = graph.add("Unsqueeze", flow.real, graph.axes(2))
    return graph.add("Where", real, values, graph.weight(np.float32(padding)))


def ended(graph: Writer, reduction: str, values: str, flow: Flow) -> Flow:
    """The values (T, B, width) reduced to (B, width)."""
    return Flow(graph.add(reduction, values, graph.axes(0), keepdims=0), flow.width, steps=False)


MAKERS: Mapping[str, Callable[[Writer, StoredLayer, Flow], Flow]] = {
    **dict.fromkeys((*OPERATORS, "Bidirectional"), recurrent),
    "Embedding": embedding,
    "Dense": dense,
    "LayerNormalization": layer_normalization,
    "BatchNormalization": batch_normalization,
    "RepeatVector": repeat_vector,
    "GlobalAveragePooling1D": mean_pooling,
    "MaskedMaxPooling": max_pooling,
    "AttentionPooling": attention_pooling,
}
