"""An ONNX file in onnxruntime."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnbuild.export.program.reader import Array


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def forward(inputs: Array) -> Any:
        return session.run(None, {name: inputs})[0]

    return forward
