"""A trained run's model, loaded without running anything that its file might contain."""

from pathlib import Path
from typing import Any

from rnnbuild.errors import RunError
from rnnbuild.inference.archive import UnsafeArchive, inspect, refuse_missing
from rnnbuild.models import pooling as pooling  # registers the layers that Keras lacks
from rnnbuild.models.framework import keras

HINT = "it is damaged, or was not written by rnnbuild"


def load_model(path: Path) -> Any:
    """The `keras.Sequential` of a `.keras` file, in safe mode, once `archive` has looked it over.

    Raises RunError where the file is missing, damaged, or holds anything but a trained model.
    """
    refuse_missing(path)
    try:
        inspect(path)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except UnsafeArchive as error:
        raise RunError(f"{path} is not loaded: it {error}", HINT) from None
    # Keras raises whatever its many readers raise; none of it may reach the user as a traceback.
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise RunError(
            f"{path} cannot be loaded: {reason[0] if reason else type(error).__name__}", HINT
        ) from error
