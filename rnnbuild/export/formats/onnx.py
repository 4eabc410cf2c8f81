"""An ONNX file, written from the saved weights: native recurrent operators with lengths."""

from pathlib import Path

from rnnbuild.errors import RequestError
from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.inference.model_source import ModelFile

CALLING = """\
```python
import onnxruntime

session = onnxruntime.InferenceSession("model.onnx")
(outputs,) = session.run(None, {session.get_inputs()[0].name: inputs})
```
"""


def write(source: ModelFile, target: Path, steps: int | None) -> None:
    """The ONNX file. Raises RequestError for a layer that ONNX lacks."""
    from rnnbuild.models.graph.model import sequence_graph
    from rnnbuild.models.stored import UnknownLayer

    try:
        content = sequence_graph(source.layers())
    except UnknownLayer as error:
        raise RequestError(
            f"ONNX cannot express the model: {error}",
            "`--to saved-model` and `--to litert` have every layer of rnnbuild",
        ) from None
    target.write_bytes(content)


def write_stream(source: ModelFile, target: Path) -> None:
    """The ONNX file for one step, whose states are inputs and outputs.

    Raises UnknownLayer for a layer that needs the whole sequence.
    """
    from rnnbuild.models.graph.model import step_graph

    target.write_bytes(step_graph(source.layers()))


ONNX = ExportFormat(
    name="onnx",
    title="ONNX",
    model="model.onnx",
    runtime="onnx_runtime",
    packages=("onnxruntime",),
    write=write,
    needs_framework=False,
    write_stream=write_stream,
    calling=CALLING,
    notes=(
        "OpenVINO 2026.4 gives wrong answers without an error for rows that are padded: of a file "
        "with free numbers of rows and steps it ignores the lengths of rows. There, ask for one "
        "row at a time, or fix the shapes first.",
    ),
)
