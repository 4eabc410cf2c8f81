"""TensorFlow and Keras, imported without their noise.

The only place that imports them: `from rnnbuild.models.framework import keras, tf`.
TensorFlow's C++ part writes to file descriptor 2 before any setting of its own is read, so the
descriptor is caught for the length of the import; what is not known noise is passed on afterwards.
Who has set TF_CPP_MIN_LOG_LEVEL below 3 wants TensorFlow's messages and gets them all.
"""

import contextlib
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from rnnbuild.errors import RequestError

# The levels I(nfo) and W(arning) in the format of absl's log, what announces them, and the second
# line of the message on processor features. Errors and fatal messages are not noise.
NOISE = re.compile(
    r"[IW]\d{4} [\d:.]+ +\d+ \S+:\d+\] "
    r"|WARNING: All log messages before absl::InitializeLog\(\)"
    r"|To enable the following instructions: "
)


def without_noise(text: str) -> str:
    """The lines of TensorFlow's output that a user should see."""
    return "".join(line for line in text.splitlines(keepends=True) if not NOISE.match(line))


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Catches file descriptor 2, below Python's `sys.stderr`, and passes on all but noise."""
    try:
        original = os.dup(2)
    except OSError:  # a process without standard error has nothing to quieten
        yield
        return
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(original, 2)
            os.close(original)
            caught.seek(0)
            sys.stderr.write(without_noise(caught.read().decode(errors="replace")))


def import_frameworks() -> tuple[Any, Any]:
    """TensorFlow and Keras on top of it.

    Raises RequestError where Keras already runs on another backend in this process.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    # 3 asks for the fewest messages; a child of a process that has come by here inherits it.
    loud = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3") != "3"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with contextlib.nullcontext() if loud or "tensorflow" in sys.modules else quiet_stderr():
        tensorflow = importlib.import_module("tensorflow")
        keras = importlib.import_module("keras")
    if keras.backend.backend() != "tensorflow":
        raise RequestError(
            f"Keras runs on {keras.backend.backend()} in this process; rnnbuild needs TensorFlow",
            hint="set KERAS_BACKEND=tensorflow, or import rnnbuild's models before Keras",
        )
    return tensorflow, keras


tf, keras = import_frameworks()

__all__ = ["keras", "tf"]
