"""The model of a trained run, loaded without running any code that its file might contain."""

from pathlib import Path
from typing import Any

from rnnbuild.inference.archive.layers import inspect
from rnnbuild.inference.archive.members import readable, refuse_missing
from rnnbuild.models import pooling as pooling  # registers the layers that Keras lacks
from rnnbuild.models.framework import keras


def load_model(path: Path) -> Any:
    """The `keras.Sequential` of a `.keras` file, in safe mode, once `archive` has checked it.

    Raises RunError if the file is missing, damaged, or contains anything but a trained model.
    """
    refuse_missing(path)
    with readable(path):
        inspect(path)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
