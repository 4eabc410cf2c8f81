"""The Keras model of a run, as it is exported."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EIO
from pathlib import Path
from typing import Any

from rnnbuild.models.framework import tf
from rnnbuild.tensorflow_noise import quiet_stderr


def model_for_any_machine(model: Any) -> Any:
    """The `keras.Sequential`, whose layers use no library of a GPU from now on: a model that was
    traced with one does not run without."""
    for layer in model.layers:
        parts = (layer, *(getattr(layer, f"{way}_layer", None) for way in ("forward", "backward")))
        for part in parts:
            if hasattr(part, "use_cudnn"):
                part.use_cudnn = False
    return model


@contextmanager
def tensorflow_writing(path: Path) -> Iterator[None]:
    """Within, TensorFlow writes a model, without its noise. Raises OSError where it cannot write:
    its own errors are not the system's."""
    try:
        with quiet_stderr():
            yield
    except tf.errors.OpError as error:
        # `PATH; No space left on device [Op:SaveV2]`
        reason = str(error.message).strip().rpartition("; ")[2].partition(" [Op:")[0]
        raise OSError(EIO, reason, str(path)) from error
