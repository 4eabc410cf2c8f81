"""The model of a trained run, loaded without running any code that its file might contain."""

from pathlib import Path
from typing import Any

from rnnbuild.errors import RunError
from rnnbuild.inference.archive.layers import inspect
from rnnbuild.inference.archive.members import HINT, UnsafeArchive, refusal, refuse_missing
from rnnbuild.models import pooling as pooling  # registers the layers that Keras lacks
from rnnbuild.models.framework import keras


def load_model(path: Path) -> Any:
    """The `keras.Sequential` of a `.keras` file, in safe mode, once `archive` has checked it.

    Raises RunError if the file is missing, damaged, or contains anything but a trained model.
    """
    refuse_missing(path)
    try:
        inspect(path)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except UnsafeArchive as error:
        raise refusal(path, error) from None
    # Keras raises whatever its many readers raise; none of it should reach users as a traceback.
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise RunError(
            f"{path} cannot be loaded: {reason[0] if reason else type(error).__name__}", HINT
        ) from error
