"""A model one step at a time: its streaming graph, run by onnxruntime."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.graph.session import open_session

Floats = NDArray[np.float32]
Layers = tuple[Floats, ...]
"""What recurrent layers carry from step to step: h, and an LSTM's c, float32 (1, B, units) each."""


class StepModel:
    """Takes the steps of B sequences side by side. What they carry goes in and comes out, so that
    one model may serve any number of streams."""

    def __init__(self, graph: bytes, rows: int) -> None:
        self._session = open_session(graph)
        given, *carried = self._session.get_inputs()
        self._names = [given.name, *(one.name for one in carried)]
        self.initial: Layers = tuple(
            np.zeros((1, rows, one.shape[-1]), np.float32) for one in carried
        )
        """What is carried into the first step."""

    @property
    def carried(self) -> list[str]:
        """The name of each thing that is carried: `LAYER/h`."""
        return self._names[1:]

    def outputs(self, inputs: NDArray[Any], layers: Layers) -> tuple[Floats, Layers]:
        """The head's outputs (B, units) after a step, ids (B,) or numbers (B, columns), and what is
        carried on."""
        given = dict(zip(self._names, (inputs, *layers), strict=True))
        outputs, *after = self._session.run(None, given)
        return outputs, tuple(after)
