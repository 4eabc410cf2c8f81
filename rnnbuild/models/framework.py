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
from pathlib import Path
from typing import IO, Any

from rnnbuild.dependencies import starting
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
    with in_memory() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(original, 2)
            os.close(original)
            caught.seek(0)
            sys.stderr.write(without_noise(caught.read().decode(errors="replace")))


def in_memory() -> IO[bytes]:
    """A file for file descriptors, in memory where the system has such: no disk is needed."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("stderr"), "w+b")
    return tempfile.TemporaryFile()


def import_frameworks() -> tuple[Any, Any]:
    """TensorFlow and Keras on top of it.

    Raises RequestError where one of them cannot be imported, or Keras already runs on another
    backend or computes in another type in this process.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    # 3 asks for the fewest messages; a child of a process that has come by here inherits it.
    loud = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3") != "3"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    refuse_missing_flags()
    with contextlib.nullcontext() if loud or "tensorflow" in sys.modules else quiet_stderr():
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
