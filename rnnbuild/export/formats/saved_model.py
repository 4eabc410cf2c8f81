"""A TensorFlow SavedModel, whose inputs are ids."""

from pathlib import Path

from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.inference.model_source import ModelFile

CALLING = """\
```python
import tensorflow

model = tensorflow.saved_model.load("saved_model")
outputs = model.serve(inputs)
```
"""


def write(source: ModelFile, target: Path, steps: int | None) -> None:
    """The SavedModel, with free numbers of rows and steps."""
    from rnnbuild.export.formats.trained_model import model_for_any_machine, tensorflow_writing
    from rnnbuild.models.forward import no_masks_drawn

    model = model_for_any_machine(source.keras_model())
    with tensorflow_writing(target), no_masks_drawn(model):
        model.export(target, format="tf_saved_model", verbose=False)


SAVED_MODEL = ExportFormat(
    name="saved-model",
    title="TensorFlow SavedModel",
    model="saved_model",
    runtime="tensorflow_runtime",
    packages=("tensorflow",),
    write=write,
    calling=CALLING,
)
