"""An ONNX file in onnxruntime."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.export.program.reader import Array

Floats = Array
Layers = list[Array]
"""What recurrent layers carry from step to step."""


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def forward(inputs: Array) -> Any:
        return session.run(None, {name: inputs})[0]

    return forward


class StepModel:
    """A model that takes a step at a time of sequences side by side, and carries a state."""

    def __init__(self, path: Path):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # A step is too little work for two threads, and one that waits for work uses a CPU.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        given, *states = self._session.get_inputs()
        self._names = [given.name, *(state.name for state in states)]
        self._units = [state.shape[-1] for state in states]

    def initial(self, rows: int) -> Layers:
        """The states before the first step."""
        return [np.zeros((1, rows, units), np.float32) for units in self._units]

    def outputs(self, inputs: Array, states: Layers) -> tuple[Floats, Layers]:
        """The outputs (B, units) after a step, ids (B,) or numbers (B, columns), and the states."""
        given = dict(zip(self._names, (inputs, *states), strict=True))
        outputs, *after = self._session.run(None, given)
        return outputs, after
