"""The `.keras` file itself, with the layers that Keras lacks beside it."""

import shutil
from pathlib import Path

from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.inference.model_source import ModelFile

CALLING = """\
```python
import keras

from program.pooling import AttentionPooling, MaskedMaxPooling  # if the model has one of them

model = keras.saving.load_model("model.keras", compile=False)
outputs = model(inputs, training=False)
```
"""


def write(source: ModelFile, target: Path, steps: int | None) -> None:
    """A copy of the run's file."""
    shutil.copyfile(source.path, target)


KERAS = ExportFormat(
    name="keras",
    title="Keras",
    model="model.keras",
    runtime="keras_runtime",
    packages=("keras", "tensorflow"),
    write=write,
    calling=CALLING,
    notes=(
        "Two ways to pool a sequence are not Keras' own: `MaskedMaxPooling` and "
        "`AttentionPooling`. Their source is `program/pooling.py`; importing it registers them "
        "with Keras, which otherwise refuses a model that has one.",
    ),
)
