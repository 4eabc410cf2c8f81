"""TensorFlow and Keras, imported without their noise.

The only place that imports them: `from rnnbuild.models.framework import keras, tf`.
"""

import importlib
import logging
import os
from pathlib import Path
from typing import Any

from rnnbuild.dependencies import starting
from rnnbuild.errors import RequestError
from rnnbuild.tensorflow_noise import quiet_import
from rnnbuild.threads import VARIABLE, stated_threads


def import_frameworks() -> tuple[Any, Any]:
    """TensorFlow and Keras on top of it.

    Raises RequestError where one of them cannot be imported, Keras already runs on another backend
    or computes in another type in this process, or TensorFlow has another number of threads.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    threads = stated_threads()
    refuse_missing_flags()
    with quiet_import():
        with starting("TensorFlow", "PROTOCOL_BUFFERS_"):
            tensorflow = importlib.import_module("tensorflow")
        with starting("Keras", "KERAS_MAX_", "KERAS_NNX_"):
            keras = importlib.import_module("keras")
    # Each model has a forward pass to be traced; TensorFlow takes those of several for one.
    logging.getLogger("tensorflow").addFilter(lambda line: "retracing" not in str(line.msg))
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
    if threads is not None:
        limit_threads(tensorflow, threads)
    return tensorflow, keras


def limit_threads(tensorflow: Any, threads: int) -> None:
    """Raises RequestError where TensorFlow has already started with another number of threads."""
    try:
        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    except RuntimeError:
        raise RequestError(
            f"{VARIABLE} is {threads}, but TensorFlow has already started in this process",
            "import rnnbuild's models before TensorFlow computes anything",
        ) from None


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
