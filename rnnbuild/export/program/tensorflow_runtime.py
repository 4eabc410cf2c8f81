"""A SavedModel in TensorFlow."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rnnbuild.export.program.reader import Array


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow

    model = tensorflow.saved_model.load(str(path))
    return lambda inputs: np.asarray(model.serve(inputs))
