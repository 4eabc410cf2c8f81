"""All layers of a stored model in a row."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.numpy_pass.flow import Flow, Stage
from rnnbuild.models.numpy_pass.layers import MAKERS
from rnnbuild.models.numpy_pass.recurrent import recurrent_stage
from rnnbuild.models.stored import (
    StoredLayer,
    UnknownLayer,
    check_of_inputs,
    computing_layers,
    input_size,
    is_recurrent,
)


def numpy_pass(layers: Sequence[StoredLayer]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """From a batch's inputs to the head's outputs through the layers of a `keras.Sequential`,
    without dropout, for padding on the right.

    Raises UnknownLayer where one is left to Keras. What it gives raises RunError for inputs that
    the model was not made for: kernels do not look at how far an array reaches.
    """
    check = check_of_inputs(layers)
    stages = stages_of(layers, input_size(layers))

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        rows, steps = check(inputs).shape[:2]
        flow = Flow(inputs, np.full(rows, steps, np.int32))
        for stage in stages:
            flow = stage.run(flow)
        return flow.values

    return forward


def stages_of(layers: Sequence[StoredLayer], width: int) -> list[Stage]:
    """What each layer does; an embedding and the recurrent layer behind it are one stage."""
    rest = computing_layers(layers)
    stages: list[Stage] = []
    if len(rest) > 1 and rest[0].kind == "Embedding" and is_recurrent(rest[1]):
        stages.append(recurrent_stage(rest[1], rest[0].config["output_dim"], rest[0]))
        rest = rest[2:]
    for layer in rest:
        width = stages[-1].width if stages else width
        if is_recurrent(layer):
            stages.append(recurrent_stage(layer, width))
        elif layer.kind in MAKERS:
            stages.append(MAKERS[layer.kind](layer, width))
        else:
            raise UnknownLayer(layer, "is of an unknown class")
    return stages
