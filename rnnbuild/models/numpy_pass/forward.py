"""All layers of a stored model in a row."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnbuild.errors import RunError
from rnnbuild.models.numpy_pass.flow import Flow, Stage, State
from rnnbuild.models.numpy_pass.layers import MAKERS
from rnnbuild.models.numpy_pass.recurrent import recurrent_stage
from rnnbuild.models.stored import (
    StoredLayer,
    UnknownLayer,
    computing_layers,
    input_size,
    is_recurrent,
    reads_words,
)


def numpy_pass(layers: Sequence[StoredLayer]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """From a batch's inputs to the head's outputs through the layers of a `keras.Sequential`,
    without dropout, for padding on the right.

    Raises UnknownLayer where one is left to Keras. What it gives raises RunError for inputs that
    the model was not made for: kernels do not look at how far an array reaches.
    """
    flow_of = input_reader(layers)
    stages = stages_of(layers, input_size(layers))

    def forward(inputs: NDArray[Any]) -> NDArray[Any]:
        flow = flow_of(inputs)
        for stage in stages:
            flow = stage.run(flow)
        return flow.values

    return forward


class CarriedPass(NamedTuple):
    """A model that takes a sequence in parts: each from the state that the one before it left.

    resume:  from the inputs of a part, one real step a row at least, and a state, to the head's
             outputs and the state after it
    initial: the state before the first part, of as many rows
    """

    resume: Callable[[NDArray[Any], list[State]], tuple[NDArray[Any], list[State]]]
    initial: Callable[[int], list[State]]


def carried_pass(layers: Sequence[StoredLayer]) -> CarriedPass:
    """As `numpy_pass`, a part of a sequence at a time.

    Raises ValueError where a layer needs the whole sequence: one that reads from the end, one
    that pools it, or a RepeatVector.
    """
    flow_of = input_reader(layers)
    stages = stages_of(layers, input_size(layers))
    if any(stage.resume is None for stage in stages):
        raise ValueError("a layer needs the whole sequence")

    def resume(inputs: NDArray[Any], states: list[State]) -> tuple[NDArray[Any], list[State]]:
        flow, after = flow_of(inputs), []
        for stage, state in zip(stages, states, strict=True):
            assert stage.resume is not None
            flow, last = stage.resume(flow, state)
            after.append(last)
        return flow.values, after

    def initial(rows: int) -> list[State]:
        return [
            [np.zeros((count, rows, units), np.float32) for count, units in stage.states]
            for stage in stages
        ]

    return CarriedPass(resume, initial)


def input_reader(layers: Sequence[StoredLayer]) -> Callable[[NDArray[Any]], Flow]:
    """From a batch's inputs to what the first layer takes."""
    size = input_size(layers)
    fits = words_fit if reads_words(layers) else numbers_fit

    def flow_of(inputs: NDArray[Any]) -> Flow:
        if not fits(inputs, size):
            raise RunError(
                "the model does not accept what the run's vocabulary or columns encode",
                "one of the two files is damaged, or was not written by this run",
            )
        return Flow(inputs, np.full(len(inputs), inputs.shape[1], np.int32))

    return flow_of


def words_fit(ids: NDArray[Any], size: int) -> bool:
    return ids.ndim == 2 and bool(ids.max(initial=0) < size)


def numbers_fit(values: NDArray[Any], size: int) -> bool:
    return values.ndim == 3 and values.shape[2] == size


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
