"""A trained run's model, loaded without running anything that it might contain."""

from pathlib import Path
from typing import Any

from rnnbuild.errors import RunError
from rnnbuild.models.framework import keras


def load_model(path: Path) -> Any:
    """The `keras.Sequential` of a `.keras` file, in safe mode.

    Raises RunError where the file is missing, damaged, or holds code.
    """
    if not path.is_file():
        raise RunError(
            f"{path} is missing: the run has not ended yet",
            f"continue it: rnnbuild resume {path.parent}",
        )
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    # Keras raises whatever its many readers raise; none of it may reach the user as a traceback.
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise RunError(
            f"{path} cannot be loaded: {reason[0] if reason else type(error).__name__}",
            "it is damaged, or was not written by rnnbuild",
        ) from error
