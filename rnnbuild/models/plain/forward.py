"""All layers of a stored model in a row."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.errors import RunError
from rnnbuild.models.plain.layers import MAKERS, NOTHING
from rnnbuild.models.plain.recurrent import RECURRENT, recurrent
from rnnbuild.models.plain.stored import Flow, Step, StoredLayer, UnknownLayer, checked


def plain_pass(layers: Sequence[StoredLayer]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """From a batch's inputs to the head's outputs through the layers of a `keras.Sequential`,
    without dropout, for padding on the right.

    Raises UnknownLayer where one is left to Keras. What it gives raises RunError for inputs that
    the model was not made for: kernels do not look at how far an array reaches.
    """
    size = input_size(layers)
    steps = [step.run for step in steps_of(layers, size)]
    fits = words_fit if layers[1].kind == "Embedding" else numbers_fit

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        if not fits(inputs, size):
            raise RunError(
                "the model does not take what the run's vocabulary, or its columns, make of a row",
                "one of the two files is damaged, or was not written by this run",
            )
        flow = Flow(inputs, np.full(len(inputs), inputs.shape[1], np.int32))
        for step in steps:
            flow = step(flow)
        return flow.values

    return forward


def words_fit(ids: NDArray[Any], size: int) -> bool:
    return ids.ndim == 2 and bool(ids.max(initial=0) < size)


def numbers_fit(values: NDArray[Any], size: int) -> bool:
    return values.ndim == 3 and values.shape[2] == size


def input_size(layers: Sequence[StoredLayer]) -> int:
    """Of how many words a step is one, or how many columns it has."""
    if len(layers) < 2 or layers[0].kind != "InputLayer":
        raise UnknownLayer("a model without an input")
    if layers[1].kind == "Embedding":
        return int(layers[1].config["input_dim"])
    return int(layers[0].config["batch_shape"][2])


def steps_of(layers: Sequence[StoredLayer], width: int) -> list[Step]:
    """What each layer does; an embedding and the recurrent layer behind it are one step."""
    rest = [layer for layer in layers if layer.kind not in NOTHING]
    steps: list[Step] = []
    if len(rest) > 1 and rest[0].kind == "Embedding" and rest[1].kind in RECURRENT:
        steps.append(recurrent(rest[1], rest[0].config["output_dim"], rest[0]))
        rest = rest[2:]
    for layer in rest:
        width = steps[-1].width if steps else width
        if layer.kind in RECURRENT:
            steps.append(recurrent(layer, width))
        elif layer.kind in MAKERS:
            steps.append(MAKERS[layer.kind](checked(layer), width))
        else:
            raise UnknownLayer(layer.kind)
    return steps
