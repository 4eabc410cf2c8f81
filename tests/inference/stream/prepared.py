"""Streams of models with initial weights, and what Keras gives for a whole sequence."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import rnnbuild
from rnnbuild.config.schema import Config
from rnnbuild.data.kind.codec import Codec
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.inference.stream.stream import Stream, StreamState
from rnnbuild.inference.stream.table import step_reader_of
from rnnbuild.models.build import build_model
from rnnbuild.models.forward import forward_pass_of
from rnnbuild.models.graph.model import step_graph
from rnnbuild.training.setup.prepare import prepare

Outputs = Callable[[Any], Any]

WITHIN = 1e-6
"""Outputs are below 1, and sums of some ten float32 in another order, 2^-24 each."""


def prepared_stream(
    config: Config, folder: Path, data: Path = Path()
) -> tuple[Stream, Codec, Outputs]:
    """A stream, its codec, and the same model in Keras for whole sequences."""
    prepared = prepare(config, data)
    model = build_model(prepared.resolved)
    path = folder / "model.keras"
    model.save(path)
    codec = prepared.data.codec
    reader = step_reader_of(codec)
    assert reader is not None
    graph = step_graph(layers_in_archive(path))
    through = forward_pass_of(model, fused=False)
    stream = Stream(StepModel(graph, reader.rows), reader, "0" * 64)
    return stream, codec, lambda inputs: np.asarray(through(inputs, False))


def outputs_after_each(stream: Stream, lines: list[str]) -> list[Any]:
    """The model's outputs after each step, as no answer rounds them; None where there are none."""
    outputs: list[Any] = []

    class Keeping:
        initial = stream.model.initial

        def outputs(self, inputs: Any, layers: Any) -> Any:
            given, after = stream.model.outputs(inputs, layers)
            outputs.append(given)
            return given, after

    state: StreamState = stream.initial
    keeping: Any = Keeping()
    for line in lines:
        _, state = replace(stream, model=keeping).after(line, state)
    return outputs


def one_way(name: str, **settings: Any) -> Config:
    """A bundled config that reads forward."""
    keys = {"bidirectional": False, **{key.replace("__", "."): settings[key] for key in settings}}
    return rnnbuild.load(name, keys)
