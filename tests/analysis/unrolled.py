"""The TensorFlow graph of a model with its loops unrolled: an authority on costs.

Batch of one, fixed length. Nothing in it is computed by rnnbuild.
"""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from rnnbuild.models.framework import keras, tf


def unrolled(model: Any, steps: int, dtype: str = "float32") -> Any:
    """The same layers and weights, for one example of exactly so many steps, without loops."""
    (given,) = model.inputs
    layers = [keras.Input(batch_shape=(1, steps, *given.shape[2:]), dtype=given.dtype)]
    for layer in model.layers:
        config = layer.get_config()
        directions = [config[key]["config"] for key in ("layer", "backward_layer") if key in config]
        for inner in (config, *directions):
            inner["dtype"] = dtype
            if "return_sequences" in inner:
                inner["unroll"] = True
        layers.append(type(layer).from_config(config))
    copy = keras.Sequential(layers)
    copy.set_weights(model.get_weights())
    return copy


def operations(graph: Any) -> Iterator[Any]:
    """Every operation of a graph and of the functions it calls."""
    yield from graph.get_operations()
    for name in graph._functions:
        yield from operations(graph._get_function(name).graph)


def matmul_multiply_adds(model: Any, steps: int) -> int:
    """The sum over the MatMul nodes of the forward pass of one example."""
    copy = unrolled(model, steps)
    signature = tf.TensorSpec(copy.inputs[0].shape, copy.inputs[0].dtype)
    concrete = tf.function(lambda x: copy(x, training=False)).get_concrete_function(signature)
    total = 0
    for operation in operations(concrete.graph):
        if operation.type in ("MatMul", "BatchMatMulV2"):
            left = operation.inputs[0].shape.as_list()
            if operation.type == "MatMul" and operation.get_attr("transpose_a"):
                left.reverse()
            # (…, m, k) times (…, k, n): one multiply-add per number of the output and per k.
            total += prod(operation.outputs[0].shape.as_list()) * left[-1]
    return total


def values_the_backward_pass_reads(model: Any, steps: int) -> set[float]:
    """Distinct numbers that forward operations make and that gradient operations read.

    Copies of a number are the same number, bit for bit, so they count once. Weights are drawn at
    random in float64, so that different quantities never agree by chance; every step's id is
    another; the loss is some linear function of the output.
    """
    copy = unrolled(model, steps, "float64")
    generator = np.random.default_rng(1)
    copy.set_weights([generator.uniform(-0.5, 0.5, w.shape) for w in copy.get_weights()])
    ids = np.arange(1, steps + 1).reshape(1, steps)
    weights = [weight.value for weight in copy.trainable_weights]

    def step(x: Any) -> list[Any]:
        output = copy(x, training=True)
        forward = set(tf.compat.v1.get_default_graph().get_operations())
        seed = tf.constant(generator.uniform(0.1, 0.9, output.shape))
        return floats_read(tf.gradients(output, weights, seed), forward)

    concrete = tf.function(step).get_concrete_function(tf.TensorSpec((1, steps), tf.int32))
    found = concrete(tf.constant(ids, tf.int32))
    numbers = {float(v) for tensor in found for v in tensor.numpy().ravel()}
    # An embedding's output is a copy of rows of its table, and of none of the other weights.
    tables = {id(layer.embeddings) for layer in copy.layers if hasattr(layer, "embeddings")}
    others = [weight.numpy() for weight in copy.weights if id(weight) not in tables]
    return numbers - {float(v) for array in others for v in array.ravel()} - {0.0, 1.0}


def floats_read(gradients: list[Any], forward: set[Any]) -> list[Any]:
    """Floating-point tensors of forward operations on which the gradients directly depend."""
    tensors, seen = {}, set()
    waiting = [
        (gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient).op
        for gradient in gradients
        if gradient is not None
    ]
    while waiting:
        operation = waiting.pop()
        if operation in seen:
            continue
        seen.add(operation)
        for tensor in operation.inputs:
            if tensor.op not in forward:
                waiting.append(tensor.op)
            elif tensor.dtype.is_floating:
                tensors[tensor.ref()] = tensor
    return list(tensors.values())
