"""The Keras model of a run, as it is exported."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rnnbuild.errors import RnnbuildError
from rnnbuild.inference.keras_model import load_model
from rnnbuild.models.framework import quiet_stderr, tf


def model_for_any_machine(path: Path) -> Any:
    """The `keras.Sequential` of a `.keras` file, whose layers use no library of a GPU: traced with
    one, the exported model would not run without. Raises RunError."""
    model = load_model(path)
    for layer in model.layers:
        parts = (layer, *(getattr(layer, f"{way}_layer", None) for way in ("forward", "backward")))
        for part in parts:
            if hasattr(part, "use_cudnn"):
                part.use_cudnn = False
    return model


@contextmanager
def tensorflow_writing(path: Path) -> Iterator[None]:
    """Within, TensorFlow writes a model, without its noise. Raises RnnbuildError where it cannot
    write: its errors are not the system's."""
    try:
        with quiet_stderr():
            yield
    except tf.errors.OpError as error:
        reason = str(error.message).strip().splitlines()[0]
        raise RnnbuildError(f"{path.name} cannot be written: {reason}") from error
