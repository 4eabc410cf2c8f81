"""TensorFlow and Keras, imported without their noise.

The only place that imports them: `from rnnbuild.models.framework import keras, tf`.
"""

import importlib
import os
from pathlib import Path
from typing import Any

from rnnbuild.dependencies import starting
from rnnbuild.errors import RequestError
from rnnbuild.tensorflow_noise import quiet_import


def import_frameworks() -> tuple[Any, Any]:
    """TensorFlow and Keras on top of it.

    Raises RequestError where one of them cannot be imported, or Keras already runs on another
    backend or computes in another type in this process.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    refuse_missing_flags()
    with quiet_import():
        with starting("TensorFlow", "PROTOCOL_BUFFERS_"):
            tensorflow = importlib.import_module("tensorflow")
        with starting("Keras", "KERAS_MAX_", "KERAS_NNX_"):
            keras = importlib.import_module("keras")
    if keras.backend.backend() != "tensorflow":
        raise RequestError(
            f"Keras runs on {keras.backend.backend()} in this process; rnnbuild needs TensorFlow",
            hint="set KERAS_BACKEND=tensorflow, or import rnnbuild's models before Keras",
        )
    if keras.config.floatx() != "float32":
        raise RequestError(
            f"Keras computes in {keras.config.floatx()} in this process; rnnbuild needs float32",
            hint='keras.config.set_floatx("float32"), or remove `floatx` from keras.json',
        )
    return tensorflow, keras


def refuse_missing_flags() -> None:
    """Raise RequestError for a file of flags that is missing: TensorFlow would end the process."""
    for name in ("TF_XLA_FLAGS", "XLA_FLAGS"):
        flags = os.environ.get(name, "").strip()
        if flags and not flags.startswith("--") and not Path(flags).is_file():
            raise RequestError(
                f"{name} is `{flags}`, which is neither flags nor a file of them",
                f"flags begin with `--`; unset {name} where none are needed",
            )


tf, keras = import_frameworks()

__all__ = ["keras", "tf"]
