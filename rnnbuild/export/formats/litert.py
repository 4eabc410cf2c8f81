"""LiteRT, for small devices: one row at a time, padded to a fixed length, built-in operations only.

Keras' own export to LiteRT has a free number of rows, which needs operations that the plain
interpreter lacks: it writes a file, and the interpreter refuses it.
"""

import re
from pathlib import Path
from typing import Any

from rnnbuild.errors import RequestError
from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.inference.model_source import ModelFile

CALLING = """\
```python
from ai_edge_litert.interpreter import Interpreter

interpreter = Interpreter(model_path="model.tflite")
interpreter.allocate_tensors()
interpreter.set_tensor(interpreter.get_input_details()[0]["index"], inputs)
interpreter.invoke()
outputs = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
```
"""
_MISSING = re.compile(r"tf\.(\w+)' op is neither a custom op|(?:Flex|Custom) ops: (\w+)")


def write(source: ModelFile, target: Path, steps: int | None) -> None:
    """The LiteRT file, for one row of `steps` steps.

    Raises RequestError where it needs an operation that LiteRT lacks.
    """
    from rnnbuild.export.formats.trained_model import model_for_any_machine, tensorflow_writing
    from rnnbuild.models.forward import no_masks_drawn

    model = model_for_any_machine(source.keras_model())
    with tensorflow_writing(target), no_masks_drawn(model):
        content = converted(model, steps)
    target.write_bytes(content)


def converted(model: Any, steps: int | None) -> bytes:
    """The file's content: the model as one function of a fixed shape, its weights constants."""
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    from rnnbuild.models.framework import tf

    given = model.inputs[0]
    signature = tf.TensorSpec((1, steps, *given.shape[2:]), given.dtype)
    traced = tf.function(lambda inputs: model(inputs, training=False), autograph=False)
    frozen = convert_variables_to_constants_v2(traced.get_concrete_function(signature))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen], model)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    try:
        content: bytes = converter.convert()
    # The converter's own class derives from Exception, and is in no public module.
    except Exception as error:
        missing = sorted({one or other for one, other in _MISSING.findall(str(error))})
        if not missing:
            raise
        raise RequestError(
            f"LiteRT has no operation {', '.join(missing)}, which the model needs",
            "`--to saved-model` or `--to keras` exports it",
        ) from error
    return content


LITERT = ExportFormat(
    name="litert",
    title="LiteRT (TensorFlow Lite)",
    model="model.tflite",
    runtime="litert_runtime",
    packages=("ai-edge-litert",),
    write=write,
    calling=CALLING,
    extra="litert",
    modules=("ai_edge_litert.interpreter",),
    fixed_length=True,
    notes=("It takes one row at a time, padded to the length above; built-in operations only.",),
)
